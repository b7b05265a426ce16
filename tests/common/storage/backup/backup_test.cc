#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "common/backup/chunk_chain.h"
#include "common/storage/changes.h"
#include "common/storage/request_log.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/test_database.h"

namespace clustr::storage {
namespace {

using catalog::v1::Customer;
using catalog::v1::Product;
using ops::v1::BackupChunk;
using ops::v1::BackupContent;
using testing::BackUp;
using testing::DigestOf;
using testing::Fails;
using testing::IsOk;
using testing::ReadInteger;
using testing::Restore;
using testing::Write;
using Chunks = std::vector<BackupChunk>;

constexpr absl::StatusCode kRefused = absl::StatusCode::kFailedPrecondition;

class BackupTest : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open(const std::string& name,
                              std::vector<const google::protobuf::Descriptor*> models = {
                                  Product::descriptor(), Customer::descriptor()}) {
    auto store = Store::Open(databases_[name].url(), models, 2, &pool_);
    EXPECT_THAT(store, IsOk());
    return *std::move(store);
  }

  // Adds products with and without each kind of value, of which every tenth is removed again, 100
  // with each revision.
  void Fill(Store& store, int count) {
    const Table products(*Product::descriptor());
    for (int from = 0; from < count; from += 100) {
      const auto add = [&](WriteContext& context) {
        int64_t first = 0;
        for (int added = from; added < from + 100 && added < count; ++added) {
          const int64_t i = context.NextId("products");
          if (first == 0) first = i;
          Product row;
          row.set_product_sku(i);
          row.set_product_name(absl::StrCat("Cap \xC3\xA9 '", i));
          if (i % 2 == 0) row.set_external_id(absl::StrCat("x-", i));
          if (i % 3 == 0) row.set_category(std::string(i % 250, 'c'));
          if (i % 5 == 0) row.set_unit_cost(static_cast<double>(i));
          row.set_price(static_cast<double>(i));
          row.set_revision(context.Revision());
          products.Insert(context.session(), row);
          context.AddRows("products", 1);
          if (i % 10 != 0) continue;
          products.Delete(context.session(), i, context.Revision());
          context.AddRows("products", -1);
        }
        RememberAnswer(context.session(), KeyOf(first), absl::StrCat("answer ", first),
                       absl::FromUnixSeconds(1'700'000'000));
        return absl::OkStatus();
      };
      ASSERT_THAT(Write(store, add), IsOk());
    }
  }

  static RetryKey KeyOf(int64_t i) { return {"/Products/Create", absl::StrCat("id-", i), "aa"}; }

  // The same backup with another content in one place, and right checksums.
  static Chunks Edited(const Chunks& chunks, std::function<void(BackupContent*)> edit) {
    backup::ChunkChain chain;
    backup::Sha256 data;
    bool shop_data = false;
    Chunks edited;
    for (const BackupChunk& chunk : chunks) {
      BackupContent content;
      content.ParseFromString(chunk.content());
      edit(&content);
      if (content.has_table()) shop_data = content.table().shop_data();
      if (content.has_end()) content.mutable_end()->set_data_sha256(data.Digest());
      std::string bytes = content.SerializeAsString();
      if (shop_data && (content.has_table() || content.has_rows())) data.Add(bytes);
      chain.Seal(std::move(bytes), &edited.emplace_back());
    }
    return edited;
  }

  static void ExpectEmpty(Store& store) {
    EXPECT_EQ(store.head_revision(), 0);
    EXPECT_EQ(store.RowCount("products"), 0);
    for (const char* table : {"products", "tombstones", "request_log"}) {
      EXPECT_EQ(ReadInteger(store, absl::StrCat("SELECT COUNT(*) FROM ", table)), 0) << table;
    }
  }

  std::map<std::string, testing::TestDatabase> databases_;  // By name.
  ThreadPool pool_{2};
};

TEST_F(BackupTest, EverythingComesBack) {
  const auto source = Open("a.db");
  Fill(*source, 3000);
  const Chunks chunks = BackUp(*source);
  EXPECT_GT(chunks.size(), 5);
  auto target = Open("b.db");
  ASSERT_THAT(Restore(*target, chunks), IsOk());
  const auto check = [&] {
    EXPECT_EQ(DigestOf(BackUp(*target)), DigestOf(chunks));
    EXPECT_EQ(target->head_revision(), source->head_revision());
    EXPECT_EQ(target->RowCount("products"), 2700);
    EXPECT_THAT(target->Read([&](Session& session) {
      EXPECT_EQ(Table(*Product::descriptor()).RemovedAt(session, 2990), 30);
      EXPECT_EQ(**FindAnswer(session, KeyOf(101)), "answer 101");
      return absl::OkStatus();
    }),
                IsOk());
  };
  check();
  target.reset();
  target = Open("b.db");
  check();
  // Neither ids nor revisions are used again.
  ASSERT_THAT(Write(*target,
                    [](WriteContext& context) {
                      EXPECT_EQ(context.NextId("products"), 3001);
                      EXPECT_EQ(context.Revision(), 31);
                      return absl::OkStatus();
                    }),
              IsOk());
}

TEST_F(BackupTest, AnEmptyDatabaseCanBeRestored) {
  const auto source = Open("a.db");
  const auto target = Open("b.db");
  ASSERT_THAT(Restore(*target, BackUp(*source)), IsOk());
  ExpectEmpty(*target);
}

TEST_F(BackupTest, HasOneStateWhileWritesGoOn) {
  const auto source = Open("a.db");
  Fill(*source, 2000);
  auto snapshot = *source->OpenSnapshot("1");
  Fill(*source, 100);
  Chunks chunks;
  BackupChunk chunk;
  while (*snapshot->Next(&chunk)) {
    chunks.push_back(chunk);
    if (chunks.size() < 5) Fill(*source, 100);
  }
  snapshot.reset();
  const auto target = Open("b.db");
  ASSERT_THAT(Restore(*target, chunks), IsOk());
  EXPECT_EQ(target->head_revision(), 20);
  EXPECT_EQ(target->RowCount("products"), 1800);
  EXPECT_EQ(ReadInteger(*target, "SELECT COUNT(*) FROM products"), 1800);
}

TEST_F(BackupTest, FollowersOfTheBackedUpServerResumeAsFarAsTheBackupGoes) {
  auto source = Open("a.db");
  Fill(*source, 200);
  const std::string first = source->store_id();
  source.reset();
  source = Open("a.db");
  Fill(*source, 300);
  const Chunks chunks = BackUp(*source);
  Fill(*source, 100);
  const auto target = Open("b.db");
  const std::string own = target->store_id();
  int restores = 0;
  target->OnRestore([&] { ++restores; });
  ASSERT_THAT(Restore(*target, chunks), IsOk());
  EXPECT_EQ(restores, 1);
  EXPECT_EQ(target->store_id(), own);
  EXPECT_TRUE(target->CanResume(first, 2));
  EXPECT_FALSE(target->CanResume(first, 3));
  EXPECT_TRUE(target->CanResume(source->store_id(), 5));
  EXPECT_FALSE(target->CanResume(source->store_id(), 6)) << "which the backup does not have";
  EXPECT_TRUE(target->CanResume(own, 0));
  EXPECT_TRUE(target->CanResume(own, 5));
}

TEST_F(BackupTest, AnIdThatIsKnownToBeInUseIsNotGivenOut) {
  const auto source = Open("a.db");
  Fill(*source, 10);
  const auto target = Open("b.db");
  ASSERT_THAT(Write(*target,
                    [](WriteContext& context) {
                      context.RaiseId("products", 500);  // As sales tells catalog.
                      return absl::OkStatus();
                    }),
              IsOk());
  ASSERT_THAT(Restore(*target, BackUp(*source)), IsOk());
  ASSERT_THAT(Write(*target,
                    [](WriteContext& context) {
                      EXPECT_EQ(context.NextId("products"), 501);
                      return absl::OkStatus();
                    }),
              IsOk());
}

TEST_F(BackupTest, AServerThatHadRowsIsNotRestored) {
  const auto source = Open("a.db");
  Fill(*source, 10);
  const auto target = Open("b.db");
  Fill(*target, 1);
  EXPECT_THAT(Restore(*target, BackUp(*source)),
              Fails(kRefused, "NOT_EMPTY", "its newest revision is 1"));
  EXPECT_EQ(target->RowCount("products"), 1);
}

TEST_F(BackupTest, OfAnotherServiceIsRefused) {
  const auto source = Open("a.db", {sales::v1::Sale::descriptor()});
  const auto target = Open("b.db");
  EXPECT_THAT(Restore(*target, BackUp(*source)),
              Fails(kRefused, "BACKUP_REFUSED", "this is a backup of clustr-sales"));
  ExpectEmpty(*target);
}

TEST_F(BackupTest, OfANewerVersionIsRefused) {
  const auto source = Open("a.db");
  Fill(*source, 10);
  const Chunks chunks = BackUp(*source);
  const auto target = Open("b.db");
  const auto expect_refused = [&](const std::string& why,
                                  std::function<void(BackupContent*)> edit) {
    EXPECT_THAT(Restore(*target, Edited(chunks, std::move(edit))),
                Fails(kRefused, "BACKUP_REFUSED", why));
    ExpectEmpty(*target);
  };
  EXPECT_THAT(Restore(*Open("c.db"), Edited(chunks, [](BackupContent*) {})), IsOk());
  expect_refused("format 2", [](BackupContent* content) {
    if (content->has_header()) content->mutable_header()->set_format(2);
  });
  expect_refused("its database has format 99", [](BackupContent* content) {
    if (content->has_header()) content->mutable_header()->set_database_format(99);
  });
  expect_refused("table products has the column category, which this server does not know",
                 [](BackupContent* content) {
                   if (!content->has_table()) return;
                   for (auto& column : *content->mutable_table()->mutable_columns()) {
                     if (column.name() == "category") column.set_field_number(99);
                   }
                 });
  expect_refused("column price_cents of table products is BIGINT NOT NULL, and here BIGINT",
                 [](BackupContent* content) {
                   if (!content->has_table()) return;
                   for (auto& column : *content->mutable_table()->mutable_columns()) {
                     if (column.name() == "price_cents") column.set_type("BIGINT NOT NULL");
                   }
                 });
  expect_refused("this server has no table \"coupons\"", [](BackupContent* content) {
    if (content->has_table() && content->table().name() == "customers") {
      content->mutable_table()->set_name("coupons");
    }
  });
}

TEST_F(BackupTest, OfAnOlderVersionGetsTheNewColumns) {
  const auto source = Open("a.db");
  Fill(*source, 20);
  // As if the column category had been added since.
  Chunks chunks = BackUp(*source);
  int at = -1;
  chunks = Edited(chunks, [&](BackupContent* content) {
    if (content->has_table()) {
      at = -1;
      for (int i = 0; i < content->table().columns_size(); ++i) {
        if (content->table().columns(i).name() == "category") at = i;
      }
      if (at >= 0) content->mutable_table()->mutable_columns()->DeleteSubrange(at, 1);
    } else if (content->has_rows() && at >= 0) {
      content->mutable_rows()->mutable_columns()->DeleteSubrange(at, 1);
    }
  });
  const auto target = Open("b.db");
  ASSERT_THAT(Restore(*target, chunks), IsOk());
  EXPECT_EQ(ReadInteger(*target, "SELECT COUNT(*) FROM products WHERE category IS NULL"), 18);
}

TEST_F(BackupTest, RowsThatContradictEachOtherAreRefused) {
  const auto source = Open("a.db");
  Fill(*source, 50);
  const Chunks chunks = BackUp(*source);
  const auto target = Open("b.db");
  EXPECT_THAT(
      Restore(*target, Edited(chunks,
                              [](BackupContent* content) {
                                if (!content->has_header()) return;
                                (*content->mutable_header()->mutable_row_counts())["products"] = 7;
                              })),
      Fails(kRefused, "BACKUP_REFUSED", "45 rows of products where its header tells of 7"));
  ExpectEmpty(*target);
  bool products = false;
  EXPECT_THAT(Restore(*target, Edited(chunks,
                                      [&](BackupContent* content) {
                                        if (content->has_table()) {
                                          products = content->table().name() == "products";
                                        }
                                        if (!products || !content->has_rows()) return;
                                        // Two rows with the same id.
                                        auto& ids = *content->mutable_rows()->mutable_columns(0);
                                        ids.set_integers(1, ids.integers(0));
                                      })),
              Fails(kRefused, "BACKUP_REFUSED", "do not fit together"));
  ExpectEmpty(*target);
}

// Each of them is refused, and nothing of it is stored. The last chunk, too, must have arrived.
TEST_F(BackupTest, DamagedBackupsAreRefused) {
  const uint64_t seed = std::random_device()() % 99'999 + 1;
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  const auto source = Open("a.db");
  Fill(*source, 400);
  const Chunks chunks = BackUp(*source);
  const auto other_source = Open("other.db");
  Fill(*other_source, 300);
  const Chunks others = BackUp(*other_source);
  const auto target = Open("b.db");
  for (int i = 0; i < 100; ++i) {
    Chunks damaged = chunks;
    // A last chunk that comes twice would never be read.
    const size_t at = random() % (damaged.size() - (i % 6 == 3 ? 1 : 0));
    switch (i % 6) {
      case 0: {
        std::string bytes = damaged[at].content();
        bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
        damaged[at].set_content(bytes);
        break;
      }
      case 1:
        damaged.resize(at);
        break;
      case 2:
        damaged.erase(damaged.begin() + at);
        break;
      case 3:
        damaged.insert(damaged.begin() + at, damaged[at]);
        break;
      case 4:
        std::swap(damaged[at], damaged[at == 0 ? 1 : at - 1]);
        break;
      default:
        damaged[at].set_content(others[std::min(at, others.size() - 1)].content() + " ");
    }
    const absl::Status restored = Restore(*target, damaged);
    EXPECT_THAT(restored, Fails(kRefused, "BACKUP_REFUSED", "")) << "damage " << i << " at " << at;
    ExpectEmpty(*target);
  }
  EXPECT_THAT(Restore(*target, chunks), IsOk());
}

}  // namespace
}  // namespace clustr::storage
