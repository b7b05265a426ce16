#include "services/sales/analytics/sales_scan.h"

#include "common/base/status_macros.h"

namespace clustr::sales {

using schema::CellType;
using storage::Statement;

namespace {

// Number of transactions that are read between two checks whether the answer is still wanted.
constexpr int64_t kChunk = 4096;
// One scan of lines spans at most this many ids per transaction that is asked for.
constexpr int64_t kSparse = 4;

// Reads the headers of the next chunk into `purchases`, which are reused from chunk to chunk;
// returns how many there are.
size_t ReadHeaders(storage::Session& session, const Days& days, int64_t after,
                   std::vector<KeptPurchase>* purchases) {
  // The dates are compared as expressions, so that SQLite does not choose the index on dates, which
  // it would walk and sort again for each chunk.
  Statement& query = session.Prepared(
      R"sql(
        SELECT transaction_id, customer_id, transaction_amount_cents, purchase_date, channel,
               payment_type, lines_total_cents
        FROM transactions
        WHERE transaction_id > :after AND purchase_date || '' >= :first
              AND purchase_date || '' <= :last
        ORDER BY transaction_id
        LIMIT :limit
      )sql",
      {CellType::kInteger, CellType::kText, CellType::kText, CellType::kInteger},
      {CellType::kInteger, CellType::kInteger, CellType::kInteger, CellType::kText, CellType::kText,
       CellType::kText, CellType::kInteger});
  query.SetInteger(0, after);
  query.SetText(1, days.first);
  query.SetText(2, days.last.empty() ? "9999-12-31" : days.last);
  query.SetInteger(3, kChunk);
  query.Execute();
  size_t count = 0;
  while (query.Fetch()) {
    KeptPurchase& purchase = (*purchases)[count++];
    purchase.transaction_id = query.integer(0);
    purchase.customer_id = query.integer(1);
    purchase.amount_cents = query.integer(2);
    const auto readable = [&](const char* column, const std::string& text) {
      return session.broken_texts().Readable("transactions", query.integer(0), column, text);
    };
    purchase.date = readable("purchase_date", query.text(3));
    purchase.channel = query.result(4).null ? "" : readable("channel", query.text(4));
    purchase.payment_type = query.result(5).null ? "" : readable("payment_type", query.text(5));
    purchase.lines_total_cents = query.integer(6);
    purchase.lines.clear();
  }
  return count;
}

// The sums are exact: a transaction has at most 10,000 lines of less than 10^12 cents each.
constexpr char kEachLine[] = R"sql(
  SELECT transaction_id, product_sku, quantity - COALESCE(returned_quantity, 0), net_total_cents
  FROM sales
  WHERE transaction_id BETWEEN :first AND :last
  ORDER BY transaction_id, sale_id
)sql";
constexpr char kSumOfLines[] = R"sql(
  SELECT transaction_id, 0, SUM(quantity - COALESCE(returned_quantity, 0)), SUM(net_total_cents)
  FROM sales
  WHERE transaction_id BETWEEN :first AND :last
  GROUP BY transaction_id
  ORDER BY transaction_id
)sql";

void ReadLines(storage::Session& session, LineDetail detail, KeptPurchase* begin,
               KeptPurchase* end) {
  Statement& query =
      session.Prepared(detail == LineDetail::kEach ? kEachLine : kSumOfLines,
                       {CellType::kInteger, CellType::kInteger},
                       std::vector<CellType>(4, CellType::kInteger), storage::Reading::kInPieces);
  query.SetInteger(0, begin->transaction_id);
  query.SetInteger(1, (end - 1)->transaction_id);
  query.Execute();
  KeptPurchase* purchase = begin;
  while (query.Fetch()) {
    while (purchase != end && purchase->transaction_id < query.integer(0)) ++purchase;
    if (purchase == end || purchase->transaction_id != query.integer(0)) continue;
    const int64_t units = query.integer(2);
    if (units > 0) purchase->lines.push_back({query.integer(1), units, query.integer(3)});
  }
}

// The end of the run of transactions from `begin` whose ids are close together.
size_t RunEnd(const std::vector<KeptPurchase>& purchases, size_t begin, size_t count) {
  size_t end = begin + 1;
  while (end < count && purchases[end].transaction_id - purchases[begin].transaction_id <=
                            kSparse * static_cast<int64_t>(end - begin)) {
    ++end;
  }
  return end;
}

}  // namespace

absl::Status ScanSales(storage::Session& session, const Days& days, LineDetail detail,
                       absl::FunctionRef<absl::Status()> wanted,
                       absl::FunctionRef<void(const KeptPurchase&)> visit) {
  std::vector<KeptPurchase> purchases(kChunk);
  int64_t after = 0;
  while (true) {
    CLUSTR_RETURN_IF_ERROR(wanted());
    const size_t count = ReadHeaders(session, days, after, &purchases);
    for (size_t begin = 0; begin < count;) {
      const size_t end = RunEnd(purchases, begin, count);
      ReadLines(session, detail, &purchases[begin], purchases.data() + end);
      begin = end;
    }
    for (size_t i = 0; i < count; ++i) {
      if (!purchases[i].lines.empty()) visit(purchases[i]);
    }
    if (count < static_cast<size_t>(kChunk)) return absl::OkStatus();
    after = purchases[count - 1].transaction_id;
  }
}

}  // namespace clustr::sales
