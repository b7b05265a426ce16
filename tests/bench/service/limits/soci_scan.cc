#include "tests/bench/service/limits/soci_scan.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/storage/session.h"
#include "soci/sqlite3/soci-sqlite3.h"
#include "tests/bench/service/measure.h"

namespace clustr::bench {

using schema::CellType;

double ScannedPerSecond(const std::string& database) {
  storage::Session session;
  session.sql().open(soci::sqlite3, absl::StrCat("db=", database, " timeout=10"));
  storage::Statement& query = session.Prepared(
      "SELECT transaction_id, product_sku, quantity, unit_price_cents FROM sales ORDER BY "
      "transaction_id, sale_id",
      {}, std::vector<CellType>(4, CellType::kInteger));
  const auto begin = Clock::now();
  int64_t rows = 0;
  query.Execute();
  while (query.Fetch()) ++rows;
  return static_cast<double>(rows) / SecondsSince(begin);
}

}  // namespace clustr::bench
