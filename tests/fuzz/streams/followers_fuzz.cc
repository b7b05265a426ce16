// The followers of sales and bundles behind real connections. An upstream sends any messages and
// bytes; then calls of any method must be answered by the contract, and a server that is told to
// stop must stop. Then the upstream is honest: both servers must reach its state, and bundles must
// answer as it did in an honest world from the start.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "google/protobuf/stubs/logging.h"
#include "services/bundles/bundles.h"
#include "tests/fuzz/calls/any_call.h"
#include "tests/fuzz/calls/call_rules.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/streams/scripted_upstream.h"
#include "tests/fuzz/streams/stream_messages.h"
#include "tests/testing/sales_server.h"

namespace clustr::fuzz {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);

ops::v1::GetStatusResponse StatusOf(testing::ProgramServer& server) {
  ops::v1::GetStatusResponse status;
  server.program().AddStatus(&status);
  return status;
}

class World {
 public:
  World() {
    BeHonest();
    honest_rules_ = Rules();
  }

  // Sends what the input says, on new streams.
  void Lie(Input& input, MessageMaker& maker) {
    Script sales{{}, input.OneIn(2)};
    Script catalog{{}, input.OneIn(2)};
    for (size_t count = 1 + input.Below(3); count > 0; --count) {
      sales.messages.push_back(
          Bytes(input, AnyMessage<sales::v1::StreamSalesResponse>(input, maker)));
    }
    for (size_t count = 1 + input.Below(3); count > 0; --count) {
      catalog.messages.push_back(
          Bytes(input, AnyMessage<catalog::v1::StreamCatalogResponse>(input, maker)));
    }
    Play(std::move(sales), std::move(catalog));
  }

  void Call(Input& input, MessageMaker& maker) {
    static const auto* const methods =
        new std::vector<const google::protobuf::MethodDescriptor*>[2] {
          MethodsOf("clustr.bundles.v1"), MethodsOf("clustr.sales.v1")
        };
    const size_t side = input.Below(2);
    const CallRules rules((side == 0 ? bundles_ : sales_.server()).channel(),
                          [] { return std::vector<int64_t>(); });
    rules.Call(NextRequests(methods[side], &input, &maker), &maker);
  }

  void Restart(size_t side) { (side == 0 ? bundles_ : sales_.server()).Restart(); }

  // Makes the upstream honest, and fails unless the followers come to its state.
  void BeHonest() {
    const sales::v1::StreamSalesResponse sales = HonestSales();
    const catalog::v1::StreamCatalogResponse catalog = HonestCatalog();
    Play({{sales.SerializeAsString()}, /*starts_over=*/true, /*ends=*/false, sales.store_id()},
         {{catalog.SerializeAsString()}, /*starts_over=*/true, /*ends=*/false, catalog.store_id()});
    const absl::Time end = absl::Now() + kPatience;
    while (!Recovered()) {
      if (absl::Now() > end) {
        Fail(absl::StrCat(
            "followers stay behind an honest upstream: ", StatusOf(bundles_).ShortDebugString(),
            " / ", StatusOf(sales_.server()).ShortDebugString()));
      }
      absl::SleepFor(absl::Milliseconds(1));
    }
  }

  void CheckRules() {
    const std::string rules = Rules();
    Check(rules == honest_rules_, "honest rules are served", rules);
  }

 private:
  static std::string Bytes(Input& input, const google::protobuf::Message& message) {
    std::string bytes = message.SerializeAsString();
    if (!bytes.empty() && input.OneIn(8))
      bytes[input.Below(bytes.size() % 256 + 1) % bytes.size()] ^= 1;
    if (input.OneIn(16)) bytes = input.Bytes(64);
    return bytes;
  }

  void Play(Script sales, Script catalog) {
    upstream_.sales().Play(std::move(sales));
    upstream_.catalog().Play(std::move(catalog));
    Check(upstream_.sales().AwaitPlayed(1, kPatience) &&
              upstream_.catalog().AwaitPlayed(2, kPatience),
          "followers read their streams");
  }

  static bool Holds(const ops::v1::GetStatusResponse& status, const char* name, int64_t revision) {
    for (const ops::v1::Upstream& upstream : status.upstreams()) {
      if (upstream.name() != name) continue;
      return upstream.connected() && upstream.applied_revision() == revision &&
             upstream.head_revision() == revision;
    }
    return false;
  }

  // That an upstream went back in its history is reported until the server is started again.
  static bool HasNoProblem(const ops::v1::GetStatusResponse& status) {
    return std::all_of(
        status.problems().begin(), status.problems().end(),
        [](const std::string& problem) { return absl::StartsWith(problem, "the history of "); });
  }

  bool Recovered() {
    const ops::v1::GetStatusResponse bundles = StatusOf(bundles_);
    const ops::v1::GetStatusResponse sales = StatusOf(sales_.server());
    const auto baskets = bundles.row_counts().find("baskets");
    return Holds(bundles, "sales", 3) && Holds(bundles, "catalog", 4) &&
           Holds(sales, "catalog", 4) && HasNoProblem(bundles) && HasNoProblem(sales) &&
           baskets != bundles.row_counts().end() && baskets->second == 3;
  }

  // The rules that bundles serves, without what depends on time.
  std::string Rules() {
    bundles::v1::ListAssociationRulesRequest request;
    request.mutable_thresholds()->set_min_lift(0);
    request.mutable_thresholds()->set_min_count(1);
    request.set_min_sales_revision(3);
    const auto* const service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            "clustr.bundles.v1.AssociationRuleService");
    const Answer answer =
        Ask(bundles_.channel(), *service->FindMethodByName("ListAssociationRules"),
            {request.SerializeAsString()});
    Check(answer.status.ok(), "rules are listed", answer.status.ToString());
    bundles::v1::ListAssociationRulesResponse response;
    response.CopyFrom(*answer.messages[0]);
    response.clear_provenance();
    response.clear_next_page_token();
    return response.ShortDebugString();
  }

  ScriptedUpstream upstream_;
  testing::SalesServer sales_{upstream_.address()};
  const testing::TempFolder folder_;
  testing::ProgramServer bundles_{[this] {
    return bundles::MakeBundles(
        *rpc::Flags::Parse(bundles::BundlesFlags(),
                           {"--database=" + folder_.DatabaseUrl("bundles.db"), "--max-rules=10000",
                            "--catalog=" + upstream_.address(), "--sales=" + upstream_.address()}));
  }};
  std::string honest_rules_;
};

void Run(Input input) {
  google::protobuf::SetLogHandler(nullptr);  // It reports each text that is not UTF-8.
  static World world;                        // Destroyed at the end of the program, with its files.
  MessageMaker maker(&input);
  world.Lie(input, maker);
  for (int calls = 0; calls < 3 && (calls == 0 || !input.empty()); ++calls) {
    world.Call(input, maker);
  }
  if (input.OneIn(8)) world.Restart(input.Below(2));
  world.BeHonest();
  world.CheckRules();
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
