#include "common/storage/file/damage.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/base/errors.h"
#include "common/storage/changes.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "gtest/gtest.h"
#include "tests/common/storage/file/damaged_files.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using catalog::v1::Product;
using testing::Fails;
using testing::IsOk;
using testing::Write;

// Without CLUSTR_LONG, each kind of damage is tried a few times.
int RunsOfEachKind() { return std::getenv("CLUSTR_LONG") != nullptr ? 100 : 5; }

// --gtest_random_seed=N repeats a run.
uint64_t Seed() {
  static const uint64_t seed = [] {
    const int given = GTEST_FLAG_GET(random_seed);
    const uint64_t chosen = given != 0 ? given : std::random_device()() % 99'999 + 1;
    std::cout << "seed " << chosen << "; repeat with --gtest_random_seed=" << chosen << "\n";
    return chosen;
  }();
  return seed;
}

class DamageTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Store>> Open() {
    return Store::Open(folder_.DatabaseUrl(), {Product::descriptor()}, 1, &pool_);
  }

  // Products with texts of all lengths, some of which were removed again, in several transactions.
  void Fill(Store& store, int first, int count) {
    for (int i = first; i < first + count; ++i) {
      EXPECT_THAT(Write(store,
                        [&](WriteContext& context) {
                          Product row;
                          row.set_product_sku(context.NextId("products"));
                          row.set_product_name(absl::StrCat("Product ", i));
                          row.set_external_id(absl::StrCat("x-", i));
                          row.set_category(std::string(i % 10 == 0 ? 9000 : i % 50, 'c'));
                          row.set_price(i + 0.25);
                          row.set_revision(context.Revision());
                          products_.Insert(context.session(), row);
                          context.AddRows("products", 1);
                          if (i % 7 == 6) {
                            products_.Delete(context.session(), i - 3, context.Revision());
                            context.AddRows("products", -1);
                          }
                          return absl::OkStatus();
                        }),
                  IsOk());
    }
  }

  // Everything that the store answers, as text; the first error ends it.
  absl::StatusOr<std::string> Answers(Store& store) {
    std::string answers = absl::StrCat(store.head_revision(), " ", store.RowCount("products"));
    const absl::Status read = store.Read([&](Session& session) {
      std::vector<Product> rows;
      products_.Scan(session, 0, 10'000, [&] { return &rows.emplace_back(); });
      for (const Product& row : rows) {
        absl::StrAppend(&answers, "\n", row.ShortDebugString());
        schema::Cell external_id;
        external_id.text = row.external_id();
        const auto& column = products_.columns()[products_.ColumnOf(
            *Product::descriptor()->FindFieldByName("external_id"))];
        absl::StrAppend(&answers, " ", products_.FindId(session, column, external_id));
      }
      const ChangeScan scan({&products_});
      for (const ChangePlace& place : scan.Next(session, {}, true, 10'000)) {
        absl::StrAppend(&answers, "\n", place.revision, " ", place.kind, " ", place.id);
      }
      return absl::OkStatus();
    });
    if (!read.ok()) return read;
    return answers;
  }

  // Damages the files and checks that a server refuses them, or answers right, or notices. Returns
  // which of these it did.
  std::string Try(const Kind& kind, const DatabaseFiles& good, const std::string& expected,
                  std::mt19937_64& random) {
    DatabaseFiles files = good;
    kind.damage(files, random);
    files.Write(path_);
    const auto store = Open();
    if (!store.ok()) {
      EXPECT_EQ(store.status().code(), absl::StatusCode::kFailedPrecondition) << store.status();
      EXPECT_NE(store.status().message().find(path_), std::string::npos) << store.status();
      return "refused";
    }
    const auto answers = Answers(**store);
    if (answers.ok()) {
      EXPECT_EQ(*answers, expected);
      return "right";
    }
    EXPECT_EQ(ReasonOf(answers.status()), common::v1::ERROR_REASON_DATABASE_DAMAGED)
        << answers.status();
    EXPECT_FALSE((*store)->Problems().empty());
    return "noticed";
  }

  void TryAll(const std::vector<Kind>& kinds, const DatabaseFiles& good,
              const std::string& expected) {
    std::mt19937_64 random(Seed());
    for (const Kind& kind : kinds) {
      std::map<std::string, int> fates;
      for (int run = 0; run < RunsOfEachKind(); ++run) {
        ++fates[Try(kind, good, expected, random)];
        ASSERT_FALSE(HasFailure()) << kind.name << ", run " << run << ", seed " << Seed();
      }
      std::cout << kind.name << ":";
      for (const auto& [fate, times] : fates) std::cout << " " << fate << " " << times;
      std::cout << "\n";
    }
  }

  testing::TempFolder folder_;
  const std::string path_ = folder_.File("test.db");
  ThreadPool pool_{2};
  const Table products_{*Product::descriptor()};
};

// Of 70 damaged files, 56 were served, and 9 with wrong data.
TEST_F(DamageTest, ADamagedDatabaseIsRefusedOrAnswersRight) {
  std::string expected;
  {
    const auto store = *Open();
    Fill(*store, 1, 150);
    expected = *Answers(*store);
  }
  TryAll(DatabaseKinds(), DatabaseFiles::Read(path_), expected);
}

TEST_F(DamageTest, ADamagedWalIsRefusedOrAnswersRight) {
  DatabaseFiles other;
  {
    const auto store = *Open();
    Fill(*store, 1, 20);
    other = DatabaseFiles::Read(path_);
  }
  std::filesystem::remove(path_);
  { Fill(**Open(), 1, 60); }
  std::string expected;
  DatabaseFiles killed;
  {
    const auto store = *Open();
    Fill(*store, 61, 40);
    expected = *Answers(*store);
    killed = DatabaseFiles::Read(path_);
  }
  TryAll(WalKinds(other), killed, expected);
}

TEST_F(DamageTest, WhatIsNoDatabaseIsRefused) {
  std::ofstream(path_).close();
  EXPECT_THAT(Open(), Fails(absl::StatusCode::kFailedPrecondition, "",
                            "is empty, so its contents were lost; put a backup in its place"));
  std::ofstream(path_) << "customer_id,first_name\n1,Ada\n";
  EXPECT_THAT(Open(), Fails(absl::StatusCode::kFailedPrecondition, "", "is not a database"));
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_THAT(Open(), Fails(absl::StatusCode::kFailedPrecondition, "", "cannot write to "));
}

TEST_F(DamageTest, DamageWhileItIsServedStopsWritesAndIsReported) {
  { Fill(**Open(), 1, 150); }
  const auto store = *Open();
  EXPECT_TRUE(store->Problems().empty());
  int found = 0;
  store->OnDamage([&] { ++found; });
  DatabaseFiles files = DatabaseFiles::Read(path_);
  for (size_t page = 1; page < files.database.size() / 4096; ++page) {
    files.database[page * 4096 + 2000] ^= 1;
  }
  // In place: the server keeps the file open.
  std::fstream(path_, std::ios::in | std::ios::out | std::ios::binary) << files.database;
  EXPECT_THAT(Answers(*store), Fails(absl::StatusCode::kDataLoss, "DATABASE_DAMAGED",
                                     "GetStatus names the database and the remedy"));
  EXPECT_EQ(found, 1);
  EXPECT_THAT(Write(*store,
                    [](WriteContext& context) {
                      context.Revision();
                      return absl::OkStatus();
                    }),
              Fails(absl::StatusCode::kDataLoss, "DATABASE_DAMAGED",
                    "the database is damaged, so nothing is written to it"));
  ASSERT_EQ(store->Problems().size(), 1u);
  EXPECT_NE(store->Problems()[0].find("does not have its checksum; stop this server"),
            std::string::npos)
      << store->Problems()[0];
}

}  // namespace
}  // namespace clustr::storage
