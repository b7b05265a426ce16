#include "tools/clustrctl/flat/book/code_book.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/importing/utf8.h"
#include "common/schema/annotations.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/composed.h"
#include "tools/clustrctl/flat/values/entities.h"

namespace clustr::ctl {

using google::protobuf::FieldDescriptor;
using google::protobuf::MessageFactory;

namespace {

constexpr size_t kDefaultMaxLength = 256;
constexpr char kEllipsis[] = "\xE2\x80\xA6";

size_t MaxLength(const FieldDescriptor& field) {
  const auto max_length = static_cast<size_t>(schema::FieldOptions(field).max_length());
  return max_length == 0 ? kDefaultMaxLength : max_length;
}

}  // namespace

CodeBook::CodeBook(const FieldDescriptor& field, Kind kind)
    : field_(field),
      kind_(kind),
      validator_(*field.containing_type()),
      row_(MessageFactory::generated_factory()->GetPrototype(field.containing_type())->New()) {}

uint32_t CodeBook::Add(std::string_view cell, Notes* notes) {
  if (cell.empty()) return kNone;
  const auto known = numbers_.find(absl::string_view(cell.data(), cell.size()));
  if (known != numbers_.end()) return known->second;
  std::string text = Clean(cell, notes);
  uint32_t number = kNone;
  if (!text.empty()) {
    number = Find(text);
    if (number == kNone) number = AddNew(std::move(text), notes);
  }
  const bool as_written = number != kNone && entries_[number].text == cell;
  if (!as_written) numbers_.emplace(aliases_.emplace_back(cell), number);
  return number;
}

uint32_t CodeBook::AddNew(std::string text, Notes* notes) {
  Entry& entry = entries_.emplace_back();
  entry.text = std::move(text);
  Check(&entry, notes);
  const uint32_t number = size() - 1;
  numbers_.emplace(entry.text, number);
  return number;
}

// What the cell says, on one line and in UTF-8; empty if it says nothing.
std::string CodeBook::Clean(std::string_view cell, Notes* notes) const {
  bool legacy = false;
  std::string text(Trimmed(Utf8Text(Trimmed(cell), &legacy)));
  if (legacy) notes->Add(Note::kLegacyText, text);
  Simplify(&text, notes);
  const std::string_view bare = Trimmed(WithoutSpreadsheetMarks(text));
  const bool marked = bare.size() != text.size();
  // An apostrophe at the beginning of a name may belong to it.
  if (marked && (kind_ == Kind::kCode || text.front() == '=')) {
    notes->Add(Note::kSpreadsheetMark, text);
    text = std::string(bare);
  }
  // The scanner has told of a quote that is never closed.
  if (kind_ == Kind::kCode && text.starts_with('"') && text.find('"', 1) == std::string::npos) {
    text = std::string(Trimmed(std::string_view(text).substr(1)));
  }
  if (IsNullWord(text)) {
    notes->Add(Note::kNullWord, text);
    return "";
  }
  std::string line = OnOneLine(text);
  if (text.find_first_of("\n\r\t\v\f") != std::string::npos) notes->Add(Note::kLineBreaks, line);
  if (kind_ == Kind::kCode) {
    const std::string_view whole = WithoutEmptyFraction(line);
    if (whole.size() != line.size()) {
      notes->Add(Note::kEmptyFraction, line);
      line.resize(whole.size());
    }
    if (IsGroupedNumber(line)) notes->Add(Note::kGroupedCode, line);
  }
  return line;
}

// Undoes what makes equal texts differ: invisible marks, accents beside their letters, and HTML.
void CodeBook::Simplify(std::string* text, Notes* notes) {
  const auto replace = [&](std::string simple, Note note) {
    if (simple == *text) return;
    *text = std::string(Trimmed(simple));
    notes->Add(note, *text);
  };
  if (text->find('&') != std::string::npos) replace(WithoutEntities(*text), Note::kEntity);
  const bool is_ascii = std::all_of(text->begin(), text->end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii) return;
  replace(DecodedOnceMore(*text), Note::kTwiceEncoded);
  replace(WithoutInvisible(*text), Note::kInvisible);
  replace(Composed(*text), Note::kComposed);
}

// Sets the problem of a text, or makes it fit if it is a name.
void CodeBook::Check(Entry* entry, Notes* notes) const {
  const size_t max_length = MaxLength(field_);
  if (kind_ == Kind::kName && importing::CountCodePoints(entry->text) > max_length) {
    notes->Add(Note::kShortened, entry->text);
    entry->text = std::string(importing::FirstCodePoints(entry->text, max_length - 1)) + kEllipsis;
  }
  if (kind_ == Kind::kCode && IsScientific(entry->text)) {
    entry->problem = absl::StrCat(
        Quoted(entry->text),
        " is a number whose last digits a spreadsheet has cut off; format the column as text there "
        "and export again");
    return;
  }
  if (kind_ == Kind::kCode && IsSpreadsheetError(entry->text)) {
    entry->problem = absl::StrCat(
        Quoted(entry->text), " is an error of a spreadsheet; correct its formula and export again");
    return;
  }
  row_->Clear();
  row_->GetReflection()->SetString(row_.get(), &field_, entry->text);
  std::vector<Violation> violations;
  validator_.Check(*row_, "", &violations);
  if (!violations.empty()) entry->problem = violations[0].description;
}

uint32_t CodeBook::Find(std::string_view text) const {
  const auto known = numbers_.find(absl::string_view(text.data(), text.size()));
  if (known == numbers_.end() || known->second == kNone) return kNone;
  return entries_[known->second].text == text ? known->second : kNone;
}

}  // namespace clustr::ctl
