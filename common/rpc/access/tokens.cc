#include "common/rpc/access/tokens.h"

#include <openssl/sha.h>

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace clustr::rpc {
namespace {

std::string Sha256(absl::string_view text) {
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

bool IsName(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.') {
      return false;
    }
  }
  return !text.empty() && text.size() <= 64;
}

bool IsHash(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return false;
  }
  return text.size() == size_t{2} * SHA256_DIGEST_LENGTH;
}

}  // namespace

absl::StatusOr<Tokens> Tokens::Parse(absl::string_view text) {
  Tokens tokens;
  int number = 0;
  for (const absl::string_view untrimmed : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::string_view line = absl::StripAsciiWhitespace(untrimmed);
    if (line.empty() || line.front() == '#') continue;
    const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (parts.size() != 2 || !IsName(parts[0]) || !IsHash(parts[1])) {
      return absl::InvalidArgumentError(
          absl::StrCat("has a line ", number,
                       " that is not NAME SHA256: a name of up to 64 letters, digits, - _ and ., "
                       "and the 64 hexadecimal digits that sha256sum prints for the token"));
    }
    tokens.names_[absl::HexStringToBytes(absl::AsciiStrToLower(parts[1]))] = std::string(parts[0]);
  }
  return tokens;
}

std::optional<std::string> Tokens::NameOf(absl::string_view token) const {
  const auto found = names_.find(Sha256(token));
  if (found == names_.end()) return std::nullopt;
  return found->second;
}

}  // namespace clustr::rpc
