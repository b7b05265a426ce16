#include "services/sales/sums/sales_sums.h"

#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "common/schema/date.h"
#include "gtest/gtest.h"
#include "services/sales/sums/sums_figures.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::sales {
namespace {

// What AnalyticsService finds by a scan, over purchases in a map.
class Twin {
 public:
  std::map<int64_t, KeptPurchase> purchases;  // Indexed by transaction_id.
  std::map<int64_t, ProductAttributes> products;
  std::map<int64_t, CustomerAttributes> customers;

  template <class Counter>
  void Scan(const Days& days, Counter* counter) const {
    for (const auto& [id, purchase] : purchases) {
      const bool wanted =
          purchase.date >= days.first && (days.last.empty() || purchase.date <= days.last);
      if (wanted && !purchase.lines.empty()) counter->Add(purchase);
    }
  }

  CatalogReplica::Attribute AttributeOf(v1::RevenueDimension dimension) const {
    CatalogReplica::Attribute attribute;
    for (const auto& [sku, product] : products) {
      if (dimension == v1::REVENUE_DIMENSION_PRODUCT_CATEGORY) {
        attribute.text_by_id[sku] = product.category;
      } else if (dimension == v1::REVENUE_DIMENSION_PRODUCT_BRAND) {
        attribute.text_by_id[sku] = product.brand;
      }
    }
    for (const auto& [id, customer] : customers) {
      if (dimension == v1::REVENUE_DIMENSION_CUSTOMER_SEGMENT) {
        attribute.text_by_id[id] = customer.segment;
      }
    }
    return attribute;
  }
};

constexpr const char* kTexts[] = {"", "A", "B", "C", "D"};

class SalesSumsTest : public ::testing::Test {
 protected:
  int Random(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  std::string RandomDay() { return schema::DateText(19'000 + Random(0, days_)); }

  KeptPurchase RandomPurchase(int64_t id) {
    KeptPurchase purchase;
    purchase.transaction_id = id;
    purchase.customer_id = Random(1, 40);
    purchase.amount_cents = Random(0, 5'000);
    purchase.date = RandomDay();
    purchase.channel = kTexts[Random(0, 4)];
    purchase.payment_type = kTexts[Random(0, 2)];
    // One in eight is longer than what is looked through without sorting.
    const int lines = Random(0, 7) == 0 ? Random(33, 80) : Random(0, 6);
    for (int i = 0; i < lines; ++i) {
      purchase.lines.push_back({Random(1, 60), Random(1, 3), Random(0, 1'000)});
      purchase.lines_total_cents += purchase.lines.back().net_cents + Random(0, 20);
    }
    return purchase;
  }

  void Put(const KeptPurchase& purchase) {
    sums_.Put(purchase);
    twin_.purchases[purchase.transaction_id] = purchase;
  }

  // A purchase that is new, or replaces another one, or ends one.
  void PutAny() {
    KeptPurchase purchase = RandomPurchase(Random(1, most_) * int64_t{1'000'000'007});
    const auto stored = twin_.purchases.find(purchase.transaction_id);
    // Corrections often keep the day and the customer.
    if (stored != twin_.purchases.end() && Random(0, 1) == 0) {
      purchase.date = stored->second.date;
      purchase.customer_id = stored->second.customer_id;
    }
    if (Random(0, 5) == 0) purchase.lines.clear();
    Put(purchase);
  }

  void ChangeCatalog() {
    ProductChanges products;
    products.version = sums_.products_version() + 1;
    products.all = sums_.products_version() == 0 || Random(0, 3) == 0;
    if (products.all) twin_.products.clear();
    for (int i = Random(0, 5); i > 0; --i) {
      const ProductAttributes row = {Random(1, 80), kTexts[Random(0, 4)], kTexts[Random(0, 4)]};
      twin_.products[row.product_sku] = row;
      if (!products.all) products.rows.push_back(row);
    }
    if (products.all) {
      for (const auto& [sku, row] : twin_.products) products.rows.push_back(row);
    }
    sums_.TakeProducts(products);
    CustomerChanges customers;
    customers.version = sums_.customers_version() + 1;
    customers.all = sums_.customers_version() == 0 || Random(0, 3) == 0;
    if (customers.all) twin_.customers.clear();
    for (int i = Random(0, 5); i > 0; --i) {
      const CustomerAttributes row = {Random(1, 50), kTexts[Random(0, 4)]};
      twin_.customers[row.customer_id] = row;
      if (!customers.all) customers.rows.push_back(row);
    }
    if (customers.all) {
      for (const auto& [id, row] : twin_.customers) customers.rows.push_back(row);
    }
    sums_.TakeCustomers(customers);
  }

  void ExpectEqualToAScan(const Days& days) {
    SCOPED_TRACE(absl::StrCat("from ", days.first, " to ", days.last));
    const SalesSums::Period period = PeriodOf(days);
    Summary summary;
    twin_.Scan(days, &summary);
    EXPECT_TRUE(sums_.SummaryOf(period) == summary.Figures());
    ProductTotals products;
    twin_.Scan(days, &products);
    std::vector<ProductFigures> wanted = products.All();
    std::vector<ProductFigures> told = ProductsOf(sums_, period);
    const auto limit = static_cast<size_t>(Random(1, 100));
    KeepBestProducts(limit, &wanted);
    KeepBestProducts(limit, &told);
    EXPECT_TRUE(told == wanted);
    for (int i = v1::REVENUE_DIMENSION_PRODUCT_CATEGORY; i <= v1::REVENUE_DIMENSION_CUSTOMER; ++i) {
      const auto dimension = static_cast<v1::RevenueDimension>(i);
      RevenueGroups groups(dimension, twin_.AttributeOf(dimension));
      twin_.Scan(days, &groups);
      std::vector<GroupFigures> scanned = groups.All();
      std::vector<GroupFigures> summed = GroupsOf(sums_, dimension, period, limit);
      KeepBestGroups(dimension, limit, &scanned);
      KeepBestGroups(dimension, limit, &summed);
      EXPECT_TRUE(summed == scanned) << v1::RevenueDimension_Name(dimension);
    }
  }

  std::mt19937_64 random_{1};
  int days_ = 200;
  int most_ = 2'000;
  SalesSums sums_;
  Twin twin_;
};

TEST_F(SalesSumsTest, EmptySumsAreZero) {
  EXPECT_TRUE(sums_.Settle());
  ExpectEqualToAScan({});
  ExpectEqualToAScan({"2024-01-01", "2024-12-31"});
}

TEST_F(SalesSumsTest, AgreeWithAScanAfterRandomChanges) {
  ForEachSeed(12, [&](uint64_t seed) {
    random_.seed(seed);
    days_ = seed % 3 == 0 ? 3 : 400;
    most_ = seed % 2 == 0 ? 50 : 2'000;
    sums_ = SalesSums(seed % 4 == 0 ? 50 : 1'000);
    twin_ = Twin();
    for (int round = 0; round < 20; ++round) {
      for (int i = Random(0, 400); i > 0; --i) PutAny();
      if (Random(0, 2) == 0) ChangeCatalog();
      ASSERT_TRUE(sums_.Settle());
      std::string first = RandomDay();
      std::string last = RandomDay();
      if (last < first) std::swap(first, last);
      ExpectEqualToAScan({});
      ExpectEqualToAScan({first, ""});
      ExpectEqualToAScan({"", last});
      ExpectEqualToAScan({first, last});
      ExpectEqualToAScan({first, first});
    }
  });
}

TEST_F(SalesSumsTest, DaysBefore1970Count) {
  for (int64_t id = 1; id <= 200; ++id) {
    KeptPurchase purchase = RandomPurchase(id);
    purchase.date = schema::DateText(Random(-100, 100));
    Put(purchase);
  }
  ASSERT_TRUE(sums_.Settle());
  ExpectEqualToAScan({"1969-11-20", "1970-01-20"});
  ExpectEqualToAScan({"1969-12-31", "1969-12-31"});
}

TEST_F(SalesSumsTest, SumsThatMightOverflowAreOfNoUse) {
  KeptPurchase purchase = RandomPurchase(1);
  purchase.lines.assign(10'000, {1, 1, 999'999'999'999});
  for (int64_t id = 1; id <= 461; ++id) {
    purchase.transaction_id = id;
    sums_.Put(purchase);
    ASSERT_TRUE(sums_.Settle());
  }
  purchase.transaction_id = 462;
  sums_.Put(purchase);
  EXPECT_FALSE(sums_.Settle());
}

TEST_F(SalesSumsTest, SumsWithADamagedDateAreOfNoUse) {
  KeptPurchase purchase = RandomPurchase(1);
  purchase.lines = {{1, 1, 100}};
  purchase.date = "2024-02-30";
  sums_.Put(purchase);
  EXPECT_FALSE(sums_.Settle());
}

TEST_F(SalesSumsTest, WhatIsReplacedTakesNoMemoryForGood) {
  for (int round = 0; round < 40; ++round) {
    for (int64_t id = 1; id <= 2'000; ++id) Put(RandomPurchase(id));
    ASSERT_TRUE(sums_.Settle());
  }
  EXPECT_LT(sums_.bytes(), size_t{6} << 20);
  ExpectEqualToAScan({});
}

}  // namespace
}  // namespace clustr::sales
