#include "services/sales/transaction_rules.h"

#include "absl/strings/str_cat.h"
#include "common/schema/money.h"

namespace clustr::sales {

using sales::v1::Transaction;

Violation TransactionRules::Unknown(absl::string_view path, absl::string_view field,
                                    std::string what) const {
  return {schema::JoinPath(path, field), std::move(what), unknown_reason_};
}

void TransactionRules::CompleteDay(const Transaction* stored, Transaction* row,
                                   absl::string_view path,
                                   std::vector<Violation>* violations) const {
  const bool new_id = stored == nullptr ? row->time_id() != 0 : row->time_id() != stored->time_id();
  const bool new_date = stored == nullptr ? !row->purchase_date().empty()
                                          : row->purchase_date() != stored->purchase_date();
  if (!new_id && !new_date) {
    if (stored == nullptr) {
      violations->push_back({schema::JoinPath(path, "purchase_date"),
                             "neither this nor time_id is set; give the day of the purchase"});
    }
    return;
  }
  if (new_id) {
    const std::string date = row->time_id() == 0 ? "" : replica_.DateOf(row->time_id());
    if (date.empty()) {
      violations->push_back(Unknown(path, "time_id",
                                    absl::StrCat("catalog has no timeframe ", row->time_id(),
                                                 "; create it first, or give purchase_date")));
      return;
    }
    if (new_date && row->purchase_date() != date) {
      violations->push_back(
          {schema::JoinPath(path, "purchase_date"),
           absl::StrCat(row->purchase_date(), " does not agree with timeframe ", row->time_id(),
                        ", which is ", date, "; give one of the two")});
      return;
    }
    row->set_purchase_date(date);
    return;
  }
  if (row->purchase_date().empty()) {
    row->set_purchase_date(stored->purchase_date());
    return;
  }
  const int64_t time_id = replica_.TimeIdOf(row->purchase_date());
  if (time_id == 0 && !validate_only_) {
    violations->push_back(
        Unknown(path, "purchase_date",
                absl::StrCat("catalog has no timeframe of ", row->purchase_date(), "; try again")));
    return;
  }
  row->set_time_id(time_id);
}

void TransactionRules::Complete(storage::WriteContext& context,
                                const google::protobuf::Message* stored_row,
                                const google::protobuf::Message& given,
                                google::protobuf::Message* message, absl::string_view path,
                                std::vector<Violation>* violations) {
  const auto* stored = static_cast<const Transaction*>(stored_row);
  auto* row = static_cast<Transaction*>(message);
  if ((stored == nullptr || stored->customer_id() != row->customer_id()) &&
      !replica_.HasCustomer(row->customer_id())) {
    violations->push_back(
        Unknown(path, "customer_id",
                absl::StrCat("catalog has no customer ", row->customer_id(), "; create it first")));
  }
  CompleteDay(stored, row, path, violations);
  if (stored == nullptr) {
    row->set_lines_total(schema::AmountOf(lines_total_cents_));
    if (!row->has_transaction_amount()) row->set_transaction_amount(row->lines_total());
  } else if (!row->has_transaction_amount()) {
    row->set_transaction_amount(stored->transaction_amount());
  }
}

}  // namespace clustr::sales
