#include "tools/clustr_mine/line_writer.h"

#include <unistd.h>

#include <charconv>

#include "absl/time/clock.h"

namespace clustr::mine {
namespace {

constexpr size_t kBlock = size_t{1} << 16;

}  // namespace

LineWriter::LineWriter(int file, Format format, const std::vector<uint32_t>& names)
    : file_(file), format_(format), names_(names) {
  texts_.reserve(names_.size());
  for (const uint32_t name : names_) texts_.push_back(std::to_string(name));
  block_.reserve(2 * kBlock);
}

void LineWriter::Items(absl::Span<const mining::Item> items, char separator) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) block_.push_back(separator);
    block_ += texts_[items[i]];
  }
}

void LineWriter::Number(int64_t number) {
  char digits[20];
  block_.append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
}

void LineWriter::Text(const char* text) { block_ += text; }

void LineWriter::Write(absl::Span<const mining::Item> items, int64_t count) {
  if (file_ < 0) return;
  const bool json = format_ == Format::kJson;
  if (json) Text("{\"items\":[");
  Items(items, json ? ',' : ' ');
  Text(json ? "],\"count\":" : " (");
  Number(count);
  Text(json ? "}\n" : ")\n");
  EndLine();
}

void LineWriter::Write(const mining::FoundRule& rule) {
  if (file_ < 0) return;
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
  EndLine();
}

void LineWriter::EndLine() {
  if (block_.size() >= kBlock) Flush();
}

bool LineWriter::Flush() {
  if (block_.empty()) return !failed_;
  const absl::Time start = absl::Now();
  for (size_t at = 0; at < block_.size() && !failed_;) {
    const ssize_t written = write(file_, block_.data() + at, block_.size() - at);
    failed_ = written < 0;
    at += written < 0 ? 0 : static_cast<size_t>(written);
  }
  block_.clear();
  seconds_ += absl::ToDoubleSeconds(absl::Now() - start);
  return !failed_;
}

}  // namespace clustr::mine
