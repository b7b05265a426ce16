#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_CODE_BOOK_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_CODE_BOOK_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/schema/validator.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clustr::ctl {

// The distinct texts of one field of a stored message, numbered from 0 in the order in which they
// were added. Each is checked once against the rules of the field. Memory: the text and about 100
// bytes each. Const functions may be called from several threads while none calls Add.
class CodeBook {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  explicit CodeBook(const google::protobuf::FieldDescriptor& field);

  // The number of a text, which is added if it is new. O(length).
  uint32_t Add(std::string_view text);

  // The number of a text; kNone if it was never added. O(length).
  uint32_t Find(std::string_view text) const;

  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }
  const std::string& text(uint32_t number) const { return entries_[number].text; }

  // What is wrong with a text, and the remedy; empty if it is valid.
  const std::string& problem(uint32_t number) const { return entries_[number].problem; }

 private:
  struct Entry {
    std::string text;
    std::string problem;
  };

  const google::protobuf::FieldDescriptor& field_;
  const schema::Validator validator_;
  const std::unique_ptr<google::protobuf::Message> row_;  // Scratch message to check a text in.
  std::deque<Entry> entries_;  // A deque, since `numbers_` has views of its texts.
  absl::flat_hash_map<absl::string_view, uint32_t> numbers_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_CODE_BOOK_H_
