#include "tools/schema_dump/data_model_page.h"

#include <memory>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "tools/schema_dump/comments.h"
#include "tools/schema_dump/models.h"

namespace clustr::schema_dump {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;

namespace {

constexpr char kIntroduction[] = R"(# Data model

<!-- Generated from proto/ by clustr-schema-dump. Renew: cmake --build BUILD --target clustr-renew-schema -->

The `.proto` files and their options (`proto/clustr/options/v1/options.proto`) are the only source of the data model: wire
format, JSON, tables, validation and CSV columns are derived from them. `proto/schema.golden` lists the same together with
the SQL statements.

- An **id** is a number from 1 to 2^53 - 1. It is assigned on create, kept by imports, and never reused.
  An import may give ids up to 2^53 - 1 - 2^40; those above are left for rows that the server numbers.
- **Money** is a `double` on the wire and whole cents in the column `<field>_cents`.
- A **date** is an existing day of the Gregorian calendar, written `YYYY-MM-DD`.
- A **text** has at most 256 code points unless a field says otherwise, and no control characters.
- `optional` fields distinguish absent (NULL) from empty; in all other fields absent means 0 or empty.
- **output only** fields are set in responses and ignored on input; **filled on create** fields are set by the server if a
  create leaves them unset; **import only** fields are set by imports and are output only elsewhere; **personal** fields are
  never written to a log.
- Lists can be filtered and ordered by every field that has a column and is not repeated ([filters.md](filters.md)).
- **unique** fields have distinct values where they are set. They have an index, as **indexed** fields do; a filter by any
  other field reads all rows.
- A **key of** field names the same row as another field, by what the shop calls that row (`external_id`): it may be given
  instead of the id, also as a column of an imported file, and responses have both.
- The CSV file of a model with an id has the name of its table. It has one column, named like the field, for every field that
  is not output only.

To add an optional field, change its `.proto` file: the next start adds the column to the table. A renamed field keeps its
data, since columns are found by field number. The server refuses to start, and names the remedy, if data would be lost or
read differently: if a field was removed but not `reserved`, if its type or presence changed, or if a required field was added
to a table that has rows.
)";

constexpr char kRuleId[] = R"(
## How rule_id is computed

The rule_id is the 64-bit FNV-1a hash of the ASCII text of both sides: product_sku values in decimal, ascending, separated by
commas, with `>` between the sides, for example `1,2>3`. The top bit is cleared, and 0 becomes 1. The id is the same on every
replica and after every restart. Two rules may share an id, so it is not a key.
)";

constexpr char kModelDigest[] = R"(
## How the digest of heuristic-v0 is computed

The digest is the SHA-256 hash of these lines, each with a line feed at its end and numbers in their shortest decimal form:

```
model heuristic-v0
weight.lift 0.25
weight.least_confidence 0.25
weight.support 0.2
weight.jaccard 0.15
weight.mean_confidence 0.15
slope 5
centre 0.5
reference_support 0.001
reference_count 2
```
)";

std::string RuleWords(const FieldDescriptor& field) {
  std::vector<std::string> words;
  for (const Option& option : OptionsSet(schema::FieldOptions(field))) {
    absl::string_view meaning = option.value;
    if (absl::ConsumePrefix(&meaning, "MEANING_")) {
      words.push_back(absl::AsciiStrToLower(absl::StrReplaceAll(meaning, {{"_", " "}})));
    } else {
      words.push_back(absl::StrCat(absl::StrReplaceAll(option.name, {{"_", " "}}),
                                   option.value.empty() ? "" : " ", option.value));
    }
  }
  return absl::StrJoin(words, ", ");
}

std::string Section(const Descriptor& model, const Descriptor& commented) {
  const auto& table = *schema::TableOptions(model);
  std::string text = absl::StrCat(
      "\n## ", model.name(), "\n\n", CommentOf(commented), "\n\n`", model.full_name(), "`, table `",
      table.name(), "`", table.id().empty() ? "" : absl::StrCat(", id `", table.id(), "`"),
      table.cluster_by().empty() ? ""
                                 : absl::StrCat(", stored together by `", table.cluster_by(), "`"),
      ".\n\n| No. | Field | Type | Column | Rules | Meaning |\n"
      "|---|---|---|---|---|---|\n");
  for (int i = 0; i < model.field_count(); ++i) {
    const FieldDescriptor& field = *model.field(i);
    const std::string column = schema::FieldOptions(field).not_stored()
                                   ? ""
                                   : absl::StrCat("`", schema::ColumnName(field), "`");
    absl::StrAppend(&text, "| ", field.number(), " | `", field.name(), "` | ", TypeText(field),
                    " | ", column, " | ", RuleWords(field), " | ",
                    CommentOf(*commented.FindFieldByNumber(field.number())), " |\n");
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> DataModelPage(const std::string& comments) {
  CLUSTR_ASSIGN_OR_RETURN(const auto pool, ReadComments(comments));
  std::string page = kIntroduction;
  for (const Descriptor* model : StoredModels()) {
    const Descriptor* commented = pool->FindMessageTypeByName(model->full_name());
    if (commented == nullptr || commented->field_count() != model->field_count()) {
      return absl::InvalidArgumentError(
          absl::StrCat(comments, " does not contain the current ", model->full_name(),
                       "; add its file to tools/schema_dump/CMakeLists.txt"));
    }
    page += Section(*model, *commented);
  }
  return page + kRuleId + kModelDigest;
}

}  // namespace clustr::schema_dump
