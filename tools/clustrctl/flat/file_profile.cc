#include "tools/clustrctl/flat/file_profile.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/schema/date.h"
#include "google/protobuf/struct.pb.h"
#include "tools/clustrctl/flat/flat_report.h"
#include "tools/clustrctl/print/csv_rows.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {

using google::protobuf::ListValue;
using google::protobuf::Struct;

namespace {

const char* SeparatorName(char separator) {
  switch (separator) {
    case ',':
      return "comma";
    case ';':
      return "semicolon";
    case '\t':
      return "tab";
    case ' ':
      return "blank";
    case '|':
      return "vertical bar";
    default:
      return "as the line sep= says";
  }
}

// Prints one line for all rows with the same fault.
void PrintGroups(const char* title, const Refusals& rows, std::ostream& out) {
  if (rows.count() > 0) out << '\n' << title << '\n';
  for (const auto& group : rows.Groups()) {
    out << WithSeparators(group.count) << (group.count == 1 ? " row, " : " rows, the first is ")
        << "row " << WithSeparators(group.first_row) << ": " << group.field
        << (group.field.empty() ? "" : ": ") << group.description << '\n';
  }
}

void SetText(const std::string& name, const std::string& value, Struct* object) {
  (*object->mutable_fields())[name].set_string_value(value);
}

}  // namespace

FileProfile::FileProfile(const OrderFile& file, const OrderBook& book, const Refusals& refused)
    : file_(file), book_(book), refused_(refused) {
  CountOrders();
  DescribeColumns();
}

void FileProfile::CountOrders() {
  int64_t orders = 0;
  int64_t lines = 0;
  bool guests = false;
  int32_t first_day = INT32_MAX;
  int32_t last_day = INT32_MIN;
  for (const FlatOrder& order : book_.orders) {
    if (order.lines.empty()) continue;
    ++orders;
    lines += static_cast<int64_t>(order.lines.size());
    guests = guests || order.customer == CodeBook::kNone;
    first_day = std::min(first_day, order.day);
    last_day = std::max(last_day, order.day);
  }
  const auto count = [](const auto& entries) {
    return std::count_if(entries.begin(), entries.end(),
                         [](const auto& entry) { return entry.first_row != 0; });
  };
  figures_ = {{"rows", WithSeparators(book_.rows)},
              {"lines", WithSeparators(lines)},
              {"returns", WithSeparators(static_cast<int64_t>(book_.returns.size()))},
              {"skipped", WithSeparators(book_.skipped())},
              {"orders", WithSeparators(orders)},
              {"customers",
               absl::StrCat(WithSeparators(count(book_.customers)), guests ? " and guests" : "")},
              {"products", WithSeparators(count(book_.products))},
              {"days", orders == 0 ? "none"
                                   : absl::StrCat(schema::DateText(first_day), " to ",
                                                  schema::DateText(last_day))},
              {"currency", file_.currency().empty() ? "not named" : file_.currency()},
              {"separator", SeparatorName(file_.separator())}};
  if (!file_.columns().preset().empty()) figures_.emplace_back("form", file_.columns().preset());
}

void FileProfile::Compare(const StoredComparison& comparison) {
  comparison_ = &comparison;
  if (!comparison.why_not.empty()) {
    figures_.emplace_back("stored", absl::StrCat("not compared, since ", comparison.why_not));
    return;
  }
  std::string orders = absl::StrCat("orders: ", WithSeparators(comparison.unchanged),
                                    " unchanged, ", WithSeparators(comparison.changed),
                                    " to be changed, ", WithSeparators(comparison.fresh), " new, ",
                                    WithSeparators(comparison.refused), " refused");
  if (!book_.returns.empty()) {
    absl::StrAppend(&orders, "; returns: ", WithSeparators(comparison.returns.unchanged),
                    " unchanged, ", WithSeparators(comparison.returns.registered), " new, ",
                    WithSeparators(comparison.returns.unmatched.count()), " unmatched");
  }
  figures_.emplace_back("stored", std::move(orders));
}

std::string FileProfile::ReadingOf(Role role) const {
  const Conventions& conventions = file_.conventions();
  const auto mark = [](DecimalMark mark) {
    return mark == DecimalMark::kDot ? "decimal dot" : "decimal comma";
  };
  switch (role) {
    case Role::kDate:
      if (!conventions.day_order.has_value()) return "as written";
      switch (*conventions.day_order) {
        case DayOrder::kDayFirst:
          return "day, month, year";
        case DayOrder::kMonthFirst:
          return "month, day, year";
        case DayOrder::kYearFirst:
          return "year, month, day";
      }
      return "";
    case Role::kQuantity:
      return mark(conventions.marks.quantity);
    case Role::kPrice:
      return mark(conventions.marks.price);
    case Role::kTotal:
      return mark(conventions.marks.total);
    case Role::kOrder:
      return conventions.order_stands_once ? "on the first row only" : "";
    default:
      return "";
  }
}

void FileProfile::DescribeColumns() {
  for (size_t i = 0; i < kRoleCount; ++i) {
    const Role role = static_cast<Role>(i);
    const bool is_key = role == Role::kOrder && !file_.columns().order_key().empty();
    if (!file_.columns().Has(role) && !is_key) continue;
    columns_.push_back({RoleName(role), file_.columns().Name(role), ReadingOf(role),
                        absl::StrJoin(file_.survey().Examples(role), ", ")});
  }
}

void FileProfile::Print(const Context& context) const {
  std::ostream& out = context.out;
  if (context.csv) {
    out << "role,column,read_as,examples\n";
    for (const Column& column : columns_) {
      out << column.role << ',' << CsvTextCell(column.name) << ',' << CsvTextCell(column.reading)
          << ',' << CsvTextCell(column.examples) << '\n';
    }
    return;
  }
  TextTable figures({{"FILE", Align::kLeft}, {"", Align::kLeft}});
  for (const auto& [name, value] : figures_) figures.Add({name, value});
  figures.Add({"refused", WithSeparators(refused_.count())});
  figures.Print(out, context.width);
  out << '\n';
  TextTable columns({{"ROLE", Align::kLeft},
                     {"COLUMN", Align::kLeft},
                     {"READ AS", Align::kLeft},
                     {"EXAMPLES", Align::kLeft}});
  for (const Column& column : columns_) {
    columns.Add({column.role, column.name, column.reading, column.examples});
  }
  columns.Print(out, context.width);
  PrintGroups("REFUSED", refused_, out);
  if (comparison_ != nullptr) PrintGroups("UNMATCHED RETURNS", comparison_->returns.unmatched, out);
  out << Count(book_.rows, "row") << ", " << WithSeparators(refused_.count())
      << " refused; nothing was sent\n";
}

void FileProfile::PrintJson(const std::vector<std::string>& notes, const Context& context) const {
  Struct object;
  auto& fields = *object.mutable_fields();
  fields["row_count"].set_number_value(static_cast<double>(book_.rows));
  fields["refused_row_count"].set_number_value(static_cast<double>(refused_.count()));
  fields["skipped_row_count"].set_number_value(static_cast<double>(book_.skipped()));
  SetRows("refused_rows", refused_, &object);
  Struct* figures = fields["file"].mutable_struct_value();
  for (const auto& [name, value] : figures_) SetText(name, value, figures);
  SetText("refused", WithSeparators(refused_.count()), figures);
  if (comparison_ != nullptr && comparison_->why_not.empty()) {
    auto& stored = *fields["stored"].mutable_struct_value()->mutable_fields();
    const auto set = [&](const char* name, int64_t count) {
      stored[name].set_number_value(static_cast<double>(count));
    };
    set("unchanged_order_count", comparison_->unchanged);
    set("changed_order_count", comparison_->changed);
    set("new_order_count", comparison_->fresh);
    set("refused_order_count", comparison_->refused);
    set("unchanged_return_count", comparison_->returns.unchanged);
    set("new_return_count", comparison_->returns.registered);
    set("unmatched_return_count", comparison_->returns.unmatched.count());
    SetRows("unmatched_returns", comparison_->returns.unmatched, &object);
  }
  ListValue* columns = fields["columns"].mutable_list_value();
  for (const Column& column : columns_) {
    Struct* entry = columns->add_values()->mutable_struct_value();
    SetText("role", column.role, entry);
    SetText("column", column.name, entry);
    SetText("read_as", column.reading, entry);
    SetText("examples", column.examples, entry);
  }
  ListValue* groups = fields["refused"].mutable_list_value();
  for (const auto& group : refused_.Groups()) {
    Struct* entry = groups->add_values()->mutable_struct_value();
    (*entry->mutable_fields())["count"].set_number_value(static_cast<double>(group.count));
    (*entry->mutable_fields())["first_row"].set_number_value(static_cast<double>(group.first_row));
    SetText("field", group.field, entry);
    SetText("description", group.description, entry);
  }
  ListValue* texts = fields["notes"].mutable_list_value();
  for (const std::string& note : notes) texts->add_values()->set_string_value(note);
  context.PrintJson(object);
}

}  // namespace clustr::ctl
