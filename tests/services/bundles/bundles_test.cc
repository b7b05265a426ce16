#include "services/bundles/bundles.h"

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "common/base/errors.h"
#include "common/rpc/flags.h"
#include "common/rpc/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "services/catalog/catalog.h"
#include "tests/services/bundles/test_sales.h"
#include "tests/testing/test_database.h"

namespace clustr::bundles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <class Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// A gRPC server, with its own port, of a program or of the given services.
class Running {
 public:
  Running(std::unique_ptr<rpc::Program> program, std::vector<grpc::Service*> services)
      : program_(std::move(program)) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    if (program_ != nullptr) services = program_->services();
    for (grpc::Service* service : services) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
    channel_ = grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
  }
  ~Running() {
    if (program_ != nullptr) program_->Drain();
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }

  rpc::Program& program() { return *program_; }
  const std::string& address() const { return address_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  std::unique_ptr<rpc::Program> program_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  std::shared_ptr<grpc::Channel> channel_;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    const auto flags = rpc::Flags::Parse(
        catalog::CatalogFlags(), {"--database=sqlite:///" + (folder_ / "catalog.db").string()});
    catalog_ =
        std::make_unique<Running>(*catalog::MakeCatalog(*flags), std::vector<grpc::Service*>());
    sales_server_ = std::make_unique<Running>(nullptr, std::vector<grpc::Service*>{&sales_});
  }
  ~ServerTest() override {
    bundles_.reset();
    sales_server_.reset();
    catalog_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Starts bundles, or restarts it. If `away`, the other two services cannot be reached.
  void Start(bool away = false, const std::string& max_rules = "2000000") {
    bundles_.reset();
    const auto flags = rpc::Flags::Parse(
        BundlesFlags(), {"--database=" + database_.url(), "--max-rules=" + max_rules,
                         "--catalog=" + (away ? "127.0.0.1:1" : catalog_->address()),
                         "--sales=" + (away ? "127.0.0.1:1" : sales_server_->address())});
    auto program = MakeBundles(*flags);
    ASSERT_TRUE(program.ok()) << program.status();
    bundles_ = std::make_unique<Running>(*std::move(program), std::vector<grpc::Service*>());
    rules_ = v1::AssociationRuleService::NewStub(bundles_->channel());
    recommendations_ = v1::RecommendationService::NewStub(bundles_->channel());
  }

  void CreateProduct(const std::string& name, double price) {
    catalog::v1::CreateProductRequest request;
    request.mutable_product()->set_product_name(name);
    request.mutable_product()->set_price(price);
    catalog::v1::CreateProductResponse response;
    grpc::ClientContext context;
    const auto stub = catalog::v1::ProductService::NewStub(catalog_->channel());
    ASSERT_TRUE(stub->CreateProduct(&context, request, &response).ok());
  }

  // Five baskets, three of which hold both 1 and 2. Returns the last revision.
  int64_t FillShop() {
    CreateProduct("Cup", 2);
    CreateProduct("Saucer", 1.5);
    CreateProduct("Pot", 10);
    for (int64_t id = 1; id <= 3; ++id) sales_.Put(id, {1, 2});
    sales_.Put(4, {3});
    return sales_.Put(5, {1, 3});
  }

  template <class Response, class Call, class Request>
  absl::StatusOr<Response> Try(Call call, const Request& request, int deadline_ms = 20'000) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(deadline_ms));
    Response response;
    const grpc::Status status = call(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
  absl::StatusOr<v1::ListAssociationRulesResponse> List(const std::string& text,
                                                        int deadline_ms = 20'000) {
    return List(Parse<v1::ListAssociationRulesRequest>(text), deadline_ms);
  }
  absl::StatusOr<v1::ListAssociationRulesResponse> List(
      const v1::ListAssociationRulesRequest& request, int deadline_ms = 20'000) {
    return Try<v1::ListAssociationRulesResponse>(
        [&](auto... a) { return rules_->ListAssociationRules(a...); }, request, deadline_ms);
  }
  absl::StatusOr<v1::GetAssociationRuleResponse> Get(int64_t rule_id) {
    v1::GetAssociationRuleRequest request;
    request.set_rule_id(rule_id);
    return Try<v1::GetAssociationRuleResponse>(
        [&](auto... a) { return rules_->GetAssociationRule(a...); }, request);
  }
  absl::StatusOr<v1::RecommendBundlesResponse> RecommendBundles(const std::string& text) {
    return Try<v1::RecommendBundlesResponse>(
        [&](auto... a) { return recommendations_->RecommendBundles(a...); },
        Parse<v1::RecommendBundlesRequest>(text));
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / ("bundles_server_" + std::to_string(getpid()));

  testing::TestDatabase database_;  // Of bundles.
  TestSales sales_;
  std::unique_ptr<Running> catalog_;
  std::unique_ptr<Running> sales_server_;
  std::unique_ptr<Running> bundles_;
  std::unique_ptr<v1::AssociationRuleService::Stub> rules_;
  std::unique_ptr<v1::RecommendationService::Stub> recommendations_;
};

TEST_F(ServerTest, CountsWhatSalesHoldsAndWaitsForRevisions) {
  FillShop();
  Start();
  const auto first = List("view: RULE_VIEW_FULL min_sales_revision: 5");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->total_size(), 2);
  EXPECT_EQ(first->provenance().basket_count(), 5);
  EXPECT_EQ(first->provenance().sales_revision(), 5);
  EXPECT_EQ(first->provenance().sales_head_revision(), 5);
  EXPECT_EQ(first->rules(0).count_ab(), 3);
  EXPECT_EQ(first->rules(0).count_a() + first->rules(0).count_b(), 7);
  EXPECT_EQ(first->rules(0).lift(), 1.25);
  EXPECT_EQ(first->rules(0).product_names_size(), 2);

  const int64_t revision = sales_.Put(3, {});
  v1::ListAssociationRulesRequest request;
  request.set_min_sales_revision(revision);
  EXPECT_EQ(List(request)->provenance().basket_count(), 4);

  const auto late = List("min_sales_revision: 99", 100);
  EXPECT_EQ(late.status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(ServerTest, RefusesInputThatNoProtoOptionForbids) {
  Start();
  for (const char* text :
       {"thresholds { min_support: nan }", "order_by: 'price'",
        "antecedent_skus: 1 consequent_skus: [2, 1]", "page_token: 'bm9uc2Vuc2U'"}) {
    EXPECT_EQ(List(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_EQ(ReasonName(ReasonOf(List("page_token: 'bm9uc2Vuc2U'").status())), "PAGE_TOKEN_INVALID");
}

TEST_F(ServerTest, PagesShowOneStateUntilARestart) {
  FillShop();
  Start();
  auto request = Parse<v1::ListAssociationRulesRequest>("page_size: 1 min_sales_revision: 5");
  const auto first = List(request);
  ASSERT_TRUE(first.ok()) << first.status();
  request.set_page_token(first->next_page_token());
  v1::ListAssociationRulesRequest newer;
  newer.set_min_sales_revision(sales_.Put(6, {1, 2}));
  ASSERT_EQ(List(newer)->provenance().basket_count(), 6);
  const auto second = List(request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->rules(0).basket_count(), 5);
  EXPECT_EQ(second->provenance().sales_revision(), 5);
  EXPECT_EQ(second->total_size(), 2);
  EXPECT_EQ(second->next_page_token(), "");

  auto another = request;
  another.set_order_by("support");
  EXPECT_EQ(ReasonName(ReasonOf(List(another).status())), "PAGE_TOKEN_INVALID");
  Start();
  EXPECT_EQ(ReasonName(ReasonOf(List(request).status())), "PAGE_TOKEN_EXPIRED");
}

TEST_F(ServerTest, AListGoesOnAfterARestartIfTheShopIsTheSame) {
  FillShop();
  Start();
  auto request = Parse<v1::ListAssociationRulesRequest>("page_size: 1 min_sales_revision: 5");
  const auto first = List(request);
  ASSERT_TRUE(first.ok()) << first.status();
  request.set_page_token(first->next_page_token());
  const auto second = List(request);
  ASSERT_TRUE(second.ok()) << second.status();
  Start();
  const auto again = List(request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_THAT(again->rules(),
              ElementsAre(::testing::Property(&v1::BundleRule::SerializeAsString,
                                              second->rules(0).SerializeAsString())));
  EXPECT_EQ(again->total_size(), 2);
  EXPECT_EQ(again->next_page_token(), "");
}

TEST_F(ServerTest, UnknownProductsGiveAnEmptyListAndAnUnknownRuleIsNotFound) {
  FillShop();
  Start();
  const auto none = List("antecedent_skus: 777 min_sales_revision: 5");
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_THAT(none->rules(), IsEmpty());
  EXPECT_EQ(none->provenance().basket_count(), 5);
  EXPECT_EQ(ReasonName(ReasonOf(Get(77).status())), "RULE_NOT_FOUND");
  const auto some = List("page_size: 1");
  EXPECT_EQ(Get(some->rules(0).rule_id())->rule().antecedents(0), some->rules(0).antecedents(0));
}

TEST_F(ServerTest, TooManyRulesAreRefusedAndTheFloorIsNotKept) {
  FillShop();
  Start(false, "1");
  const auto refused = List("min_sales_revision: 5 thresholds { min_support: 0.005 }");
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonName(ReasonOf(refused.status())), "RESULT_LIMIT");
  bundles_->program().Drain();
  ops::v1::GetStatusResponse status;
  bundles_->program().AddStatus(&status);
  EXPECT_THAT(status.problems(), ElementsAre(::testing::HasSubstr("--max-rules")));
}

TEST_F(ServerTest, TwoEqualOrdersDoNotTakeTheDefaultRulesAway) {
  FillShop();
  sales_.Put(6, {11, 12, 13});
  sales_.Put(7, {11, 12, 13});  // Alone, these two make 12 rules of support 2/7.
  Start(false, "2");
  const auto list = List("min_sales_revision: 7");
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_EQ(list->total_size(), 2);
  EXPECT_EQ(list->rules(0).count_ab(), 3);
  EXPECT_EQ(list->provenance().min_support(), 3.0 / 7);
  EXPECT_THAT(list->hints(), ElementsAre(::testing::HasSubstr("at least 0.428571"),
                                         ::testing::HasSubstr("some of these rules rest on "
                                                              "fewer than 20 baskets")));
  const auto one = Get(list->rules(0).rule_id());
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->provenance().min_support(), 3.0 / 7);
  EXPECT_EQ(ReasonName(ReasonOf(List("thresholds { min_support: 0.005 }").status())),
            "RESULT_LIMIT");
  EXPECT_FALSE(List("thresholds { min_support: 0.43 }")->provenance().has_min_support());
  bundles_->program().Drain();
  ops::v1::GetStatusResponse status;
  bundles_->program().AddStatus(&status);
  EXPECT_EQ(status.row_counts().at("rules"), 2);
  EXPECT_THAT(status.problems(), ElementsAre(::testing::HasSubstr("from a support of 0.428571")));
}

TEST_F(ServerTest, RestoredFloorAnswersUntilTheOtherServicesAreBack) {
  FillShop();
  Start();
  const auto before = List("min_sales_revision: 5");
  ASSERT_TRUE(before.ok()) << before.status();
  Start(true);
  const auto restored = List("");
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->rules(0).SerializeAsString(), before->rules(0).SerializeAsString());
  EXPECT_EQ(restored->provenance().sales_revision(), 5);
  EXPECT_EQ(restored->provenance().catalog_revision(), before->provenance().catalog_revision());
  EXPECT_EQ(restored->provenance().basket_count(), 5);
  EXPECT_EQ(List("thresholds { min_confidence: 0.9 }")->total_size(), 1);
  EXPECT_EQ(Get(restored->rules(0).rule_id())->rule().count_ab(), 3);

  for (const char* text : {"population { channels: 'Online' }", "thresholds { min_support: 0 }",
                           "min_sales_revision: 6"}) {
    const auto starting = List(text, 200);
    EXPECT_EQ(starting.status().code(), absl::StatusCode::kUnavailable) << text;
    EXPECT_EQ(ReasonName(ReasonOf(starting.status())), "STARTING") << text;
  }
  // Two of the three problems are the other services, which have a second to connect.
  ops::v1::GetStatusResponse status;
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  do {
    status.Clear();
    bundles_->program().AddStatus(&status);
    absl::SleepFor(absl::Milliseconds(20));
  } while (status.problems_size() < 3 && absl::Now() < deadline);
  EXPECT_EQ(status.revision(), 5);
  EXPECT_EQ(status.problems_size(), 3) << status.ShortDebugString();
}

TEST_F(ServerTest, HealthFollowsTheFloorAndTheFirstCatchUp) {
  absl::Mutex mutex;
  std::map<std::string, bool> serving;
  const auto listen = [&] {
    bundles_->program().Started([&](const std::string& service, bool value) {
      absl::MutexLock lock(&mutex);
      serving[service] = value;
    });
  };
  const auto all = [&] {
    return serving[""] && serving[v1::RecommendationService::service_full_name()] &&
           serving[v1::AssociationRuleService::service_full_name()];
  };
  FillShop();
  Start();
  listen();
  {
    absl::MutexLock lock(&mutex);
    EXPECT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&all), absl::Seconds(20)));
  }
  Start(true);
  listen();
  absl::MutexLock lock(&mutex);
  EXPECT_TRUE(serving[v1::AssociationRuleService::service_full_name()]);
  EXPECT_FALSE(serving[v1::RecommendationService::service_full_name()]);
  EXPECT_FALSE(serving[""]);
}

TEST_F(ServerTest, AnotherHistoryOfSalesReplacesTheBaskets) {
  FillShop();
  Start();
  ASSERT_EQ(List("min_sales_revision: 5")->provenance().basket_count(), 5);
  sales_.StartOver();
  for (int64_t id = 11; id <= 16; ++id) sales_.Put(id, {2, 3});
  const auto after = List("min_sales_revision: 6");
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->provenance().basket_count(), 6);
  EXPECT_EQ(after->rules(0).count_ab(), 6);
}

TEST_F(ServerTest, ExplainsSetsThatAreInNoRule) {
  FillShop();
  sales_.Put(6, {1, 2, 3}, 19'100);
  Start();
  const auto explain = [&](const std::string& text) {
    return *Try<v1::ExplainAssociationRuleResponse>(
        [&](auto... a) { return rules_->ExplainAssociationRule(a...); },
        Parse<v1::ExplainAssociationRuleRequest>(text));
  };
  const auto cups = explain("antecedents: 2 consequents: 1 example_count: 3 min_sales_revision: 6");
  EXPECT_EQ(cups.rule().count_ab(), 4);
  EXPECT_THAT(cups.example_transaction_ids(), ElementsAre(6, 3, 2));
  ASSERT_EQ(cups.months_size(), 2);
  EXPECT_EQ(cups.months(0).month(), "2022-01");
  EXPECT_EQ(cups.months(0).count(), 3);
  EXPECT_EQ(cups.months(1).month(), "2022-04");

  const auto unknown = explain("antecedents: [1, 99] consequents: 3");
  EXPECT_EQ(unknown.rule().count_a(), 0);
  EXPECT_EQ(unknown.rule().count_b(), 3);
  EXPECT_EQ(unknown.rule().count_ab(), 0);
  const auto online = explain("antecedents: 1 consequents: 2 population { channels: 'Online' }");
  EXPECT_EQ(online.rule().basket_count(), 3);
  EXPECT_EQ(online.rule().count_ab(), 2);
}

TEST_F(ServerTest, VerifiesItselfWhilePurchasesGoOn) {
  const int64_t revision = FillShop();
  Start();
  auto request =
      Parse<v1::VerifyAssociationRulesRequest>("thresholds { min_lift: 0 min_count: 1 }");
  request.set_min_sales_revision(revision);
  grpc::ClientContext context;
  const auto reader = rules_->VerifyAssociationRules(&context, request);
  for (int64_t id = 100; id < 120; ++id) sales_.Put(id, {1, 2, id % 5 + 1});
  v1::VerifyAssociationRulesResponse message;
  while (reader->Read(&message)) continue;
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_EQ(message.verdict().difference_count(), 0);
  EXPECT_GT(message.verdict().served_rule_count(), 0);
  EXPECT_EQ(message.verdict().served_rule_count(), message.verdict().reference_rule_count());
  EXPECT_GE(message.verdict().sales_revision(), revision);
  EXPECT_GE(message.basket_count(), 5);
  EXPECT_GE(message.baskets_read(), message.basket_count());
  EXPECT_EQ(message.verdict().digest().size(), 64);
}

TEST_F(ServerTest, CallThatNobodyWaitsForStopsTheSearch) {
  // Baskets of 200 products have billions of bundles of five. There are too few of these baskets
  // for a rule of the floor.
  std::vector<int64_t> skus;
  for (int i = 1; i <= 200; ++i) {
    CreateProduct(absl::StrCat("Cup ", i), 1);
    skus.push_back(i);
  }
  for (int64_t id = 1; id <= 20; ++id) sales_.Put(id, skus);
  for (int64_t id = 21; id <= 5'000; ++id) sales_.Put(id, {999});
  Start();
  ASSERT_TRUE(List("min_sales_revision: 5000 min_catalog_revision: 200").ok());
  const absl::Time start = absl::Now();
  v1::RecommendBundlesRequest request;
  request.mutable_constraints()->set_max_items(5);
  request.mutable_constraints()->set_max_overlap(0.2);
  const auto late = Try<v1::RecommendBundlesResponse>(
      [&](auto... a) { return recommendations_->RecommendBundles(a...); }, request, 300);
  EXPECT_EQ(late.status().code(), absl::StatusCode::kDeadlineExceeded);
  // The mining pool is free again, although the search would have taken minutes.
  const auto next = Try<v1::ScoreBundlesResponse>(
      [&](auto... a) { return recommendations_->ScoreBundles(a...); },
      Parse<v1::ScoreBundlesRequest>("bundles { product_skus: [1, 2] }"));
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->recommendations(0).count(), 20);
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST_F(ServerTest, RecommendsProductsThatCatalogKnows) {
  FillShop();
  Start();
  const auto bundles = RecommendBundles("min_sales_revision: 5 min_catalog_revision: 3");
  ASSERT_TRUE(bundles.ok()) << bundles.status();
  ASSERT_EQ(bundles->recommendations_size(), 1);
  EXPECT_THAT(bundles->recommendations(0).bundle(), ElementsAre(1, 2));
  EXPECT_THAT(bundles->recommendations(0).product_names(), ElementsAre("Cup", "Saucer"));
  EXPECT_EQ(bundles->recommendations(0).total_price(), 3.5);
  EXPECT_FALSE(bundles->recommendations(0).has_total_margin());
  EXPECT_EQ(bundles->provenance().model_id(), "heuristic-v0");
  EXPECT_EQ(ReasonName(ReasonOf(RecommendBundles("anchor_skus: 99").status())),
            "PRODUCT_NOT_FOUND");
  EXPECT_EQ(ReasonName(ReasonOf(RecommendBundles("model_id: 'x'").status())), "MODEL_NOT_FOUND");

  const auto products = Try<v1::RecommendProductsResponse>(
      [&](auto... a) { return recommendations_->RecommendProducts(a...); },
      Parse<v1::RecommendProductsRequest>("basket_skus: [2, 99]"));
  ASSERT_TRUE(products.ok()) << products.status();
  ASSERT_EQ(products->recommendations_size(), 2);
  EXPECT_EQ(products->recommendations(0).product_sku(), 1);
  EXPECT_EQ(products->recommendations(0).score(), 1);
  EXPECT_THAT(products->recommendations(0).because_skus(), ElementsAre(2));
  EXPECT_EQ(products->recommendations(1).product_name(), "Pot");
}

}  // namespace
}  // namespace clustr::bundles
