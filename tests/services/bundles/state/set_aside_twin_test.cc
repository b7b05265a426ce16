// A shop that follows streams with wrong rows in them, beside one that is built from the right rows
// alone: they hold the same after each message, whatever comes twice, is mended, spoilt or removed.

#include <map>
#include <random>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/streaming/inspection/set_aside.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/state/shop_replica.h"

namespace clustr::bundles {
namespace {

using catalog::v1::CatalogChange;
using catalog::v1::StreamCatalogResponse;
using sales::v1::BasketChange;
using sales::v1::StreamSalesResponse;

constexpr int kRounds = 40;
constexpr int kMessages = 40;
constexpr int64_t kIds = 12;  // So few that rows are changed often.

// The followed shop, without a network.
class Shop {
 public:
  template <class Message>
  void Take(Message message) {
    if constexpr (std::is_same_v<Message, StreamSalesResponse>) {
      EXPECT_EQ(sales_set_aside_.Take(&message), "");
      replica_.sales()->Apply(message);
    } else {
      EXPECT_EQ(catalog_set_aside_.Take(&message), "");
      replica_.catalog()->Apply(message);
    }
  }

  std::set<std::string> SetAside() const {
    std::set<std::string> rows;
    for (const streaming::SetAside* side : {&sales_set_aside_, &catalog_set_aside_}) {
      ops::v1::Upstream upstream;
      side->Report(&upstream);
      for (const std::string& row : upstream.set_aside()) rows.insert(row.substr(0, row.find(':')));
    }
    return rows;
  }

  // Every basket with its lines, and the names and ids of what catalog has.
  std::set<std::string> Contents() const {
    const index::Snapshot& shop = *states_.newest()->shop;
    std::set<std::string> rows;
    for (index::Slot slot = 0; slot < shop.slot_count(); ++slot) {
      if (!shop.alive(slot)) continue;
      std::set<int64_t> skus;
      for (const index::Item item : shop.items(slot)) skus.insert(shop.sku_of(item));
      std::string row = absl::StrCat("basket ", shop.transaction_id(slot), ":");
      for (const int64_t sku : skus) absl::StrAppend(&row, " ", sku);
      rows.insert(std::move(row));
    }
    for (int64_t id = 1; id <= kIds; ++id) {
      const auto item = shop.item_of(id);
      const index::Product* const product = item ? shop.product(*item) : nullptr;
      if (product != nullptr) {
        rows.insert(absl::StrCat("product ", id, " ", product->price_cents));
      }
      const auto customer = shop.customer(id);
      if (customer) rows.insert(absl::StrCat("customer ", id, " ", customer->city));
    }
    EXPECT_EQ(shop.product_count() + shop.customer_count() + shop.basket_count(),
              static_cast<int64_t>(rows.size()));
    return rows;
  }

 private:
  ThreadPool pool_{1};
  CallSlots slots_{{"parked", "calls that wait for a revision", 1000, 1000}};
  PublishedStates states_{&pool_, &slots_, [] {}};
  ShopReplica replica_{&states_};
  streaming::SetAside sales_set_aside_;
  streaming::SetAside catalog_set_aside_;
};

// The right rows by their names, and the names of the wrong ones.
template <class Change>
struct Truth {
  std::map<std::string, Change> right;
  std::set<std::string> wrong;

  void Take(const std::string& name, const Change& change, bool is_wrong) {
    right.erase(name);
    wrong.erase(name);
    if (is_wrong) {
      wrong.insert(name);
    } else {
      right[name] = change;
    }
  }
};

class Stream {
 public:
  explicit Stream(uint32_t seed) : random_(seed) {}

  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint32_t>(bound)); }

  // A change of some purchase. Names it.
  BasketChange Purchase(std::string* name, bool* is_wrong) {
    BasketChange change;
    change.set_transaction_id(1 + Below(kIds));
    *name = absl::StrCat("purchase ", change.transaction_id());
    change.set_epoch_day(19'000 + Below(10));
    *is_wrong = Below(3) == 0;
    if (!*is_wrong && Below(5) == 0) {
      change.set_deleted(true);
      return change;
    }
    for (int lines = 1 + Below(4); lines > 0; --lines) {
      change.add_product_sku(1 + Below(kIds));
      change.add_quantity(1 + Below(3));
      change.add_unit_price_cents(Below(1000));
    }
    const int last = change.product_sku_size() - 1;
    if (*is_wrong) {
      const int how = Below(5);
      if (how == 0) change.set_quantity(last, -Below(2));
      if (how == 1) change.set_unit_price_cents(last, -1);
      if (how == 2) change.set_product_sku(last, 0);
      if (how == 3) change.mutable_unit_price_cents()->RemoveLast();
      if (how == 4) change.set_deleted(true);
    }
    return change;
  }

  // A change of some product or customer. Names it.
  CatalogChange Row(std::string* name, bool* is_wrong) {
    CatalogChange change;
    const int64_t id = 1 + Below(kIds);
    *is_wrong = false;
    if (Below(2) == 0) {
      *name = absl::StrCat("customer ", id);
      if (Below(4) == 0) {
        change.set_deleted_customer_id(id);
      } else {
        change.mutable_customer()->set_customer_id(id);
        change.mutable_customer()->set_city(absl::StrCat("city ", Below(5)));
      }
      return change;
    }
    *name = absl::StrCat("product ", id);
    if (Below(5) == 0) {
      change.set_deleted_product_sku(id);
      return change;
    }
    *is_wrong = Below(3) == 0;
    change.mutable_product()->set_product_sku(id);
    change.mutable_product()->set_price(*is_wrong ? -0.5 : Below(10));
    return change;
  }

 private:
  std::mt19937 random_;
};

template <class Message>
void Number(int64_t revision, Message* message) {
  message->set_store_id("one");
  message->set_revision(revision);
  message->set_head_revision(revision);
}

void Round(uint32_t seed) {
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Stream stream(seed);
  Shop shop;
  Truth<BasketChange> sales;
  Truth<CatalogChange> catalog;
  for (int64_t revision = 1; revision <= kMessages; ++revision) {
    std::string name;
    bool is_wrong = false;
    StreamSalesResponse more_sales;
    StreamCatalogResponse more_catalog;
    for (int rows = stream.Below(4); rows > 0; --rows) {
      *more_sales.add_changes() = stream.Purchase(&name, &is_wrong);
      sales.Take(name, *more_sales.changes().rbegin(), is_wrong);
      *more_catalog.add_changes() = stream.Row(&name, &is_wrong);
      catalog.Take(name, *more_catalog.changes().rbegin(), is_wrong);
    }
    Number(revision, &more_sales);
    Number(revision, &more_catalog);
    for (int times = 1 + stream.Below(2); times > 0; --times) {
      shop.Take(more_sales);
      shop.Take(more_catalog);
    }

    Shop twin;
    StreamSalesResponse right_sales;
    StreamCatalogResponse right_catalog;
    for (const auto& [row, change] : sales.right) *right_sales.add_changes() = change;
    for (const auto& [row, change] : catalog.right) *right_catalog.add_changes() = change;
    Number(revision, &right_sales);
    Number(revision, &right_catalog);
    twin.Take(std::move(right_sales));
    twin.Take(std::move(right_catalog));
    ASSERT_EQ(shop.Contents(), twin.Contents()) << "at revision " << revision;
    ASSERT_THAT(twin.SetAside(), ::testing::IsEmpty());
    std::set<std::string> wrong = sales.wrong;
    wrong.insert(catalog.wrong.begin(), catalog.wrong.end());
    ASSERT_EQ(shop.SetAside(), wrong) << "at revision " << revision;
  }
}

TEST(SetAsideTwinTest, AShopThatSetsRowsAsideIsTheShopOfTheOthers) {
  for (uint32_t seed = 1; seed <= kRounds; ++seed) Round(seed);
}

}  // namespace
}  // namespace clustr::bundles
