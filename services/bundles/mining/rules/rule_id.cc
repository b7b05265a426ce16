#include "services/bundles/mining/rules/rule_id.h"

#include <charconv>

namespace clustr::mining {
namespace {

class Fnv1a {
 public:
  void Add(char c) { hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u; }

  void Add(absl::Span<const int64_t> skus) {
    for (size_t i = 0; i < skus.size(); ++i) {
      if (i > 0) Add(',');
      char digits[20];
      const char* end = std::to_chars(digits, digits + sizeof(digits), skus[i]).ptr;
      for (const char* c = digits; c != end; ++c) Add(*c);
    }
  }

  uint64_t hash() const { return hash_; }

 private:
  uint64_t hash_ = 0xcbf29ce484222325u;
};

}  // namespace

int64_t RuleId(absl::Span<const int64_t> antecedents, absl::Span<const int64_t> consequents) {
  Fnv1a text;
  text.Add(antecedents);
  text.Add('>');
  text.Add(consequents);
  const int64_t id = static_cast<int64_t>(text.hash() & INT64_MAX);
  return id == 0 ? 1 : id;
}

}  // namespace clustr::mining
