#include "services/sales/write/import_preparation.h"

#include <algorithm>
#include <string>

#include "absl/container/btree_set.h"
#include "common/base/status_macros.h"
#include "services/sales/write/write_facts.h"

namespace clustr::sales {

using resource::RowRules;

bool TransactionImportPreparation::KnowsReferences(const v1::Transaction& row) const {
  const bool by_key = row.has_customer_external_id();
  if (by_key && replica_.CustomerIdOf(row.customer_external_id()) == 0) return false;
  if ((!by_key || row.customer_id() != 0) && !replica_.HasCustomer(row.customer_id())) return false;
  if (row.time_id() != 0) return !replica_.DateOf(row.time_id()).empty();
  return row.purchase_date().empty() || replica_.TimeIdOf(row.purchase_date()) != 0;
}

CatalogAnswer TransactionImportPreparation::AskCatalog(const v1::ImportTransactionsRequest& request,
                                                       const resource::RowFaults& faults) {
  const CatalogAnswer answer = AnswerAfter(client_.CatchUp(deadline_, trace_));
  if (answer == CatalogAnswer::kUnreachable || validate_only_) return answer;
  absl::btree_set<std::string> dates;
  for (int i = 0; i < request.transactions_size(); ++i) {
    const v1::Transaction& row = request.transactions(i);
    // A row without a customer may update a stored one that has a customer.
    const bool unknown_customer =
        (row.customer_id() != 0 && !replica_.HasCustomer(row.customer_id())) ||
        (row.has_customer_external_id() && replica_.CustomerIdOf(row.customer_external_id()) == 0);
    if (!faults.IsRefused(i) && !unknown_customer && row.time_id() == 0 &&
        !row.purchase_date().empty()) {
      dates.insert(row.purchase_date());
    }
  }
  absl::Status created;
  for (const std::string& date : dates) {
    created.Update(client_.EnsureTimeframe(date, deadline_, trace_));
  }
  return AnswerAfter(created);
}

absl::StatusOr<std::unique_ptr<RowRules>> TransactionImportPreparation::Prepare(
    const v1::ImportTransactionsRequest& request, const resource::RowFaults& faults) {
  if (first_) {
    first_ = false;
    validate_only_ = request.validate_only();
    CLUSTR_RETURN_IF_ERROR(client_.WaitFor(request.min_catalog_revision(), deadline_));
  }
  WriteFacts facts{.validate_only = validate_only_};
  const auto& rows = request.transactions();
  if (!std::all_of(rows.begin(), rows.end(),
                   [&](const auto& row) { return KnowsReferences(row); })) {
    facts.catalog_answer = AskCatalog(request, faults);
  }
  return std::make_unique<TransactionRules>(&replica_, &lines_, facts);
}

absl::StatusOr<std::unique_ptr<RowRules>> SaleImportPreparation::Prepare(
    const v1::ImportSalesRequest& request, const resource::RowFaults&) {
  if (first_) {
    first_ = false;
    CLUSTR_RETURN_IF_ERROR(client_.WaitFor(request.min_catalog_revision(), deadline_));
  }
  WriteFacts facts;
  const auto& rows = request.sales();
  if (!std::all_of(rows.begin(), rows.end(), [&](const v1::Sale& row) {
        const bool by_key = row.has_product_external_id();
        if (by_key && replica_.ProductSkuOf(row.product_external_id()) == 0) return false;
        return (by_key && row.product_sku() == 0) ||
               replica_.PriceCents(row.product_sku()).has_value();
      })) {
    facts.catalog_answer = AnswerAfter(client_.CatchUp(deadline_, trace_));
  }
  return std::make_unique<SaleRules>(&replica_, facts);
}

}  // namespace clustr::sales
