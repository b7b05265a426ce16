#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/client_context.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/files/line_reader.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/progress.h"

namespace clustr::ctl {
namespace {

using bundles::v1::AssociationRuleService;
using bundles::v1::ImportRulesRequest;
using bundles::v1::ImportRulesResponse;

constexpr int kRulesPerMessage = 1000;
constexpr int kShownErrors = 20;

class ImportRulesCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Text("name", "NAME", "name of the rule set; default: the name in the file", &name_);
    flags->Switch("validate-only", "checks everything and stores nothing", &validate_only_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 1, 1, "clustrctl import-rules FILE"));
    CLUSTR_ASSIGN_OR_RETURN(LineReader lines, LineReader::Open(arguments[0]));
    ImportRulesResponse response;
    CLUSTR_RETURN_IF_ERROR(Send(&lines, context, &response));
    if (!context.Print(response, "")) Describe(response, context);
    for (int i = 0; i < std::min(response.errors_size(), kShownErrors); ++i) {
      const auto& error = response.errors(i);
      context.err << arguments[0] << " rule " << error.row() << ":";
      for (const auto& violation : error.violations()) {
        context.err << ' ' << violation.field() << (violation.field().empty() ? "" : ": ")
                    << violation.description() << ';';
      }
      context.err << '\n';
    }
    return response.failed_count() > 0 ? ExitCode::kRowsFailedOrDiffers : ExitCode::kOk;
  }

 private:
  absl::Status Send(LineReader* lines, const Context& context, ImportRulesResponse* response) {
    ImportRulesRequest request;
    CLUSTR_ASSIGN_OR_RETURN(const bool has_header, Parse(lines, request.mutable_header()));
    if (!has_header) {
      return absl::FailedPreconditionError(
          absl::StrCat(lines->path(), ": is empty; its first line is the header of a rule set"));
    }
    if (!name_.empty()) request.mutable_header()->set_name(name_);
    request.mutable_header()->set_validate_only(validate_only_);
    const auto total = static_cast<double>(request.header().rule_count());
    const auto stub = AssociationRuleService::NewStub(context.bundles.channel);
    Progress progress("rules");
    grpc::ClientContext call;
    const auto stream = stub->ImportRules(&call, response);
    int64_t sent = 0;
    for (bool more = true; more;) {
      while (more && request.rules_size() < kRulesPerMessage) {
        const absl::StatusOr<bool> parsed = Parse(lines, request.add_rules());
        if (!parsed.ok()) {
          call.TryCancel();
          (void)stream->Finish();
          return parsed.status();
        }
        more = *parsed;
        if (!more) request.mutable_rules()->RemoveLast();
      }
      sent += request.rules_size();
      progress.Update(sent, total > 0 ? std::min(1.0, static_cast<double>(sent) / total) : -1);
      if (!stream->Write(request)) break;
      request.Clear();
    }
    stream->WritesDone();
    return ServiceError(context.bundles, stream->Finish());
  }

  // Reads the next line into the message. False at the end of the file.
  static absl::StatusOr<bool> Parse(LineReader* lines, google::protobuf::Message* message) {
    std::string line;
    CLUSTR_ASSIGN_OR_RETURN(const bool found, lines->Next(&line));
    if (!found) return false;
    const auto parsed = google::protobuf::util::JsonStringToMessage(line, message);
    if (parsed.ok()) return true;
    return absl::FailedPreconditionError(absl::StrCat(lines->path(), " line ", lines->line(),
                                                      ": is no ", message->GetDescriptor()->name(),
                                                      " in JSON: ", parsed.ToString()));
  }

  void Describe(const ImportRulesResponse& response, const Context& context) const {
    if (!response.has_rule_set()) {
      context.out << "no rule was accepted, so nothing is stored\n";
      return;
    }
    const auto& set = response.rule_set();
    context.out << WithSeparators(set.rule_count()) << " rules "
                << (validate_only_ ? "could be" : "are") << " stored as " << set.name()
                << (response.replayed() ? ", as they were before" : "") << "; "
                << WithSeparators(response.failed_count()) << " were refused\n";
  }

  std::string name_;
  bool validate_only_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeImportRulesCommand() { return std::make_unique<ImportRulesCommand>(); }

}  // namespace clustr::ctl
