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
format, JSON, tables, validation and CSV columns follow from them. `proto/schema.golden` lists the same with the SQL
statements.

- An **id** is assigned on create, 1 to 2^53 - 1, kept by import, never reused.
- **Money** is a `double` on the wire and whole cents in the column `<field>_cents`.
- A **date** is `YYYY-MM-DD`, Gregorian, existing.
- A **text** has at most 256 code points where nothing else is said, and no control characters.
- `optional` fields know absent (NULL) from empty; in all others absent is 0 or empty.
- **output only** fields are answered and ignored on input; **filled on create** fields are set by the server where a create
  leaves them unset; **import only** fields are given by imports and are output elsewhere; **personal** fields are never
  written to a log.
- Lists can be filtered and ordered by every field that has a column and is not repeated ([filters.md](filters.md)).
- **unique** fields are so where they are set, and have an index as **indexed** ones have; others are found by reading all rows.
- The CSV file of a model that has an id is called as its table; it has a column for every field that is not output only,
  named as the field.

A new optional field is a change of its `.proto` file. At the next start the table gets its column; a renamed field keeps its
column's data, found by the field's number. The start is refused, with the remedy, where data would be lost or read
differently: a field that is gone and not `reserved`, another type or presence, a new required field while there are rows.
)";

constexpr char kRuleId[] = R"(
## How rule_id is computed

FNV-1a with 64 bits over the ASCII text of both sides: product_sku values in decimal, ascending, a comma between them, `>`
between the sides, for example `1,2>3`. The top bit is dropped, and 0 becomes 1. The id is the same on every replica and
after every restart; two rules may share one, so it is no key.
)";

constexpr char kModelDigest[] = R"(
## How the digest of heuristic-v0 is computed

SHA-256 over these lines, each ended by a line feed, numbers in the shortest decimal form:

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
          absl::StrCat(comments, " does not hold the present ", model->full_name(),
                       "; name its file in tools/schema_dump/CMakeLists.txt"));
    }
    page += Section(*model, *commented);
  }
  return page + kRuleId + kModelDigest;
}

}  // namespace clustr::schema_dump
