#include "common/storage/changes.h"

#include <random>
#include <set>

#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/test_database.h"

namespace clustr::storage {

void PrintTo(const ChangePlace& place, std::ostream* out) {
  *out << place.revision << "/" << place.kind << "/" << place.id;
}

namespace {

using catalog::v1::Product;
using catalog::v1::Timeframe;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kProduct = 0;
constexpr int64_t kRemovedProduct = 1;
constexpr int64_t kTimeframe = 2;
constexpr int64_t kRemovedTimeframe = 3;

class ChangeScanTest : public ::testing::Test {
 protected:
  void Do(const std::function<void(Session&)>& work) {
    const absl::Status written = testing::Write(*store_, [&](WriteContext& context) {
      work(context.session());
      return absl::OkStatus();
    });
    ASSERT_THAT(written, testing::IsOk());
  }

  // Adds a row, or its tombstone, whose latest change is at `place`.
  void Put(Session& session, const ChangePlace& place) {
    Product product;
    product.set_product_sku(place.id);
    product.set_revision(place.revision);
    Timeframe day;
    day.set_time_id(place.id);
    day.set_date(std::to_string(place.id));
    day.set_revision(place.revision);
    switch (place.kind) {
      case kProduct:
        return products_.Insert(session, product);
      case kTimeframe:
        return timeframes_.Insert(session, day);
      case kRemovedProduct:
        return products_.Delete(session, place.id, place.revision);
      default:
        return timeframes_.Delete(session, place.id, place.revision);
    }
  }

  std::vector<ChangePlace> Next(const ChangePlace& after, bool with_removals = true,
                                int64_t limit = 100) {
    std::vector<ChangePlace> places;
    const absl::Status read = store_->Read([&](Session& session) {
      places = scan_.Next(session, after, with_removals, limit);
      return absl::OkStatus();
    });
    EXPECT_THAT(read, testing::IsOk());
    return places;
  }

  testing::TestDatabase database_;
  ThreadPool pool_{2};
  std::unique_ptr<Store> store_ = *Store::Open(
      database_.url(), {Product::descriptor(), Timeframe::descriptor()}, 1, &pool_);
  const Table products_{*Product::descriptor()};
  const Table timeframes_{*Timeframe::descriptor()};
  const ChangeScan scan_{{&products_, &timeframes_}};
};

TEST_F(ChangeScanTest, OrdersByRevisionThenKindThenId) {
  const std::vector<ChangePlace> all = {
      {1, kProduct, 4},   {2, kProduct, 1},   {2, kProduct, 3},          {2, kRemovedProduct, 2},
      {2, kTimeframe, 1}, {2, kTimeframe, 2}, {2, kRemovedTimeframe, 9}, {3, kRemovedProduct, 9},
  };
  Do([&](Session& session) {
    for (auto place = all.rbegin(); place != all.rend(); ++place) Put(session, *place);
  });
  EXPECT_EQ(Next({}), all);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(Next(all[i]), std::vector<ChangePlace>(all.begin() + i + 1, all.end())) << i;
    EXPECT_EQ(Next({}, true, i), std::vector<ChangePlace>(all.begin(), all.begin() + i)) << i;
  }
}

TEST_F(ChangeScanTest, ListsRemovalsOnlyOnRequest) {
  Do([&](Session& session) {
    Put(session, {1, kProduct, 1});
    Put(session, {2, kRemovedProduct, 2});
    Put(session, {3, kTimeframe, 1});
  });
  EXPECT_THAT(Next({}, false),
              ElementsAre(ChangePlace{1, kProduct, 1}, ChangePlace{3, kTimeframe, 1}));
}

TEST_F(ChangeScanTest, AnEmptyStoreHasNoChanges) { EXPECT_THAT(Next({}), IsEmpty()); }

TEST_F(ChangeScanTest, BatchesOfAnySizeListEveryChangeOnce) {
  std::mt19937 random(5);
  std::set<ChangePlace> all;
  Do([&](Session& session) {
    for (int64_t id = 1; id <= 600; ++id) {
      // Only five revisions, so that each has many rows.
      const ChangePlace place = {static_cast<int64_t>(1 + random() % 5),
                                 static_cast<int64_t>(random() % 4), id};
      Put(session, place);
      all.insert(place);
    }
  });
  for (const int64_t limit : {1, 7, 100, 599, 600, 601}) {
    std::vector<ChangePlace> met;
    ChangePlace after;
    while (true) {
      const auto batch = Next(after, true, limit);
      if (batch.empty()) break;
      ASSERT_LE(batch.size(), limit);
      met.insert(met.end(), batch.begin(), batch.end());
      after = batch.back();
    }
    EXPECT_EQ(met, std::vector<ChangePlace>(all.begin(), all.end())) << limit;
  }
}

TEST_F(ChangeScanTest, AnswersWhichTableAndWhetherRemoved) {
  EXPECT_EQ((ChangePlace{1, kRemovedTimeframe, 1}).table(), 1);
  EXPECT_TRUE((ChangePlace{1, kRemovedTimeframe, 1}).removed());
  EXPECT_EQ((ChangePlace{1, kProduct, 1}).table(), 0);
  EXPECT_FALSE((ChangePlace{1, kProduct, 1}).removed());
}

TEST_F(ChangeScanTest, TheHeadIsTheNewestCommittedRevision) {
  const auto head = [&] {
    int64_t head = -1;
    const absl::Status read = store_->Read([&](Session& session) {
      head = HeadRevision(session);
      return absl::OkStatus();
    });
    EXPECT_THAT(read, testing::IsOk());
    return head;
  };
  EXPECT_EQ(head(), 0);
  for (int64_t expected = 1; expected <= 3; ++expected) {
    EXPECT_THAT(testing::Write(*store_,
                               [](WriteContext& context) {
                                 context.Revision();
                                 return absl::OkStatus();
                               }),
                testing::IsOk());
    EXPECT_EQ(head(), expected);
  }
}

}  // namespace
}  // namespace clustr::storage
