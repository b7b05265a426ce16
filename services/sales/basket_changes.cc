#include "services/sales/basket_changes.h"

#include <algorithm>

#include "common/schema/date.h"

namespace clustr::sales {

using schema::CellType;
using storage::ChangePlace;
using storage::Statement;
using v1::BasketChange;

namespace {

// A message ends with the run of baskets that takes it beyond this. A line takes about 16 bytes at
// most.
constexpr int64_t kMaxLines = 25'000;
// Greatest number of baskets that one scan reads. Its range of ids spans at most kSparse times as
// many, so at most half of the baskets that it reads are not asked for.
constexpr size_t kRun = 512;
constexpr int64_t kSparse = 2;

// Fills the headers of `baskets`, whose ids ascend from `first` to `last`.
void ReadHeaders(storage::Session& session, int64_t first, int64_t last,
                 std::vector<BasketChange>* baskets) {
  Statement& query = session.Prepared(
      R"sql(
        SELECT transaction_id, customer_id, time_id, purchase_date, channel, payment_type
        FROM transactions
        WHERE transaction_id BETWEEN :first AND :last
        ORDER BY transaction_id
      )sql",
      {CellType::kInteger, CellType::kInteger},
      {CellType::kInteger, CellType::kInteger, CellType::kInteger, CellType::kText, CellType::kText,
       CellType::kText});
  query.SetInteger(0, first);
  query.SetInteger(1, last);
  query.Execute();
  auto basket = baskets->begin();
  while (query.Fetch()) {
    while (basket != baskets->end() && basket->transaction_id() < query.integer(0)) ++basket;
    if (basket == baskets->end() || basket->transaction_id() != query.integer(0)) continue;
    basket->set_customer_id(query.integer(1));
    basket->set_time_id(query.integer(2));
    const auto date = schema::ParseDate(query.text(3));
    if (!date) session.broken_texts().Report("transactions", query.integer(0), "purchase_date");
    basket->set_epoch_day(date ? schema::EpochDay(*date) : 0);
    const auto readable = [&](const char* column, const std::string& text) {
      return session.broken_texts().Readable("transactions", query.integer(0), column, text);
    };
    if (!query.result(4).null) basket->set_channel(readable("channel", query.text(4)));
    if (!query.result(5).null) basket->set_payment_type(readable("payment_type", query.text(5)));
  }
}

// Adds their lines; returns the number of lines.
int64_t ReadLines(storage::Session& session, int64_t first, int64_t last,
                  std::vector<BasketChange>* baskets) {
  Statement& query = session.Prepared(
      R"sql(
        SELECT transaction_id, product_sku, quantity - COALESCE(returned_quantity, 0),
               unit_price_cents
        FROM sales
        WHERE transaction_id BETWEEN :first AND :last
        ORDER BY transaction_id, sale_id
      )sql",
      {CellType::kInteger, CellType::kInteger}, std::vector<CellType>(4, CellType::kInteger),
      storage::Reading::kInPieces);
  query.SetInteger(0, first);
  query.SetInteger(1, last);
  query.Execute();
  int64_t lines = 0;
  auto basket = baskets->begin();
  while (query.Fetch()) {
    while (basket != baskets->end() && basket->transaction_id() < query.integer(0)) ++basket;
    if (basket == baskets->end() || basket->transaction_id() != query.integer(0)) continue;
    ++lines;
    const int64_t kept = query.integer(2);
    if (kept <= 0) continue;
    basket->add_product_sku(query.integer(1));
    basket->add_quantity(static_cast<int32_t>(kept));
    basket->add_unit_price_cents(query.integer(3));
  }
  return lines;
}

// The end of the run that starts at `begin`: places whose ids ascend and are close together.
size_t RunEnd(const std::vector<ChangePlace>& places, size_t begin) {
  size_t end = begin + 1;
  while (end < places.size() && end - begin < kRun && places[end].id > places[end - 1].id &&
         places[end].id - places[begin].id < kSparse * static_cast<int64_t>(kRun)) {
    ++end;
  }
  return end;
}

}  // namespace

size_t FillBasketChanges(storage::Session& session, const std::vector<ChangePlace>& places,
                         v1::StreamSalesResponse* response) {
  int64_t lines = 0;
  size_t done = 0;
  std::vector<BasketChange> baskets;
  while (done < places.size() && lines < kMaxLines) {
    const size_t end = RunEnd(places, done);
    baskets.resize(end - done);
    for (size_t i = done; i < end; ++i) {
      baskets[i - done].Clear();
      baskets[i - done].set_transaction_id(places[i].id);
      if (places[i].removed()) baskets[i - done].set_deleted(true);
    }
    const int64_t first = places[done].id;
    const int64_t last = places[end - 1].id;
    ReadHeaders(session, first, last, &baskets);
    lines += ReadLines(session, first, last, &baskets);
    for (BasketChange& basket : baskets) response->add_changes()->Swap(&basket);
    done = end;
  }
  return done;
}

}  // namespace clustr::sales
