#include "tools/clustrctl/flat/file/code_book.h"

#include <vector>

#include "common/importing/field_text.h"

namespace clustr::ctl {

using google::protobuf::FieldDescriptor;
using google::protobuf::MessageFactory;

CodeBook::CodeBook(const FieldDescriptor& field)
    : field_(field),
      validator_(*field.containing_type()),
      row_(MessageFactory::generated_factory()->GetPrototype(field.containing_type())->New()) {}

uint32_t CodeBook::Add(std::string_view text) {
  const uint32_t known = Find(text);
  if (known != kNone) return known;
  Entry& entry = entries_.emplace_back();
  entry.text = std::string(text);
  row_->Clear();
  if (importing::SetFieldFromText(text, field_, row_.get(), &entry.problem)) {
    std::vector<Violation> violations;
    validator_.Check(*row_, "", &violations);
    if (!violations.empty()) entry.problem = violations[0].description;
  }
  const uint32_t number = size() - 1;
  numbers_.emplace(entry.text, number);
  return number;
}

uint32_t CodeBook::Find(std::string_view text) const {
  const auto known = numbers_.find(absl::string_view(text.data(), text.size()));
  return known == numbers_.end() ? kNone : known->second;
}

}  // namespace clustr::ctl
