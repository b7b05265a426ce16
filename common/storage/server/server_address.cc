#include "common/storage/server/server_address.h"

#include <libpq-fe.h>

#include <cstdlib>
#include <map>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace clustr::storage {
namespace {

struct Option {
  const char* keyword;
  const char* value;
};

// What libpq would not do by itself. keepalives_… and tcp_user_timeout have no effect on a Unix
// socket.
constexpr Option kDefaults[] = {
    {"connect_timeout", "5"},       {"target_session_attrs", "read-write"},
    {"keepalives_idle", "5"},       {"keepalives_interval", "2"},
    {"keepalives_count", "3"},      {"tcp_user_timeout", "10000"},
    {"application_name", "clustr"},
};

std::string Escaped(absl::string_view value) {
  return absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}});
}

}  // namespace

bool IsServerAddress(absl::string_view url) {
  return absl::StartsWith(url, "postgresql://") || absl::StartsWith(url, "postgres://");
}

absl::StatusOr<ServerAddress> ReadServerAddress(absl::string_view url) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(std::string(url).c_str(), nullptr), &PQconninfoFree);
  if (options == nullptr) {
    return absl::InvalidArgumentError(
        "--database=postgresql://… (not repeated here, since it may hold a password) cannot be "
        "read; give postgresql://USER@HOST:PORT/DATABASE, with every special character as %XX");
  }
  std::map<std::string, std::string> values;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const absl::string_view keyword = option->keyword;
    if (keyword == "password" || keyword == "sslpassword") {
      return absl::InvalidArgumentError(absl::StrCat(
          "--database=postgresql://… (not repeated here) holds a ", keyword,
          ", which every user of this machine could read; put the password into a file that only "
          "this user reads, in the form HOST:PORT:DATABASE:USER:PASSWORD, and name the file in the "
          "environment variable PGPASSFILE"));
    }
    values[option->keyword] = option->val;
  }
  for (const auto& [keyword, value] : kDefaults) {
    // The environment comes before our defaults: PGCONNECT_TIMEOUT and others.
    const bool in_environment =
        (absl::string_view(keyword) == "connect_timeout" && getenv("PGCONNECT_TIMEOUT")) ||
        (absl::string_view(keyword) == "target_session_attrs" && getenv("PGTARGETSESSIONATTRS")) ||
        (absl::string_view(keyword) == "application_name" && getenv("PGAPPNAME"));
    if (!in_environment) values.emplace(keyword, value);
  }
  values["client_encoding"] = "UTF8";
  ServerAddress address;
  for (const auto& [keyword, value] : values) {
    absl::StrAppend(&address.connection, keyword, "='", Escaped(value), "' ");
  }
  const auto told = [&](const char* keyword) {
    const auto at = values.find(keyword);
    return at == values.end() ? std::string() : at->second;
  };
  const std::string host = values.count("host") > 0 ? told("host") : told("hostaddr");
  address.shown = absl::StrCat("postgresql://", host, told("port").empty() ? "" : ":",
                               told("port"), "/", told("dbname"));
  return address;
}

}  // namespace clustr::storage
