#include "absl/strings/str_cat.h"
#include "common/storage/file/opening.h"
#include "common/storage/store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/storage/store/store_fixture.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"

namespace clustr::storage {
namespace {

using catalog::v1::Product;
using ::testing::ElementsAre;
using testing::Fails;
using testing::IsOk;
using testing::ReadInteger;
using testing::Write;

// The former version let an import bring the greatest id, after which no row got one.
class PoisonedCounterTest : public StoreTest {
 protected:
  static constexpr int64_t kGreatest = (int64_t{1} << 53) - 1;

  PoisonedCounterTest() {
    const auto insert = [&](WriteContext& context, int64_t id) {
      Product product;
      product.set_product_sku(id);
      product.set_revision(context.Revision());
      products_.Insert(context.session(), product);
      context.RaiseId("products", id);
      context.AddRows("products", 1);
    };
    EXPECT_THAT(Write(*store_,
                      [&](WriteContext& context) {
                        for (const int64_t id : {int64_t{5}, int64_t{8}, kGreatest}) {
                          insert(context, id);
                        }
                        products_.Delete(context.session(), 8, context.Revision());
                        return absl::OkStatus();
                      }),
                IsOk());
  }
};

TEST_F(PoisonedCounterTest, IsReportedWithItsRemedy) {
  EXPECT_THAT(store_->Problems(),
              ElementsAre("only 0 ids are left for new rows of products; restart this server, "
                          "which then continues after the greatest id of at most "
                          "9006099743113215"));
}

TEST_F(PoisonedCounterTest, ContinuesAfterTheGreatestUsableIdAtTheNextStart) {
  Reopen();
  EXPECT_THAT(store_->Problems(), ::testing::IsEmpty());
  int64_t id = 0;
  EXPECT_THAT(Write(*store_,
                    [&](WriteContext& context) {
                      id = Add(context);
                      return absl::OkStatus();
                    }),
              IsOk());
  EXPECT_EQ(id, 9);  // 8 was deleted, and an id is never used twice.
  Reopen();
  EXPECT_EQ(ReadInteger(*store_, "SELECT value FROM clustr_counters WHERE name = 'ids:products'"),
            9);
}

// Found by catalog_rows_fuzz: with a damaged counter, every new row failed for ever.
TEST_F(StoreTest, AnIdCounterThatLagsBehindTheRowsIsRaisedAtTheNextStart) {
  for (const char* damage :
       {"UPDATE clustr_counters SET value = 1 WHERE name = 'ids:products'",
        "UPDATE clustr_counters SET value = -9223372036854775808 WHERE name = 'ids:products'",
        "UPDATE clustr_counters SET name = x'ff80' WHERE name = 'ids:products'"}) {
    SCOPED_TRACE(damage);
    for (int i = 0; i < 3; ++i) EXPECT_THAT(Write(*store_, Adding()), IsOk());
    EXPECT_THAT(Write(*store_,
                      [&](WriteContext& context) {
                        context.session().Run(damage);
                        return absl::OkStatus();
                      }),
                IsOk());
    Reopen();
    EXPECT_THAT(Write(*store_, Adding()), IsOk());
  }
}

TEST_F(StoreTest, AHeadRevisionThatLagsBehindTheRowsIsRaisedAtTheNextStart) {
  for (const char* damage :
       {"UPDATE clustr_counters SET value = 1 WHERE name = 'head_revision'",
        "UPDATE clustr_counters SET value = -9223372036854775808 WHERE name = 'head_revision'",
        "DELETE FROM clustr_counters WHERE name = 'head_revision'"}) {
    for (const bool newest_is_removed : {false, true}) {
      SCOPED_TRACE(absl::StrCat(damage, newest_is_removed ? ", newest is removed" : ""));
      int64_t id = 0;
      EXPECT_THAT(Write(*store_,
                        [&](WriteContext& context) {
                          id = Add(context);
                          return absl::OkStatus();
                        }),
                  IsOk());
      if (newest_is_removed) {
        EXPECT_THAT(Write(*store_,
                          [&](WriteContext& context) {
                            products_.Delete(context.session(), id, context.Revision());
                            return absl::OkStatus();
                          }),
                    IsOk());
      }
      const int64_t newest = store_->head_revision();
      store_.reset();
      {
        Session session;
        OpenSession(folder_.File("test.db"), nullptr, &session);
        session.Run(damage);
      }
      store_ = Open();
      EXPECT_EQ(store_->head_revision(), newest);
    }
  }
}

// Found by catalog_rows_fuzz: the server ended with `the database failed` alone.
TEST_F(StoreTest, SystemTablesThatCannotBeUsedAreExplainedAtTheStart) {
  EXPECT_THAT(Write(*store_,
                    [](WriteContext& context) {
                      context.session().Run("UPDATE OR IGNORE clustr_columns SET column_name = 0");
                      return absl::OkStatus();
                    }),
              IsOk());
  store_.reset();
  EXPECT_THAT(Store::Open(folder_.DatabaseUrl(), {Product::descriptor()}, 1, &pool_),
              Fails(absl::StatusCode::kFailedPrecondition, "",
                    "do not fit together; restore the database from a backup"));
}

TEST_F(StoreTest, CountersAreThereAfterARestart) {
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Write(*store_, Adding()), IsOk());
  Reopen();
  EXPECT_EQ(store_->head_revision(), 3);
  EXPECT_EQ(store_->RowCount("products"), 3);
  EXPECT_EQ(Products(), 3);
}

}  // namespace
}  // namespace clustr::storage
