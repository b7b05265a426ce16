#include "tools/clustrctl/flat/rows/header_of_order.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/schema/date.h"

namespace clustr::ctl {
namespace {

// Rows of one order so far apart in time still are one order, even over midnight.
constexpr int32_t kMaxOrderMinutes = 12 * 60;

// How to tell orders apart whose numbers begin again, as each year.
std::string OrdersBeginAgain(const RowContext& in) {
  if (!in.columns.order_key().empty()) return "";
  return absl::StrCat("; if order numbers begin again, as each year, say --columns='order=",
                      in.columns.Name(Role::kOrder), "+", in.columns.Name(Role::kDate), "'");
}

int32_t TimeOf(const Moment& moment) { return moment.day * 1440 + moment.minute; }

void CheckDay(const RowContext& in, FileRow* row) {
  FlatOrder& order = EntryAt(&in.book.orders, row->order);
  if (!row->has_moment || !order.day_is_firm || order.day == row->moment.day) return;
  if (IsNearOrder(in, *row)) {
    in.book.notes.Add(Note::kAfterMidnight, in.book.order_codes.text(row->order));
    return;
  }
  in.Refuse(Role::kDate,
            absl::StrCat(schema::DateText(row->moment.day),
                         " differs from the order's earlier rows, which have ",
                         schema::DateText(order.day), "; give that date, or another order",
                         OrdersBeginAgain(in)),
            row);
}

void CheckCustomer(const RowContext& in, FileRow* row) {
  const FlatOrder& order = EntryAt(&in.book.orders, row->order);
  if (row->customer == CodeBook::kNone || order.customer == CodeBook::kNone) return;
  if (!order.customer_is_firm || order.customer == row->customer || row->customer_is_bad) return;
  in.Refuse(Role::kCustomer,
            absl::StrCat(Quoted(in.book.customer_codes.text(row->customer)),
                         " differs from the order's earlier rows, which have ",
                         Quoted(in.book.customer_codes.text(order.customer)),
                         "; give that customer, or another order"),
            row);
}

// The order is of the day on which its earliest row is.
void TakeTime(const RowContext& in, const FileRow& row) {
  if (!row.has_moment || row.moment.minute < 0) return;
  FlatOrder& order = in.book.orders[row.order];
  const int32_t time = TimeOf(row.moment);
  if (order.first_time == FlatOrder::kNoTime || time < order.first_time) {
    order.first_time = time;
    order.day = row.moment.day;
  }
  order.last_time = std::max(order.last_time, time);
}

}  // namespace

bool IsNearOrder(const RowContext& in, const FileRow& row) {
  const FlatOrder& order = in.book.orders[row.order];
  if (row.moment.minute < 0 || order.first_time == FlatOrder::kNoTime) return false;
  const int32_t time = TimeOf(row.moment);
  return time >= order.first_time - kMaxOrderMinutes && time <= order.last_time + kMaxOrderMinutes;
}

void CheckHeader(const RowContext& in, FileRow* row) {
  CheckDay(in, row);
  CheckCustomer(in, row);
}

void TakeHeader(const RowContext& in, const FileRow& row, bool is_firm) {
  FlatOrder& order = EntryAt(&in.book.orders, row.order);
  if (row.has_moment && (is_firm ? !order.day_is_firm : !order.has_day)) {
    order.day = row.moment.day;
    order.has_day = true;
    order.day_is_firm = is_firm;
  }
  if (row.customer != CodeBook::kNone && !row.customer_is_bad &&
      (is_firm || order.customer == CodeBook::kNone)) {
    order.customer = row.customer;
    order.customer_is_firm = is_firm;
  }
  if (is_firm) TakeTime(in, row);
  TakeNumber(row.channel, &order.channel);
  TakeNumber(row.payment_type, &order.payment_type);
}

}  // namespace clustr::ctl
