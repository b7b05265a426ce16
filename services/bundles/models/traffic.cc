#include "services/bundles/models/traffic.h"

#include <cstdint>
#include <set>

#include "absl/strings/str_cat.h"
#include "openssl/sha.h"

namespace clustr::bundles {

using schema::CellType;

namespace {

constexpr int kWhole = 100;
constexpr char kCreate[] = R"sql(
    CREATE TABLE IF NOT EXISTS bundle_model_traffic (
      place BIGINT NOT NULL PRIMARY KEY,
      model_id TEXT NOT NULL,
      percent BIGINT NOT NULL))sql";

// 0 to 99, the same for a key at all times and on all machines.
int PlaceOf(absl::string_view key) {
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), hash);
  uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | hash[i];
  return static_cast<int>(number % kWhole);
}

}  // namespace

std::string ModelOfKey(absl::Span<const TrafficShare> shares, absl::string_view key) {
  if (shares.empty()) return "";
  int below = PlaceOf(key);
  for (const TrafficShare& share : shares) {
    if (below < share.percent) return share.model_id;
    below -= share.percent;
  }
  return shares.back().model_id;
}

void CheckTraffic(const v1::SetTrafficRequest& request, std::vector<Violation>* violations) {
  int sum = 0;
  std::set<std::string> named;
  for (int i = 0; i < request.shares_size(); ++i) {
    const v1::ModelShare& share = request.shares(i);
    sum += share.percent();
    if (!named.insert(share.model_id()).second) {
      violations->push_back(
          {absl::StrCat("shares[", i, "].model_id"),
           absl::StrCat(Quoted(share.model_id()), " is named twice; give each model once")});
    }
  }
  if (request.shares().empty() || sum == kWhole) return;
  violations->push_back({"shares", absl::StrCat("the percentages add up to ", sum,
                                                "; give percentages that add up to 100, or no "
                                                "share to end the division")});
}

std::string TrafficTable() { return kCreate; }

std::vector<TrafficShare> ReadTraffic(storage::Session& session) {
  storage::Statement& query =
      session.Prepared("SELECT model_id, percent FROM bundle_model_traffic ORDER BY place", {},
                       {CellType::kText, CellType::kInteger});
  query.Execute();
  std::vector<TrafficShare> shares;
  while (query.Fetch()) shares.push_back({query.text(0), static_cast<int>(query.integer(1))});
  return shares;
}

void WriteTraffic(storage::Session& session, absl::Span<const TrafficShare> shares) {
  session.Run("DELETE FROM bundle_model_traffic");
  storage::Statement& insert = session.Prepared(
      "INSERT INTO bundle_model_traffic (place, model_id, percent) VALUES (:l, :m, :p)",
      {CellType::kInteger, CellType::kText, CellType::kInteger});
  for (size_t i = 0; i < shares.size(); ++i) {
    insert.SetInteger(0, static_cast<int64_t>(i));
    insert.SetText(1, shares[i].model_id);
    insert.SetInteger(2, shares[i].percent);
    insert.Change();
  }
}

}  // namespace clustr::bundles
