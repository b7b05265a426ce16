#include "tools/clustrctl/flat/flat_report.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "google/protobuf/struct.pb.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {

using google::protobuf::ListValue;
using google::protobuf::Struct;

namespace {

void SetNumber(const std::string& name, double value, Struct* object) {
  (*object->mutable_fields())[name].set_number_value(value);
}

// The fates of rows, and how many rows have each. Their sum is the number of rows.
constexpr std::array<std::string_view, 6> kFates = {"stored",    "unchanged", "returned",
                                                    "unmatched", "refused",   "skipped"};
using Account = std::vector<std::pair<std::string_view, int64_t>>;

Account AccountOf(const FlatReport& report, const Refusals& refused, const Refusals& unmatched) {
  return {{kFates[0], report.stored},   {kFates[1], report.unchanged},
          {kFates[2], report.returned}, {kFates[3], unmatched.count()},
          {kFates[4], refused.count()}, {kFates[5], report.skipped}};
}

}  // namespace

void SetRows(const std::string& name, const Refusals& rows, Struct* object) {
  ListValue* list = (*object->mutable_fields())[name].mutable_list_value();
  for (const auto& error : rows.First()) {
    Struct* row = list->add_values()->mutable_struct_value();
    SetNumber("row", static_cast<double>(error.row()), row);
    ListValue* violations = (*row->mutable_fields())["violations"].mutable_list_value();
    for (const auto& violation : error.violations()) {
      auto& fields = *violations->add_values()->mutable_struct_value()->mutable_fields();
      fields["field"].set_string_value(violation.field());
      fields["description"].set_string_value(violation.description());
    }
  }
}

void FlatReport::Add(std::string kind, const common::v1::ImportSummary& summary) {
  kinds.push_back({std::move(kind), summary.created_count(), summary.updated_count(),
                   summary.unchanged_count()});
  refused_by_catalog += summary.failed_count();
}

void PrintRows(const std::string& file, const Refusals& rows, const LineNumbers& lines,
               const std::string& fate, const Context& context) {
  const auto first = rows.First();
  for (const auto& error : first) {
    context.err << file << " row " << error.row();
    const int64_t line = lines.LineOf(error.row());
    if (line != error.row() + 1) context.err << " (line " << line << ")";
    context.err << ":";
    for (const auto& violation : error.violations()) {
      context.err << (&violation == &error.violations(0) ? " " : "; ") << violation.field()
                  << (violation.field().empty() ? "" : ": ") << violation.description();
    }
    context.err << '\n';
  }
  const int64_t more = rows.count() - static_cast<int64_t>(first.size());
  if (more > 0) {
    context.err << file << ": " << WithSeparators(more) << " more rows " << fate << '\n';
  }
}

void PrintReport(const FlatReport& report, const Refusals& refused, const Refusals& unmatched,
                 const Context& context) {
  if (context.json) {
    Struct object;
    for (const auto& kind : report.kinds) {
      Struct* counts = (*object.mutable_fields())[kind.kind].mutable_struct_value();
      SetNumber("created_count", static_cast<double>(kind.created), counts);
      SetNumber("updated_count", static_cast<double>(kind.updated), counts);
      SetNumber("unchanged_count", static_cast<double>(kind.unchanged), counts);
    }
    const Account account = AccountOf(report, refused, unmatched);
    SetNumber("row_count", static_cast<double>(report.rows), &object);
    for (const auto& [name, count] : account) {
      SetNumber(std::string(name) + "_row_count", static_cast<double>(count), &object);
    }
    SetRows("refused_rows", refused, &object);
    SetNumber("unmatched_return_count", static_cast<double>(unmatched.count()), &object);
    SetRows("unmatched_returns", unmatched, &object);
    SetNumber("extra_line_count", static_cast<double>(report.extra_lines), &object);
    SetNumber("removed_line_count", static_cast<double>(report.removed_lines), &object);
    for (const std::string& note : report.notes) {
      (*object.mutable_fields())["notes"].mutable_list_value()->add_values()->set_string_value(
          note);
    }
    SetNumber("catalog_revision", static_cast<double>(report.catalog_revision), &object);
    context.PrintJson(object);
    return;
  }
  if (context.csv) {
    context.out << "table,created_count,updated_count,unchanged_count\n";
    for (const auto& kind : report.kinds) {
      context.out << kind.kind << ',' << kind.created << ',' << kind.updated << ','
                  << kind.unchanged << '\n';
    }
    return;
  }
  if (!report.kinds.empty()) {
    TextTable table({{"TABLE", Align::kLeft}, {"CREATED"}, {"UPDATED"}, {"UNCHANGED"}});
    for (const auto& kind : report.kinds) {
      table.Add({kind.kind, WithSeparators(kind.created), WithSeparators(kind.updated),
                 WithSeparators(kind.unchanged)});
    }
    table.Print(context.out, context.width);
  }
  context.out << Count(report.rows, "row") << " read = ";
  for (const auto& [name, count] : AccountOf(report, refused, unmatched)) {
    if (name != kFates[0]) context.out << " + ";
    context.out << WithSeparators(count) << ' ' << name;
  }
  context.out << '\n';
  if (report.removed_lines > 0) {
    context.out << WithSeparators(report.removed_lines)
                << (report.removed_lines == 1 ? " stored line that the file lacks was removed\n"
                                              : " stored lines that the file lacks were removed\n");
  }
  context.out << Count(report.rows, "row") << ", " << WithSeparators(refused.count())
              << " refused, " << Count(unmatched.count(), "unmatched return") << ", "
              << WithSeparators(static_cast<int64_t>(static_cast<double>(report.rows) /
                                                     std::max(report.seconds, 1e-6)))
              << " rows/s\n";
}

}  // namespace clustr::ctl
