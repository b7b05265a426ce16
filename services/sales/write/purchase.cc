#include "services/sales/write/purchase.h"

#include "absl/strings/str_cat.h"
#include "common/schema/money.h"
#include "services/sales/write/resolve.h"
#include "services/sales/write/sale_rules.h"
#include "services/sales/write/transaction_rules.h"

namespace clustr::sales {

void CheckPurchase(const v1::RecordPurchaseRequest& request, std::vector<Violation>* violations) {
  const auto assigned = [&](std::string field) {
    violations->push_back({std::move(field), "is assigned by the server; leave it unset"});
  };
  if (request.has_transaction()) {
    if (request.transaction().transaction_id() != 0) assigned("transaction.transaction_id");
    schema::ValidatorOf<v1::Transaction>().CheckRequired(request.transaction(), "transaction",
                                                         violations);
  }
  const auto* transaction_id =
      v1::Sale::descriptor()->FindFieldByNumber(v1::Sale::kTransactionIdFieldNumber);
  for (int i = 0; i < request.sales_size(); ++i) {
    const std::string path = absl::StrCat("sales[", i, "]");
    if (request.sales(i).sale_id() != 0) assigned(path + ".sale_id");
    if (request.sales(i).transaction_id() != 0) assigned(path + ".transaction_id");
    if (request.sales(i).has_transaction_external_id()) {
      violations->push_back({path + ".transaction_external_id",
                             "follows from transaction.external_id; leave it unset"});
    }
    schema::ValidatorOf<v1::Sale>().CheckRequired(request.sales(i), path, violations,
                                                  transaction_id);
  }
}

absl::Status PurchaseWriter::Write(storage::WriteContext& context,
                                   const v1::RecordPurchaseRequest& request, WriteFacts facts,
                                   v1::RecordPurchaseResponse* response) const {
  std::vector<Violation> violations;
  *response->mutable_sales() = request.sales();
  int64_t total_cents = 0;
  for (int i = 0; i < request.sales_size(); ++i) {
    v1::Sale* sale = response->mutable_sales(i);
    const std::string path = absl::StrCat("sales[", i, "]");
    sale->clear_returned_quantity();
    ResolveProduct(replica_, facts.catalog_answer, sale, path, &violations);
    if (sale->product_sku() == 0) continue;
    CompleteSale(replica_, facts.catalog_answer, nullptr, request.sales(i), sale, path,
                 &violations);
    total_cents += schema::CentsOf(sale->line_total()).value_or(0);
  }
  if (total_cents >= schema::kMoneyLimitCents && !request.transaction().has_transaction_amount()) {
    violations.push_back({"transaction.transaction_amount",
                          "the lines add up to 10000000000 or more; split the purchase",
                          common::v1::ERROR_REASON_FIELD_INVALID,
                          {{"limit", absl::StrCat(schema::kMoneyLimitCents / 100)}}});
  }
  v1::Transaction* header = response->mutable_transaction();
  *header = request.transaction();
  facts.lines_total_cents = total_cents;
  TransactionRules rules(&replica_, &sales_.table(), facts);
  if (!violations.empty()) {
    // Nothing will be stored, but the violations of the header are reported as well.
    rules.Resolve(context, header, "transaction", &violations);
    rules.Complete(context, nullptr, request.transaction(), header, "transaction", &violations);
    return ViolationError(std::move(violations));
  }
  transactions_.Create(context, &rules, header, "transaction", &violations);
  if (!violations.empty()) return ViolationError(std::move(violations));
  const storage::Table& table = sales_.table();
  for (int i = 0; i < response->sales_size(); ++i) {
    v1::Sale& sale = *response->mutable_sales(i);
    // Each against those before it, too, which are stored by now.
    sales_.CheckUnique(context, nullptr, sale, absl::StrCat("sales[", i, "]"), &violations);
    if (!violations.empty()) continue;
    sale.set_sale_id(context.NextId(table.name()));
    sale.set_transaction_id(header->transaction_id());
    sale.set_revision(context.Revision());
    table.Insert(context.session(), sale);
    RememberReference(context, Referred::kProduct, sale.product_sku());
  }
  if (!violations.empty()) return ViolationError(std::move(violations));
  context.AddRows(table.name(), request.sales_size());
  response->set_revision(context.Revision());
  return absl::OkStatus();
}

}  // namespace clustr::sales
