#include "tools/clustrctl/flat/flat_report.h"

#include <algorithm>
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

// Sets a list of rows such as {"row": 7, "violations": [{"field": "price", "description": "..."}]}.
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

}  // namespace

void FlatReport::Add(std::string kind, const common::v1::ImportSummary& summary) {
  kinds.push_back({std::move(kind), summary.created_count(), summary.updated_count(),
                   summary.unchanged_count()});
  refused_by_catalog += summary.failed_count();
}

void PrintRows(const std::string& file, const Refusals& rows, const std::string& fate,
               const Context& context) {
  const auto first = rows.First();
  for (const auto& error : first) {
    context.err << file << " row " << error.row() << ":";
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
    SetNumber("row_count", static_cast<double>(report.rows), &object);
    SetNumber("refused_row_count", static_cast<double>(refused.count()), &object);
    SetRows("refused_rows", refused, &object);
    SetNumber("unmatched_return_count", static_cast<double>(unmatched.count()), &object);
    SetRows("unmatched_returns", unmatched, &object);
    SetNumber("extra_line_count", static_cast<double>(report.extra_lines), &object);
    SetNumber("catalog_revision", static_cast<double>(report.catalog_revision), &object);
    context.PrintJson(object);
    return;
  }
  if (!report.kinds.empty()) {
    TextTable table({{"TABLE", Align::kLeft}, {"CREATED"}, {"UPDATED"}, {"UNCHANGED"}});
    for (const auto& kind : report.kinds) {
      table.Add({kind.kind, WithSeparators(kind.created), WithSeparators(kind.updated),
                 WithSeparators(kind.unchanged)});
    }
    table.Print(context.out);
  }
  context.out << WithSeparators(report.rows) << " rows, " << WithSeparators(refused.count())
              << " refused, " << WithSeparators(unmatched.count()) << " unmatched returns, "
              << WithSeparators(static_cast<int64_t>(static_cast<double>(report.rows) /
                                                     std::max(report.seconds, 1e-6)))
              << " rows/s\n";
}

}  // namespace clustr::ctl
