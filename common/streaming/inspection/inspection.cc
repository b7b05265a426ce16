#include "common/streaming/inspection/inspection.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/schema/date.h"
#include "common/schema/money.h"
#include "common/schema/value_rules.h"

namespace clustr::streaming {
namespace {

using catalog::v1::CatalogChange;
using sales::v1::BasketChange;

// 0001-01-01 and 9999-12-31.
constexpr int32_t kFirstDay = -719'162;
constexpr int32_t kLastDay = 2'932'896;

bool IsRowId(int64_t id) { return id >= 1 && id <= schema::kMaxId; }

// Each of these appends to `why` what is wrong with a value, unless it has something already.

void CheckId(absl::string_view field, int64_t id, std::string* why) {
  if (IsRowId(id)) return;
  if (why->empty()) {
    *why = absl::StrCat(field, ": ", id, " is not an id from 1 to ", schema::kMaxId);
  }
}

void CheckAmount(absl::string_view field, double amount, std::string* why) {
  if (schema::CentsOf(amount).has_value()) return;
  if (why->empty()) *why = absl::StrCat(field, ": ", amount, " is not an amount of money");
}

void CheckParallel(absl::string_view field, int size, int lines, std::string* why) {
  if (size == lines || !why->empty()) return;
  *why = absl::StrCat(field, ": has ", size, " entries for ", lines, " lines");
}

std::string WhyWrong(const catalog::v1::Product& product) {
  std::string why;
  CheckAmount("product.price", product.price(), &why);
  if (product.has_unit_cost()) CheckAmount("product.unit_cost", product.unit_cost(), &why);
  return why;
}

void CheckLines(const BasketChange& change, std::string* why) {
  const int lines = change.product_sku_size();
  CheckParallel("quantity", change.quantity_size(), lines, why);
  CheckParallel("unit_price_cents", change.unit_price_cents_size(), lines, why);
  for (int i = 0; i < lines && why->empty(); ++i) {
    if (!IsRowId(change.product_sku(i))) {
      CheckId(absl::StrCat("product_sku[", i, "]"), change.product_sku(i), why);
    } else if (change.quantity(i) < 1) {
      *why = absl::StrCat("quantity[", i, "]: ", change.quantity(i), " is below 1");
    } else if (change.unit_price_cents(i) < 0) {
      *why = absl::StrCat("unit_price_cents[", i, "]: ", change.unit_price_cents(i), " is below 0");
    }
  }
}

}  // namespace

RowId RowOf(const BasketChange& change) { return {RowKind::kPurchase, change.transaction_id()}; }

RowId RowOf(const CatalogChange& change) {
  switch (change.row_case()) {
    case CatalogChange::kProduct:
      return {RowKind::kProduct, change.product().product_sku()};
    case CatalogChange::kDeletedProductSku:
      return {RowKind::kProduct, change.deleted_product_sku()};
    case CatalogChange::kCustomer:
      return {RowKind::kCustomer, change.customer().customer_id()};
    case CatalogChange::kDeletedCustomerId:
      return {RowKind::kCustomer, change.deleted_customer_id()};
    case CatalogChange::kTimeframe:
      return {RowKind::kTimeframe, change.timeframe().time_id()};
    case CatalogChange::kDeletedTimeId:
      return {RowKind::kTimeframe, change.deleted_time_id()};
    case CatalogChange::ROW_NOT_SET:
      break;
  }
  return {};
}

std::string NameOf(const RowId& row) {
  switch (row.kind) {
    case RowKind::kPurchase:
      return absl::StrCat("purchase ", row.id);
    case RowKind::kProduct:
      return absl::StrCat("product ", row.id);
    case RowKind::kCustomer:
      return absl::StrCat("customer ", row.id);
    case RowKind::kTimeframe:
      return absl::StrCat("timeframe ", row.id);
    case RowKind::kUnknown:
      break;
  }
  return "a row of no kind";
}

std::string WhyNameless(const BasketChange& change) {
  std::string why;
  CheckId("transaction_id", change.transaction_id(), &why);
  return why;
}

std::string WhyNameless(const CatalogChange& change) {
  std::string why;
  switch (change.row_case()) {
    case CatalogChange::kProduct:
      CheckId("product.product_sku", change.product().product_sku(), &why);
      break;
    case CatalogChange::kTimeframe:
      CheckId("timeframe.time_id", change.timeframe().time_id(), &why);
      break;
    case CatalogChange::kCustomer:
      CheckId("customer.customer_id", change.customer().customer_id(), &why);
      break;
    case CatalogChange::kDeletedProductSku:
      CheckId("deleted_product_sku", change.deleted_product_sku(), &why);
      break;
    case CatalogChange::kDeletedCustomerId:
      CheckId("deleted_customer_id", change.deleted_customer_id(), &why);
      break;
    case CatalogChange::kDeletedTimeId:
      CheckId("deleted_time_id", change.deleted_time_id(), &why);
      break;
    case CatalogChange::ROW_NOT_SET:
      if (change.GetReflection()->GetUnknownFields(change).empty()) why = "row: is not set";
      break;
  }
  return why;
}

std::string WhyWrong(const CatalogChange& change) {
  if (change.has_product()) return WhyWrong(change.product());
  if (change.has_timeframe() && !schema::ParseDate(change.timeframe().date())) {
    return absl::StrCat("timeframe.date: ", Quoted(change.timeframe().date()), " is not a day");
  }
  return "";
}

std::string WhyWrong(const BasketChange& change) {
  std::string why;
  // A voided purchase has neither.
  if (change.customer_id() != 0) CheckId("customer_id", change.customer_id(), &why);
  if (change.time_id() != 0) CheckId("time_id", change.time_id(), &why);
  if (why.empty() && (change.epoch_day() < kFirstDay || change.epoch_day() > kLastDay)) {
    why = absl::StrCat("epoch_day: ", change.epoch_day(),
                       " is not the number of a day from 0001-01-01 to 9999-12-31");
  }
  if (why.empty() && change.deleted() && !change.product_sku().empty()) {
    why = absl::StrCat("deleted: is true, but there are ", change.product_sku_size(), " lines");
  }
  CheckLines(change, &why);
  return why;
}

void MakeRemoval(BasketChange* change) {
  const int64_t id = change->transaction_id();
  change->Clear();
  change->set_transaction_id(id);
  change->set_deleted(true);
}

void MakeRemoval(CatalogChange* change) {
  const RowId row = RowOf(*change);
  if (row.kind == RowKind::kProduct) change->set_deleted_product_sku(row.id);
  if (row.kind == RowKind::kCustomer) change->set_deleted_customer_id(row.id);
  if (row.kind == RowKind::kTimeframe) change->set_deleted_time_id(row.id);
}

}  // namespace clustr::streaming
