#include "tools/clustr_mine/line_writer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace clustr::mine {

namespace {

// A label as it is written: as a JSON text, or in quotes if it needs them.
std::string Written(const std::string& label, Format format) {
  const bool json = format == Format::kJson;
  if (!json && label.find_first_of(" \"") == std::string::npos) return label;
  std::string text = "\"";
  for (const char c : label) {
    if (json && static_cast<unsigned char>(c) < 0x20) {
      text += absl::StrFormat("\\u%04x", c);
      continue;
    }
    if (c == '"') text += json ? '\\' : '"';
    if (c == '\\' && json) text += '\\';
    text += c;
  }
  return text + '"';
}

}  // namespace

LineWriter::LineWriter(int file, Format format, const std::vector<uint32_t>& names,
                       const std::vector<std::string>& labels)
    : file_(file),
      format_(format),
      item_bytes_(sizeof(Piece)),
      tails_(kTails, {.count = -1, .size = 0, .text = {}}),
      block_(2 * kBlock),
      end_(block_.data()),
      full_(end_ + kBlock) {
  names_.reserve(names.size());
  for (const uint32_t name : names) {
    Piece& piece = names_.emplace_back();
    char* const end = std::to_chars(piece.text, piece.text + sizeof(piece.text), name).ptr;
    *end = format == Format::kJson ? ',' : ' ';
    piece.size = static_cast<uint8_t>(end + 1 - piece.text);
  }
  for (const std::string& label : labels) {
    labels_.push_back(Written(label, format) + (format == Format::kJson ? ',' : ' '));
    item_bytes_ = std::max(item_bytes_, labels_.back().size());
  }
}

// Makes room for a line with `items` items.
inline void LineWriter::Reserve(size_t items) {
  const size_t bytes = item_bytes_ * items + 256;
  if (end_ >= full_ || bytes > kBlock) MakeRoom(bytes);
}

void LineWriter::MakeRoom(size_t bytes) {
  Flush();
  if (bytes <= block_.size()) return;
  block_.resize(bytes);
  end_ = block_.data();
  full_ = end_ + kBlock;
}

// Writes the items without the separator after the last one.
inline void LineWriter::Items(absl::Span<const mining::Item> items) {
  char* end = end_;
  if (!labels_.empty()) {
    for (const mining::Item item : items) {
      std::memcpy(end, labels_[item].data(), labels_[item].size());
      end += labels_[item].size();
    }
    end_ = end - 1;
    return;
  }
  const Piece* const names = names_.data();
  for (const mining::Item item : items) {
    std::memcpy(end, &names[item], sizeof(Piece));
    end += names[item].size;
  }
  end_ = end - 1;
}

void LineWriter::Number(int64_t number) { end_ = std::to_chars(end_, end_ + 20, number).ptr; }

void LineWriter::Text(std::string_view text) {
  std::memcpy(end_, text.data(), text.size());
  end_ += text.size();
}

void LineWriter::MakeTail(int64_t count, Tail& tail) {
  const std::string text = format_ == Format::kJson ? absl::StrCat("],\"count\":", count, "}\n")
                                                    : absl::StrCat(" (", count, ")\n");
  tail = {.count = count, .size = text.size(), .text = {}};
  std::memcpy(tail.text, text.data(), text.size());
}

void LineWriter::Write(absl::Span<const mining::Item> items, int64_t count) {
  if (file_ < 0) return;
  Reserve(items.size());
  if (format_ == Format::kJson) Text("{\"items\":[");
  Items(items);
  Tail& tail = tails_[static_cast<size_t>(count) % kTails];
  if (tail.count != count) MakeTail(count, tail);
  std::memcpy(end_, tail.text, sizeof(tail.text));
  end_ += tail.size;
}

void LineWriter::Write(const mining::FoundRule& rule) {
  if (file_ < 0) return;
  Reserve(rule.antecedents.size() + rule.consequents.size());
  const bool json = format_ == Format::kJson;
  if (json) Text("{\"antecedents\":[");
  Items(rule.antecedents);
  Text(json ? "],\"consequents\":[" : " => ");
  Items(rule.consequents);
  Text(json ? "],\"count_ab\":" : " (");
  Number(rule.counts.count_ab);
  Text(json ? ",\"count_a\":" : " ");
  Number(rule.counts.count_a);
  Text(json ? ",\"count_b\":" : " ");
  Number(rule.counts.count_b);
  Text(json ? "}\n" : ")\n");
}

bool LineWriter::Flush() {
  const auto size = static_cast<size_t>(end_ - block_.data());
  end_ = block_.data();
  if (size == 0) return !failed_;
  const absl::Time start = absl::Now();
  for (size_t at = 0; at < size && !failed_;) {
    const ssize_t written = write(file_, block_.data() + at, size - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      error_ = errno;
      failed_ = true;
      break;
    }
    at += static_cast<size_t>(written);
  }
  seconds_ += absl::ToDoubleSeconds(absl::Now() - start);
  return !failed_;
}

}  // namespace clustr::mine
