#ifndef CLUSTR_TESTS_COMMON_STORAGE_STORE_STORE_FIXTURE_H_
#define CLUSTR_TESTS_COMMON_STORAGE_STORE_STORE_FIXTURE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "clustr/catalog/v1/product.pb.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {

// A store of products on a database file of its own.
class StoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open() {
    auto store =
        Store::Open(folder_.DatabaseUrl(), {catalog::v1::Product::descriptor()}, 2, &pool_);
    EXPECT_THAT(store, testing::IsOk());
    return *std::move(store);
  }

  void Reopen() {
    store_.reset();
    store_ = Open();
  }

  // Adds a product as a service would and returns its id.
  int64_t Add(WriteContext& context, const std::string& name = "Cap") {
    catalog::v1::Product product;
    product.set_product_sku(context.NextId("products"));
    product.set_product_name(name);
    product.set_revision(context.Revision());
    products_.Insert(context.session(), product);
    context.AddRows("products", 1);
    return product.product_sku();
  }

  std::function<absl::Status(WriteContext&)> Adding(const std::string& name = "Cap") {
    return [this, name](WriteContext& context) {
      Add(context, name);
      return absl::OkStatus();
    };
  }

  static absl::Status TakeRevision(WriteContext& context) {
    context.Revision();
    return absl::OkStatus();
  }

  int64_t Products() { return testing::ReadInteger(*store_, "SELECT COUNT(*) FROM products"); }

  testing::TempFolder folder_;
  ThreadPool pool_{4};
  const Table products_{*catalog::v1::Product::descriptor()};
  std::unique_ptr<Store> store_ = Open();
};

}  // namespace clustr::storage

#endif  // CLUSTR_TESTS_COMMON_STORAGE_STORE_STORE_FIXTURE_H_
