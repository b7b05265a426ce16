#include "services/sales/analytics/sales_scan.h"

#include <algorithm>

#include "common/base/status_macros.h"

namespace clustr::sales {

using schema::CellType;
using storage::Statement;

namespace {

// Number of transactions that are read between two checks whether the answer is still wanted.
constexpr int64_t kChunk = 4096;
// One scan of lines spans at most this many ids per transaction that is asked for.
constexpr int64_t kSparse = 4;

// Fills the fields of a header from the columns that both queries below name.
void FillHeader(storage::Session& session, Statement& query, KeptPurchase* purchase) {
  purchase->transaction_id = query.integer(0);
  purchase->customer_id = query.integer(1);
  purchase->amount_cents = query.integer(2);
  const auto readable = [&](const char* column, const std::string& text) {
    return session.broken_texts().Readable("transactions", query.integer(0), column, text);
  };
  purchase->date = readable("purchase_date", query.text(3));
  purchase->channel = query.result(4).null ? "" : readable("channel", query.text(4));
  purchase->payment_type = query.result(5).null ? "" : readable("payment_type", query.text(5));
  purchase->lines_total_cents = query.integer(6);
  purchase->lines.clear();
}

const std::vector<CellType>& HeaderTypes() {
  static const std::vector<CellType> types = {
      CellType::kInteger, CellType::kInteger, CellType::kInteger, CellType::kText,
      CellType::kText,    CellType::kText,    CellType::kInteger};
  return types;
}

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
      {CellType::kInteger, CellType::kText, CellType::kText, CellType::kInteger}, HeaderTypes());
  query.SetInteger(0, after);
  query.SetText(1, days.first);
  query.SetText(2, days.last.empty() ? "9999-12-31" : days.last);
  query.SetInteger(3, kChunk);
  query.Execute();
  size_t count = 0;
  while (query.Fetch()) FillHeader(session, query, &(*purchases)[count++]);
  return count;
}

// Reads the headers of `purchases`, whose ids ascend. Those that do not exist stay as they are.
void ReadHeadersOf(storage::Session& session, KeptPurchase* begin, KeptPurchase* end) {
  Statement& query = session.Prepared(
      R"sql(
        SELECT transaction_id, customer_id, transaction_amount_cents, purchase_date, channel,
               payment_type, lines_total_cents
        FROM transactions
        WHERE transaction_id BETWEEN :first AND :last
        ORDER BY transaction_id
      )sql",
      {CellType::kInteger, CellType::kInteger}, HeaderTypes());
  query.SetInteger(0, begin->transaction_id);
  query.SetInteger(1, (end - 1)->transaction_id);
  query.Execute();
  KeptPurchase* purchase = begin;
  while (query.Fetch()) {
    while (purchase != end && purchase->transaction_id < query.integer(0)) ++purchase;
    if (purchase == end || purchase->transaction_id != query.integer(0)) continue;
    FillHeader(session, query, purchase);
  }
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

void ReadLinesOf(storage::Session& session, LineDetail detail, std::vector<KeptPurchase>* purchases,
                 size_t count) {
  for (size_t begin = 0; begin < count;) {
    const size_t end = RunEnd(*purchases, begin, count);
    ReadLines(session, detail, &(*purchases)[begin], purchases->data() + end);
    begin = end;
  }
}

}  // namespace

int64_t KeptPurchase::KeptAmount() const {
  int64_t returned_cents = lines_total_cents;
  for (const KeptLine& line : lines) returned_cents -= line.net_cents;
  return std::max<int64_t>(amount_cents - returned_cents, 0);
}

absl::Status ScanSales(storage::Session& session, const Days& days, LineDetail detail,
                       absl::FunctionRef<absl::Status()> wanted,
                       absl::FunctionRef<void(const KeptPurchase&)> visit) {
  std::vector<KeptPurchase> purchases(kChunk);
  int64_t after = 0;
  while (true) {
    CLUSTR_RETURN_IF_ERROR(wanted());
    const size_t count = ReadHeaders(session, days, after, &purchases);
    ReadLinesOf(session, detail, &purchases, count);
    for (size_t i = 0; i < count; ++i) {
      if (!purchases[i].lines.empty()) visit(purchases[i]);
    }
    if (count < static_cast<size_t>(kChunk)) return absl::OkStatus();
    after = purchases[count - 1].transaction_id;
  }
}

bool ReadNextSales(storage::Session& session, int64_t after, std::vector<KeptPurchase>* purchases) {
  purchases->resize(kChunk);
  const size_t count = ReadHeaders(session, {}, after, purchases);
  ReadLinesOf(session, LineDetail::kEach, purchases, count);
  purchases->resize(count);
  return count == static_cast<size_t>(kChunk);
}

void ReadSales(storage::Session& session, const std::vector<int64_t>& ids,
               std::vector<KeptPurchase>* purchases) {
  purchases->resize(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    (*purchases)[i].transaction_id = ids[i];
    (*purchases)[i].lines.clear();
  }
  for (size_t begin = 0; begin < ids.size();) {
    const size_t end = RunEnd(*purchases, begin, ids.size());
    ReadHeadersOf(session, &(*purchases)[begin], purchases->data() + end);
    ReadLines(session, LineDetail::kEach, &(*purchases)[begin], purchases->data() + end);
    begin = end;
  }
}

}  // namespace clustr::sales
