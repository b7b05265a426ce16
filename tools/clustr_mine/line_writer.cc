#include "tools/clustr_mine/line_writer.h"

#include <unistd.h>

#include <charconv>
#include <cstring>

#include "absl/time/clock.h"

namespace clustr::mine {

LineWriter::LineWriter(int file, Format format, const std::vector<uint32_t>& names)
    : file_(file), format_(format), block_(2 * kBlock), end_(block_.data()) {
  texts_.reserve(names.size());
  for (const uint32_t name : names) {
    Name& text = texts_.emplace_back();
    text.size = static_cast<uint8_t>(
        std::to_chars(text.text, text.text + sizeof(text.text), name).ptr - text.text);
  }
}

// Makes room for so many bytes and some more.
void LineWriter::Reserve(size_t bytes) {
  const auto used = static_cast<size_t>(end_ - block_.data());
  if (used >= kBlock) Flush();
  const size_t needed = static_cast<size_t>(end_ - block_.data()) + bytes + 512;
  if (needed > block_.size()) {
    const auto kept = end_ - block_.data();
    block_.resize(2 * needed);
    end_ = block_.data() + kept;
  }
}

void LineWriter::Items(absl::Span<const mining::Item> items, char separator) {
  for (const mining::Item item : items) {
    const Name& name = texts_[item];
    std::memcpy(end_, &name, sizeof(name));
    end_ += name.size;
    *end_++ = separator;
  }
  --end_;
}

void LineWriter::Number(int64_t number) { end_ = std::to_chars(end_, end_ + 20, number).ptr; }

void LineWriter::Text(std::string_view text) {
  std::memcpy(end_, text.data(), text.size());
  end_ += text.size();
}

void LineWriter::Write(absl::Span<const mining::Item> items, int64_t count) {
  if (file_ < 0) return;
  Reserve(16 * items.size());
  const bool json = format_ == Format::kJson;
  if (json) Text("{\"items\":[");
  Items(items, json ? ',' : ' ');
  Text(json ? "],\"count\":" : " (");
  Number(count);
  Text(json ? "}\n" : ")\n");
}

void LineWriter::Write(const mining::FoundRule& rule) {
  if (file_ < 0) return;
  Reserve(16 * (rule.antecedents.size() + rule.consequents.size()));
  const bool json = format_ == Format::kJson;
  if (json) Text("{\"antecedents\":[");
  Items(rule.antecedents, json ? ',' : ' ');
  Text(json ? "],\"consequents\":[" : " => ");
  Items(rule.consequents, json ? ',' : ' ');
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
    failed_ = written < 0;
    at += written < 0 ? 0 : static_cast<size_t>(written);
  }
  seconds_ += absl::ToDoubleSeconds(absl::Now() - start);
  return !failed_;
}

}  // namespace clustr::mine
