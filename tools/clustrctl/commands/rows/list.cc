#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/commands/rows/kinds.h"
#include "tools/clustrctl/commands/rows/row_table.h"
#include "tools/clustrctl/print/csv_rows.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kMaxPageSize = 1000;
constexpr int64_t kMaxRows = 100000;  // The table is held in memory; `export` writes more.

void SetText(const char* field, const std::string& value, Message* request) {
  request->GetReflection()->SetString(request, request->GetDescriptor()->FindFieldByName(field),
                                      value);
}

std::string TextOf(const char* field, const Message& page) {
  return page.GetReflection()->GetString(page, page.GetDescriptor()->FindFieldByName(field));
}

class ListCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Text("filter", "EXPRESSION",
                "only rows that fit, for example 'category = \"Shoes\" AND price < 50'", &filter_,
                "filter");
    flags->Text("order-by", "FIELD [desc],...", "fields to order by; default: the id", &order_by_,
                "order_by");
    flags->Int64("limit",
                 absl::StrCat("number of rows, at most ", WithSeparators(kMaxRows), "; default 50"),
                 &limit_);
    flags->Text("page-token", "TOKEN",
                "continues where an earlier list ended, with its filter and order", &page_token_,
                "page_token");
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 1, 1, "clustrctl list KIND [flags]"));
    CLUSTR_ASSIGN_OR_RETURN(const Kind* kind, FindKind(arguments[0]));
    if (!kind->command.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("`clustrctl ", kind->command, "` lists ",
                                                     kind->plural, "; list takes ",
                                                     KindNames(/*listed_only=*/true)));
    }
    if (limit_ < 1 || limit_ > kMaxRows) {
      return absl::InvalidArgumentError(absl::StrCat("--limit: ", limit_, " is not between 1 and ",
                                                     WithSeparators(kMaxRows),
                                                     "; `clustrctl export` writes all rows"));
    }
    return List(*kind, context);
  }

 private:
  absl::StatusOr<ExitCode> List(const Kind& kind, const Context& context) const {
    const MessagePtr request = NewMessage(*kind.list()->input_type());
    const MessagePtr page = NewMessage(*kind.list()->output_type());
    SetText("filter", filter_, request.get());
    SetText("order_by", order_by_, request.get());
    SetText("page_token", page_token_, request.get());
    std::optional<CsvRows> csv;
    std::vector<MessagePtr> rows;
    int64_t listed = 0;
    std::string next;
    do {
      request->GetReflection()->SetInt32(
          request.get(), request->GetDescriptor()->FindFieldByName("page_size"),
          static_cast<int32_t>(std::min(limit_ - listed, kMaxPageSize)));
      CLUSTR_RETURN_IF_ERROR(
          CallMethod(context, context.*kind.server, *kind.list(), *request, page.get()));
      const FieldDescriptor& field = kind.rows_field();
      if (context.csv && !csv.has_value()) csv.emplace(field.message_type(), &context.out);
      if (context.json) context.PrintJson(*page);
      const int size = page->GetReflection()->FieldSize(*page, &field);
      for (int i = 0; i < size; ++i) {
        const Message& row = page->GetReflection()->GetRepeatedMessage(*page, &field, i);
        if (csv.has_value()) csv->Add(row);
        if (context.json || context.csv) continue;
        rows.emplace_back(row.New());
        rows.back()->CopyFrom(row);
      }
      listed += size;
      next = TextOf("next_page_token", *page);
      SetText("page_token", next, request.get());
    } while (!next.empty() && listed < limit_);
    PrintRows(rows, context);
    if (context.json) return ExitCode::kOk;
    const FieldDescriptor* total = page->GetDescriptor()->FindFieldByName("total_size");
    context.err << WithSeparators(listed) << " of "
                << WithSeparators(page->GetReflection()->GetInt64(*page, total)) << ' '
                << kind.plural
                << (next.empty() ? "" : "; for more, raise --limit or give --page-token=" + next)
                << '\n';
    return ExitCode::kOk;
  }

  std::string filter_;
  std::string order_by_;
  std::string page_token_;
  int64_t limit_ = 50;
};

}  // namespace

std::unique_ptr<Command> MakeListCommand() { return std::make_unique<ListCommand>(); }

}  // namespace clustr::ctl
