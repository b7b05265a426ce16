#include "services/sales/write/sale_rules.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/schema/money.h"
#include "services/sales/write/resolve.h"

namespace clustr::sales {

using sales::v1::Sale;

namespace {

// The line total for the units kept, in cents, rounded half up. 64 bits suffice, as a line total is
// below 10^12 cents and a quantity at most 10^6.
int64_t NetCents(int64_t line_cents, int64_t quantity, int64_t returned) {
  return (2 * line_cents * (quantity - returned) + quantity) / (2 * quantity);
}

std::string Money(int64_t cents) { return absl::StrFormat("%d.%02d", cents / 100, cents % 100); }

}  // namespace

void CompleteSale(const CatalogReplica& replica, CatalogAnswer answer, const Sale* stored,
                  const Sale& given, Sale* row, absl::string_view path,
                  std::vector<Violation>* violations) {
  const auto refuse = [&](absl::string_view field, std::string what, ErrorMetadata metadata) {
    violations->push_back({schema::JoinPath(path, field), std::move(what),
                           common::v1::ERROR_REASON_FIELD_INVALID, std::move(metadata)});
  };
  if (stored == nullptr || stored->product_sku() != row->product_sku() || !row->has_unit_price()) {
    const auto price = replica.PriceCents(row->product_sku());
    if (!price.has_value()) {
      violations->push_back(UnknownReference(schema::JoinPath(path, "product_sku"), "product",
                                             absl::StrCat(row->product_sku()), "create it first",
                                             answer));
      return;
    }
    if (replica.Holds(Referred::kProduct, row->product_sku())) {
      violations->push_back(HeldReference(schema::JoinPath(path, "product_sku"), "product",
                                          absl::StrCat(row->product_sku())));
      return;
    }
    if (!row->has_unit_price()) row->set_unit_price(schema::AmountOf(*price));
  }
  const int64_t quantity = row->quantity();
  const int64_t price_cents = *schema::CentsOf(row->unit_price());
  row->set_unit_price(schema::AmountOf(price_cents));
  const int64_t expected_cents = quantity * price_cents;
  const bool recompute =
      stored != nullptr && !given.has_line_total() &&
      (quantity != stored->quantity() || row->unit_price() != stored->unit_price());
  if (!row->has_line_total() || recompute) {
    if (expected_cents >= schema::kMoneyLimitCents) {
      return refuse("line_total",
                    absl::StrCat(quantity, " times ", Money(price_cents),
                                 " is too large; give less than 10000000000 per line"),
                    {{"limit", absl::StrCat(schema::kMoneyLimitCents / 100)}});
    }
    row->set_line_total(schema::AmountOf(expected_cents));
  }
  const int64_t line_cents = *schema::CentsOf(row->line_total());
  row->set_line_total(schema::AmountOf(line_cents));
  if (std::abs(line_cents - expected_cents) > quantity) {
    return refuse("line_total",
                  absl::StrCat(Money(line_cents), " differs by more than one cent per unit from ",
                               quantity, " times ", Money(price_cents), " = ",
                               Money(expected_cents), "; correct it or leave it unset"),
                  {{"expected", Money(expected_cents)}});
  }
  if (row->returned_quantity() > quantity && !given.has_returned_quantity()) {
    return refuse("quantity",
                  absl::StrCat(quantity, " is below the ", row->returned_quantity(),
                               " units that were returned; give at least that"),
                  {{"limit", absl::StrCat(row->returned_quantity())}});
  }
  if (row->returned_quantity() > quantity) {
    return refuse("returned_quantity",
                  absl::StrCat(row->returned_quantity(), " is above the quantity ", quantity,
                               "; give at most that"),
                  {{"limit", absl::StrCat(quantity)}});
  }
  row->set_net_total(schema::AmountOf(NetCents(line_cents, quantity, row->returned_quantity())));
}

void SaleRules::Expect(storage::WriteContext& context,
                       absl::Span<const google::protobuf::Message* const> rows) {
  owners_.LookAhead(context.session(), rows);
}

void SaleRules::Resolve(storage::WriteContext& context, google::protobuf::Message* row,
                        absl::string_view path, std::vector<Violation>* violations) {
  auto* sale = static_cast<Sale*>(row);
  if (sale->has_transaction_external_id()) {
    ResolveTransaction(owners_.IdOf(context.session(), sale->transaction_external_id()), sale, path,
                       violations);
  }
  ResolveProduct(replica_, facts_.catalog_answer, sale, path, violations);
}

void SaleRules::Complete(storage::WriteContext& context, const google::protobuf::Message* stored,
                         const google::protobuf::Message& given, google::protobuf::Message* row,
                         absl::string_view path, std::vector<Violation>* violations) {
  auto* sale = static_cast<Sale*>(row);
  CompleteSale(replica_, facts_.catalog_answer, static_cast<const Sale*>(stored),
               static_cast<const Sale&>(given), sale, path, violations);
  if (stored == nullptr) Admit(context, *sale, path, violations);
}

void SaleRules::CompleteNew(google::protobuf::Message* row, std::vector<Violation>* violations) {
  auto* sale = static_cast<Sale*>(row);
  const Sale given = *sale;
  CompleteSale(replica_, facts_.catalog_answer, nullptr, given, sale, "", violations);
}

void SaleRules::Admit(storage::WriteContext& context, const google::protobuf::Message& given,
                      absl::string_view path, std::vector<Violation>* violations) {
  const int64_t transaction_id = static_cast<const Sale&>(given).transaction_id();
  SaleOwners::Owner& owner = owners_.Of(context.session(), transaction_id);
  if (!owner.exists) {
    violations->push_back(
        {schema::JoinPath(path, "transaction_id"),
         absl::StrCat("there is no transaction ", transaction_id, "; create it first"),
         common::v1::ERROR_REASON_REFERENCE_MISSING,
         {{"value", absl::StrCat(transaction_id)}}});
  } else if (owner.line_count >= kMaxLines) {
    violations->push_back({schema::JoinPath(path, "transaction_id"),
                           absl::StrCat("transaction ", transaction_id, " has ", kMaxLines,
                                        " lines, the maximum; split the purchase"),
                           common::v1::ERROR_REASON_FIELD_INVALID,
                           {{"limit", absl::StrCat(kMaxLines)}}});
  } else {
    ++owner.line_count;
  }
}

void SaleRules::Stored(storage::WriteContext& context, const google::protobuf::Message& row) {
  const auto& sale = static_cast<const Sale&>(row);
  owners_.Of(context.session(), sale.transaction_id()).touched = true;
  max_product_sku_ = std::max(max_product_sku_, sale.product_sku());
}

void SaleRules::Removed(storage::WriteContext& context, const google::protobuf::Message& row) {
  Stored(context, row);
}

void SaleRules::End(storage::WriteContext& context) {
  RememberReference(context, Referred::kProduct, max_product_sku_);
  owners_.Update(context);
}

}  // namespace clustr::sales
