#include "tests/services/bundles/mining/shared_data.h"

#include <openssl/evp.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

namespace clustr::mining {
namespace {

void ForEachLine(const std::string& command, const std::function<void(std::string_view)>& visit) {
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr) << command;
  char* line = nullptr;
  size_t capacity = 0;
  for (ssize_t size; (size = getline(&line, &capacity, pipe)) > 0;) {
    std::string_view text(line, static_cast<size_t>(size));
    if (text.ends_with('\n')) text.remove_suffix(1);
    visit(text);
  }
  std::free(line);
  ASSERT_EQ(pclose(pipe), 0) << command;
}

// The numbers in `text`, separated by any other characters.
std::vector<int64_t> Numbers(std::string_view text) {
  std::vector<int64_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    int64_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error == std::errc()) numbers.push_back(number);
    at = error == std::errc() ? next : at + 1;
  }
  return numbers;
}

}  // namespace

std::optional<std::string> SharedDataPath(const std::string& name) {
  const char* folder = std::getenv("CLUSTR_SHARED_DATA");
  const std::filesystem::path path =
      std::filesystem::path(folder ? folder : CLUSTR_SOURCE_DIR "/../shared/data") / name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path.string();
}

OwnedBaskets ReadFimi(const std::string& path) {
  OwnedBaskets baskets;
  ForEachLine("xz -dc '" + path + "'", [&](std::string_view line) {
    const std::vector<int64_t> numbers = Numbers(line);
    baskets.Add({numbers.begin(), numbers.end()});
  });
  return baskets;
}

OwnedBaskets ReadOnlineRetail(const std::string& path) {
  std::map<int64_t, std::vector<Item>> by_transaction;
  ForEachLine("gzip -dc '" + path + "'", [&](std::string_view line) {
    const std::vector<int64_t> numbers = Numbers(line);  // sale_id, transaction_id, product_sku ...
    if (numbers.size() > 2) by_transaction[numbers[1]].push_back(static_cast<Item>(numbers[2]));
  });
  OwnedBaskets baskets;
  for (const auto& [transaction, items] : by_transaction) baskets.Add(items);
  return baskets;
}

std::string Sha256Hex(const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    char byte[3];
    std::snprintf(byte, sizeof(byte), "%02x", digest[i]);
    hex += byte;
  }
  return hex;
}

}  // namespace clustr::mining
