#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_CATALOG_IMPORT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_CATALOG_IMPORT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "clustr/common/v1/import.pb.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/book/order_book.h"

namespace clustr::ctl {

// Imports products, customers and days of an order book into catalog, by external_id and date.
// Values in the file replace those in catalog, so the last file imported wins. Fields that the file
// does not give stay as they are: a customer gets a name only when it is created, and a product
// gets its code as its name only when it is created and the file has no name. Not thread-safe;
// borrows all its arguments.
class CatalogImport {
 public:
  // `guest` is the code of the customer for orders that name none.
  CatalogImport(const Context* context, std::string guest, OrderBook* book)
      : context_(*context), guest_(std::move(guest)), book_(*book) {}

  // Gives orders without a customer to the guest, and sets the ids of products and customers that
  // are stored already. Changes nothing that is stored.
  absl::Status Learn();

  // Sends the rows in three streams and sets the ids of the book's products and customers. If
  // catalog refuses one, its id stays 0 and its problem is set. Fails if catalog is unreachable or
  // a stream fails.
  absl::Status Run();

  const common::v1::ImportSummary& products() const { return products_; }
  const common::v1::ImportSummary& customers() const { return customers_; }
  const common::v1::ImportSummary& timeframes() const { return timeframes_; }

  // What the user should know about products of the file and stored ones.
  const Notes& notes() const { return notes_; }

  // The catalog revision that contains everything imported.
  int64_t revision() const;

 private:
  absl::Status LearnProducts();
  void CompareCase(const std::vector<std::pair<uint32_t, std::string>>& stored);
  absl::Status LearnCustomers();
  absl::Status ImportProducts();
  absl::Status ImportCustomers();
  absl::Status ImportTimeframes();

  const Context& context_;
  const std::string guest_;
  OrderBook& book_;
  common::v1::ImportSummary products_;
  common::v1::ImportSummary customers_;
  common::v1::ImportSummary timeframes_;
  Notes notes_;
  bool case_is_compared_ = false;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_CATALOG_IMPORT_H_
