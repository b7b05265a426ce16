#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/commands/rows/kinds.h"
#include "tools/clustrctl/commands/rows/row_table.h"
#include "tools/clustrctl/print/csv_rows.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kMaxRows = 100;
constexpr char kUsage[] = "clustrctl get KIND ID...";

class GetCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Switch("external-id",
                  "takes the arguments for the shop's own ids even if they are numbers; others are "
                  "taken for them anyway",
                  &external_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 2, kMaxRows + 1, kUsage));
    CLUSTR_ASSIGN_OR_RETURN(const Kind* kind, FindKind(arguments[0]));
    std::vector<MessagePtr> answers;
    for (size_t i = 1; i < arguments.size(); ++i) {
      CLUSTR_ASSIGN_OR_RETURN(MessagePtr answer, Get(*kind, arguments[i], context));
      answers.push_back(std::move(answer));
    }
    Print(*kind, answers, context);
    return ExitCode::kOk;
  }

 private:
  absl::StatusOr<MessagePtr> Get(const Kind& kind, const std::string& id,
                                 const Context& context) const {
    const Descriptor& type = *kind.get()->input_type();
    const FieldDescriptor* id_field = type.field(0);
    const MessagePtr request = NewMessage(type);
    if (schema::KeyOf(type, *id_field) != nullptr) {
      const std::string why =
          SetRowName(external_ ? absl::StrCat("@", id) : id, *id_field, request.get());
      if (!why.empty()) return absl::InvalidArgumentError(absl::StrCat(kind.name, ": ", why));
    } else {
      CLUSTR_ASSIGN_OR_RETURN(const int64_t number, ParseInteger(id_field->name(), id, 1));
      request->GetReflection()->SetInt64(request.get(), id_field, number);
    }
    // The lines of a purchase are what one wants to see of it.
    const FieldDescriptor* lines = type.FindFieldByName("include_sales");
    if (lines != nullptr) request->GetReflection()->SetBool(request.get(), lines, true);
    MessagePtr response = NewMessage(*kind.get()->output_type());
    CLUSTR_RETURN_IF_ERROR(
        CallMethod(context, context.*kind.server, *kind.get(), *request, response.get()));
    return response;
  }

  static void Print(const Kind& kind, const std::vector<MessagePtr>& answers,
                    const Context& context) {
    const FieldDescriptor& row_field = kind.row_field();
    if (context.csv) {
      CsvRows rows(&kind.row(), &context.out);
      for (const MessagePtr& answer : answers) {
        rows.Add(answer->GetReflection()->GetMessage(*answer, &row_field));
      }
      return;
    }
    for (const MessagePtr& answer : answers) {
      if (context.json) {
        context.PrintJson(*answer);
        continue;
      }
      if (&answer != &answers.front()) context.out << '\n';
      PrintRow(answer->GetReflection()->GetMessage(*answer, &row_field), context);
      PrintLines(*answer, context);
    }
  }

  // Prints the rows that an answer has besides the one that was asked for.
  static void PrintLines(const Message& answer, const Context& context) {
    const FieldDescriptor* lines = answer.GetDescriptor()->FindFieldByName("sales");
    if (lines == nullptr || !lines->is_repeated()) return;
    std::vector<MessagePtr> rows;
    for (int i = 0; i < answer.GetReflection()->FieldSize(answer, lines); ++i) {
      const Message& line = answer.GetReflection()->GetRepeatedMessage(answer, lines, i);
      rows.emplace_back(line.New());
      rows.back()->CopyFrom(line);
    }
    if (!rows.empty()) context.out << '\n';
    PrintRows(rows, context);
  }

  bool external_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeGetCommand() { return std::make_unique<GetCommand>(); }

}  // namespace clustr::ctl
