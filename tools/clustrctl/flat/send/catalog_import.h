#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_CATALOG_IMPORT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_CATALOG_IMPORT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "clustr/common/v1/import.pb.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/file/order_book.h"

namespace clustr::ctl {

// Brings products, customers and days of an order book into catalog, by external_id and date. What
// is stored keeps every field that the file does not give: a customer is given a name only when it
// is created, a product its code for a name only when it is created and the file has none. What a
// file gives replaces what is stored, so catalog says what the file imported last says. Not
// thread-safe; borrows all it is given.
class CatalogImport {
 public:
  // `guest` is the code of the customer whom orders without one belong to.
  CatalogImport(const Context* context, std::string guest, OrderBook* book)
      : context_(*context), guest_(std::move(guest)), book_(*book) {}

  // Sends what the book has, in three streams, and sets the ids of its products and customers; the
  // id of one that catalog refused stays 0. Fails if catalog cannot be asked or fails as a whole.
  absl::Status Run();

  const common::v1::ImportSummary& products() const { return products_; }
  const common::v1::ImportSummary& customers() const { return customers_; }
  const common::v1::ImportSummary& timeframes() const { return timeframes_; }

  // Catalog revision that has all of it.
  int64_t revision() const;

 private:
  absl::Status LearnProducts();
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
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_CATALOG_IMPORT_H_
