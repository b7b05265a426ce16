#ifndef CLUSTR_TESTS_FUZZ_CALLS_SHOP_H_
#define CLUSTR_TESTS_FUZZ_CALLS_SHOP_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "tests/testing/catalog_server.h"
#include "tests/testing/program_server.h"
#include "tests/testing/sales_server.h"
#include "tests/testing/temp_folder.h"

namespace clustr::fuzz {

// The three servers in this process, with a small shop: six products, four customers and twelve
// purchases, whose ids count from 1.
class Shop {
 public:
  // Blocks until every server has read what the others hold.
  Shop();

  testing::ProgramServer& catalog() { return catalog_.server(); }
  testing::ProgramServer& sales() { return sales_.server(); }
  testing::ProgramServer& bundles() { return bundles_; }

  // The newest revisions of catalog and of sales.
  std::vector<int64_t> Revisions();

 private:
  void Fill();
  void AwaitBundles();

  testing::CatalogServer catalog_;
  testing::SalesServer sales_{catalog_.server().address()};
  const testing::TempFolder folder_;
  testing::ProgramServer bundles_;
};

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_CALLS_SHOP_H_
