// Filters and orders, as text and as the SQL that SQLite runs over a small table. A text is refused
// with a description, or the list has as many rows as its count says and gives the same rows in one
// page and row by row. The input holds the filter and the order_by, separated by a byte 0; both are
// made UTF-8, as gRPC delivers no other text.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/schema/text.h"
#include "common/storage/listing.h"
#include "common/storage/store.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::fuzz {
namespace {

using catalog::v1::Product;

constexpr int64_t kRows = 12;

// A table of products with unset fields, equal fields and awkward texts.
class Shelf {
 public:
  Shelf() {
    store_ = *storage::Store::Open(folder_.DatabaseUrl(), {Product::descriptor()}, 1, &pool_);
    const absl::Status written = testing::Write(*store_, [this](storage::WriteContext& context) {
      for (int64_t id = 1; id <= kRows; ++id) table_.Insert(context.session(), Row(id));
      context.AddRows(table_.name(), kRows);
      return absl::OkStatus();
    });
    Check(written.ok(), "the shelf is filled", written.ToString());
  }

  const storage::Table& table() const { return table_; }
  storage::Store& store() { return *store_; }

 private:
  static Product Row(int64_t id) {
    Product row;
    row.set_product_sku(id);
    row.set_product_name(id % 2 == 0 ? "a" : absl::StrCat("é'%", id));
    row.set_price(static_cast<double>(id % 5) / 4);
    if (id % 3 == 0) row.set_category(id % 2 == 0 ? "" : "Cup");
    if (id % 4 == 0) row.set_in_stock(id % 8 == 0);
    row.set_revision(id);
    return row;
  }

  const testing::TempFolder folder_;
  ThreadPool pool_{1};
  const storage::Table table_{*Product::descriptor()};
  std::unique_ptr<storage::Store> store_;
};

std::vector<Product> Read(const storage::Listing& listing, storage::Session& session,
                          const Product& place, int64_t limit) {
  std::vector<Product> rows;
  rows.reserve(16);
  listing.Read(session, place, limit, [&] { return &rows.emplace_back(); });
  return rows;
}

void CheckList(const storage::Listing& listing, storage::Session& session,
               const std::string& about) {
  const std::vector<Product> rows = Read(listing, session, Product(), 1000);
  Check(listing.Count(session) == static_cast<int64_t>(rows.size()), "the count is right", about);
  Product place;
  for (const Product& row : rows) {
    const std::vector<Product> next = Read(listing, session, place, 1);
    Check(next.size() == 1 && next[0].product_sku() == row.product_sku(),
          "rows come in one order whatever the page size", about);
    place.Clear();
    place.set_product_sku(row.product_sku());
    listing.CopyPlace(row, &place);
  }
  Check(Read(listing, session, place, 1).empty(), "the last row is the last", about);
}

void Run(Input input) {
  static Shelf shelf;  // Destroyed at the end of the program, with its file.
  const std::string filter = schema::ReplaceInvalidUtf8(input.Line());
  const std::string order_by = schema::ReplaceInvalidUtf8(input.Line());
  const std::string about = absl::StrCat("filter ", filter, ", order ", order_by);
  std::vector<Violation> violations;
  const storage::Listing listing(&shelf.table(), filter, order_by, &violations);
  for (const Violation& violation : violations) {
    Check(!violation.description.empty(), "a refusal is explained", about);
    Check(schema::IsUtf8(violation.description), "a description is UTF-8", about);
  }
  if (!violations.empty()) return;
  const absl::Status status = shelf.store().Read([&](storage::Session& session) {
    CheckList(listing, session, about);
    return absl::OkStatus();
  });
  Check(status.ok(), "an accepted list can be read", absl::StrCat(about, ": ", status.ToString()));
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
