#include "services/sales/write/transaction_rules.h"

#include "absl/strings/str_cat.h"
#include "common/schema/money.h"
#include "services/sales/write/resolve.h"

namespace clustr::sales {

using sales::v1::Transaction;

void TransactionRules::CompleteDay(const Transaction* stored, const Transaction& given,
                                   Transaction* row, absl::string_view path,
                                   std::vector<Violation>* violations) const {
  const std::string id_path = schema::JoinPath(path, "time_id");
  const std::string date_path = schema::JoinPath(path, "purchase_date");
  const bool has_id = row->time_id() != 0;
  const bool has_date = !row->purchase_date().empty();
  if (!has_id && !has_date) {
    violations->push_back(
        {date_path, "neither this nor time_id is set; give the day of the purchase"});
    return;
  }
  const bool new_id = has_id && (stored == nullptr || row->time_id() != stored->time_id());
  const bool new_date =
      has_date && (stored == nullptr || row->purchase_date() != stored->purchase_date());
  if (!new_id && !new_date) {
    // A stored purchase keeps its day even if catalog deleted the timeframe.
    row->set_time_id(stored->time_id());
    row->set_purchase_date(stored->purchase_date());
    return;
  }
  if (new_id) {
    const std::string date = replica_.DateOf(row->time_id());
    if (date.empty()) {
      violations->push_back(UnknownReference(id_path, "timeframe", absl::StrCat(row->time_id()),
                                             "create it first, or give purchase_date",
                                             facts_.catalog_answer));
      return;
    }
    if (replica_.Holds(Referred::kTimeframe, row->time_id())) {
      violations->push_back(HeldReference(id_path, "timeframe", absl::StrCat(row->time_id())));
      return;
    }
    if (!given.purchase_date().empty() && given.purchase_date() != date) {
      violations->push_back(
          {date_path,
           absl::StrCat(given.purchase_date(), " does not agree with timeframe ", row->time_id(),
                        ", which is ", date, "; give one of the two"),
           common::v1::ERROR_REASON_FIELD_INVALID,
           {{"expected", date}}});
      return;
    }
    row->set_purchase_date(date);
    return;
  }
  if (given.time_id() != 0) {
    violations->push_back(
        {date_path,
         absl::StrCat(row->purchase_date(), " does not agree with timeframe ", row->time_id(),
                      ", which is ", stored->purchase_date(), "; give one of the two"),
         common::v1::ERROR_REASON_FIELD_INVALID,
         {{"expected", stored->purchase_date()}}});
    return;
  }
  const int64_t time_id = replica_.TimeIdOf(row->purchase_date());
  if (time_id == 0 && !facts_.validate_only) {
    violations->push_back(UnknownReference(date_path, "timeframe of", row->purchase_date(),
                                           "try again", facts_.catalog_answer));
    return;
  }
  row->set_time_id(time_id);
}

bool TransactionRules::CheckCustomer(int64_t id, std::string path,
                                     std::vector<Violation>* violations) const {
  std::string value = absl::StrCat(id);
  if (!replica_.HasCustomer(id)) {
    violations->push_back(UnknownReference(std::move(path), "customer", std::move(value),
                                           "create it first", facts_.catalog_answer));
  } else if (replica_.Holds(Referred::kCustomer, id)) {
    violations->push_back(HeldReference(std::move(path), "customer", std::move(value)));
  } else {
    return true;
  }
  return false;
}

void TransactionRules::Resolve(storage::WriteContext& context, google::protobuf::Message* row,
                               absl::string_view path, std::vector<Violation>* violations) {
  ResolveCustomer(replica_, facts_.catalog_answer, static_cast<Transaction*>(row), path,
                  violations);
}

void TransactionRules::Complete(storage::WriteContext& context,
                                const google::protobuf::Message* stored_row,
                                const google::protobuf::Message& given_row,
                                google::protobuf::Message* message, absl::string_view path,
                                std::vector<Violation>* violations) {
  const auto* stored = static_cast<const Transaction*>(stored_row);
  const auto& given = static_cast<const Transaction&>(given_row);
  auto* row = static_cast<Transaction*>(message);
  // There is no id where Resolve refused the key.
  if (row->customer_id() != 0 &&
      (stored == nullptr || stored->customer_id() != row->customer_id()) &&
      CheckCustomer(row->customer_id(), schema::JoinPath(path, "customer_id"), violations)) {
    RememberReference(context, Referred::kCustomer, row->customer_id());
  }
  CompleteDay(stored, given, row, path, violations);
  RememberReference(context, Referred::kTimeframe, row->time_id());
  if (stored == nullptr) row->set_lines_total(schema::AmountOf(facts_.lines_total_cents));
  if (!row->has_transaction_amount()) {
    row->set_transaction_amount(row->lines_total());
    row->set_amount_follows_lines(true);
  } else if (stored == nullptr || given.has_transaction_amount()) {
    row->set_amount_follows_lines(false);
  }
}

void TransactionRules::Removed(storage::WriteContext& context,
                               const google::protobuf::Message& row) {
  const int64_t transaction_id = static_cast<const Transaction&>(row).transaction_id();
  context.AddRows(lines_.name(),
                  -lines_.DeleteCluster(context.session(), transaction_id, context.Revision()));
}

}  // namespace clustr::sales
