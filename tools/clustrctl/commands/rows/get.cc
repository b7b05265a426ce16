#include <charconv>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/commands/rows/kinds.h"
#include "tools/clustrctl/commands/rows/row_table.h"
#include "tools/clustrctl/print/csv_rows.h"

namespace clustr::ctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kMaxRows = 100;
constexpr char kUsage[] = "clustrctl get KIND ID...";

// The text by which the shop itself names a row of this kind; null if there is none.
const FieldDescriptor* UniqueText(const Descriptor& row) {
  for (int i = 0; i < row.field_count(); ++i) {
    const FieldDescriptor* field = row.field(i);
    const bool is_text = field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    if (is_text && schema::FieldOptions(*field).unique()) return field;
  }
  return nullptr;
}

bool IsNumber(const std::string& text) {
  int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc() && end == text.data() + text.size();
}

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
    int64_t number = 0;
    if (external_ || !IsNumber(id)) {
      CLUSTR_ASSIGN_OR_RETURN(number, IdOf(kind, id, *id_field, context));
    } else {
      CLUSTR_ASSIGN_OR_RETURN(number, ParseInteger(id_field->name(), id, 1));
    }
    const MessagePtr request = NewMessage(type);
    request->GetReflection()->SetInt64(request.get(), id_field, number);
    // The lines of a purchase are what one wants to see of it.
    const FieldDescriptor* lines = type.FindFieldByName("include_sales");
    if (lines != nullptr) request->GetReflection()->SetBool(request.get(), lines, true);
    MessagePtr response = NewMessage(*kind.get()->output_type());
    CLUSTR_RETURN_IF_ERROR(
        CallMethod(context, context.*kind.server, *kind.get(), *request, response.get()));
    return response;
  }

  // Looks the row up by the shop's own id.
  static absl::StatusOr<int64_t> IdOf(const Kind& kind, const std::string& text,
                                      const FieldDescriptor& id_field, const Context& context) {
    const FieldDescriptor* unique = kind.command.empty() ? UniqueText(kind.row()) : nullptr;
    if (unique == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(id_field.name(), ": ", Quoted(text),
                                                     " is not a whole number, and a ", kind.name,
                                                     " has no other id; give for example 42"));
    }
    const MessagePtr request = NewMessage(*kind.list()->input_type());
    const auto& reflection = *request->GetReflection();
    reflection.SetString(
        request.get(), request->GetDescriptor()->FindFieldByName("filter"),
        absl::StrCat(unique->name(), " = \"",
                     absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\""));
    reflection.SetInt32(request.get(), request->GetDescriptor()->FindFieldByName("page_size"), 1);
    const MessagePtr page = NewMessage(*kind.list()->output_type());
    CLUSTR_RETURN_IF_ERROR(
        CallMethod(context, context.*kind.server, *kind.list(), *request, page.get()));
    const FieldDescriptor& rows = kind.rows_field();
    if (page->GetReflection()->FieldSize(*page, &rows) == 0) {
      return absl::NotFoundError(absl::StrCat((context.*kind.server).name, " has no ", kind.name,
                                              " with the ", unique->name(), " ", Quoted(text),
                                              "; `clustrctl list ", kind.name, "` lists them"));
    }
    const Message& row = page->GetReflection()->GetRepeatedMessage(*page, &rows, 0);
    return row.GetReflection()->GetInt64(row, schema::IdField(*row.GetDescriptor()));
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
