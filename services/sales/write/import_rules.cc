#include "services/sales/write/import_rules.h"

#include <algorithm>
#include <string>

#include "absl/container/btree_set.h"
#include "common/base/status_macros.h"
#include "services/sales/catalog/unknown_reference.h"

namespace clustr::sales {
namespace {

// A reference that could not be checked fails the whole import, which can be sent again.
const char* UnknownReason(bool unreachable) { return unreachable ? kUpstream : kReferenceMissing; }

}  // namespace

absl::Status TransactionImportRules::Prepare(
    const v1::ImportTransactionsRequest& request,
    const std::vector<std::vector<Violation>>& violations) {
  if (first_) {
    first_ = false;
    validate_only_ = request.validate_only();
    CLUSTR_RETURN_IF_ERROR(client_.WaitFor(request.min_catalog_revision(), deadline_));
  }
  const auto& rows = request.transactions();
  const bool unknown = std::any_of(rows.begin(), rows.end(), [&](const v1::Transaction& row) {
    return !replica_.HasCustomer(row.customer_id()) ||
           (row.time_id() != 0 && replica_.DateOf(row.time_id()).empty()) ||
           (row.time_id() == 0 && !row.purchase_date().empty() &&
            replica_.TimeIdOf(row.purchase_date()) == 0);
  });
  if (!unknown) return absl::OkStatus();
  unreachable_ = !client_.CatchUp(deadline_).ok();
  if (unreachable_ || validate_only_) return absl::OkStatus();
  absl::btree_set<std::string> dates;
  for (int i = 0; i < rows.size(); ++i) {
    const v1::Transaction& row = rows[i];
    // A row without a customer may be one that is stored and has one.
    const bool unknown_customer =
        row.customer_id() != 0 && !replica_.HasCustomer(row.customer_id());
    if (violations[i].empty() && !unknown_customer && row.time_id() == 0 &&
        !row.purchase_date().empty()) {
      dates.insert(row.purchase_date());
    }
  }
  for (const std::string& date : dates) {
    if (!client_.EnsureTimeframe(date, deadline_).ok()) unreachable_ = true;
  }
  return absl::OkStatus();
}

void TransactionImportRules::BeginBatch(storage::WriteContext& context) {
  rules_.set_unknown_reason(UnknownReason(unreachable_));
  rules_.set_validate_only(validate_only_);
  rules_.set_lines_total_cents(0);
}

absl::Status SaleImportRules::Prepare(const v1::ImportSalesRequest& request,
                                      const std::vector<std::vector<Violation>>&) {
  if (first_) {
    first_ = false;
    CLUSTR_RETURN_IF_ERROR(client_.WaitFor(request.min_catalog_revision(), deadline_));
  }
  const auto& rows = request.sales();
  const bool unknown = std::any_of(rows.begin(), rows.end(), [&](const v1::Sale& row) {
    return !replica_.PriceCents(row.product_sku()).has_value();
  });
  if (unknown) unreachable_ = !client_.CatchUp(deadline_).ok();
  return absl::OkStatus();
}

void SaleImportRules::CompleteNew(google::protobuf::Message* row,
                                  std::vector<Violation>* violations) {
  auto* sale = static_cast<v1::Sale*>(row);
  const v1::Sale given = *sale;
  CompleteSale(replica_, UnknownReason(unreachable_), nullptr, given, sale, "", violations);
}

void SaleImportRules::BeginBatch(storage::WriteContext& context) {
  rules_.set_unknown_reason(UnknownReason(unreachable_));
  rules_.Begin();
}

void SaleImportRules::EndBatch(storage::WriteContext& context) { rules_.End(context); }

}  // namespace clustr::sales
