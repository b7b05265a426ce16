// The command lines of the servers, of clustrctl and of clustr-mine. Arguments are separated by
// bytes 0. Whatever they are, they are read or refused in words.

#include <string>
#include <string_view>
#include <vector>

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "common/rpc/flags.h"
#include "common/schema/text.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"
#include "tools/clustr_mine/options.h"
#include "tools/clustrctl/flags.h"
#include "tools/clustrctl/flat/columns/roles.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::fuzz {
namespace {

void Explained(const absl::Status& status) {
  Check(status.ok() || !status.message().empty(), "a refusal has a text");
}

void CheckServer(const std::vector<std::string>& arguments) {
  const auto flags =
      rpc::Flags::Parse({{"listen", "127.0.0.1:0", ""}, {"max-rules", "7", ""}}, arguments);
  Explained(flags.status());
  if (!flags.ok()) return;
  const auto number = flags->Integer("max-rules", 1, 1'000);
  Explained(number.status());
  Check(!number.ok() || (*number >= 1 && *number <= 1'000), "a number is within its bounds");
}

void CheckClient(const std::vector<std::string>& arguments) {
  bundles::v1::RecommendBundlesRequest request;
  int64_t whole = 0;
  double real = 0;
  bool on = false;
  std::string text;
  ctl::FlagSet flags;
  flags.Text("output", "FORMAT", "", &text);
  flags.Int64("limit", "", &whole);
  flags.Double("lift", "", &real);
  flags.Switch("once", "", &on);
  flags.OptionalValue("flat", "FILE", "", [](std::string_view) { return std::string(); });
  for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
    const auto* field = request.GetDescriptor()->field(i);
    if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (field->name() != "limit") flags.Field("f-" + field->name(), &request, field->name(), "");
  }
  Explained(flags.Parse(arguments).status());
  for (const std::string& argument : arguments) {
    Explained(ctl::AddRowNames(argument, "anchor_skus", &request));
    ctl::ColumnNames names;
    Explained(ctl::ParseColumnNames(argument, &names));
  }
}

void CheckMine(const std::vector<std::string>& arguments) {
  const auto options = mine::ParseOptions({arguments.begin(), arguments.end()});
  Explained(options.status());
  if (!options.ok() || options->help || options->version) return;
  Check(options->threads >= 1, "clustr-mine has a thread");
  Check(options->min_size <= options->max_size, "sizes are in order");
}

void Run(Input input) {
  std::vector<std::string> arguments;
  while (!input.empty()) arguments.push_back(input.Line());
  CheckServer(arguments);
  CheckClient(arguments);
  CheckMine(arguments);
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
