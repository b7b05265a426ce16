#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_CODE_BOOK_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_CODE_BOOK_H_

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
#include "tools/clustrctl/flat/book/notes.h"

namespace clustr::ctl {

// The distinct texts of one field of a stored message, numbered from 0 in the order in which they
// were added. Each way in which a text is written is cleaned and checked once: see CellText.
// Memory: the text and about 100 bytes each. Const functions may be called from several threads
// while none calls Add.
class CodeBook {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  enum class Kind {
    kCode,  // A code must be exact: a text that is too long, or has lost digits, is a problem.
    kName,  // A text for people is made to fit: it is shortened, on one line.
  };

  CodeBook(const google::protobuf::FieldDescriptor& field, Kind kind);

  // The number of what a cell says; a new one if it is new, kNone if it says nothing. What was
  // understood otherwise than written is added to `notes`. O(length).
  uint32_t Add(std::string_view cell, Notes* notes);

  // The number of exactly this text; kNone if no cell said so. O(length).
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

  std::string Clean(std::string_view cell, Notes* notes) const;
  static void Simplify(std::string* text, Notes* notes);
  uint32_t AddNew(std::string text, Notes* notes);
  void Check(Entry* entry, Notes* notes) const;

  const google::protobuf::FieldDescriptor& field_;
  const Kind kind_;
  const schema::Validator validator_;
  const std::unique_ptr<google::protobuf::Message> row_;  // Scratch message to check a text in.
  std::deque<Entry> entries_;        // A deque, since `numbers_` has views of its texts.
  std::deque<std::string> aliases_;  // Cells that are written otherwise than their texts.
  absl::flat_hash_map<absl::string_view, uint32_t> numbers_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_CODE_BOOK_H_
