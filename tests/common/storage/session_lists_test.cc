#include "absl/strings/str_cat.h"
#include "common/storage/ddl.h"
#include "common/storage/listing.h"
#include "gtest/gtest.h"
#include "soci/postgresql/soci-postgresql.h"
#include "soci/sqlite3/soci-sqlite3.h"
#include "tests/common/storage/random_lists.h"
#include "tests/testing/for_each_seed.h"
#include "tests/testing/postgres_server.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using google::protobuf::Message;

// Keeps the same random products in SQLite, in PostgreSQL and in memory.
class SessionListsTest : public ::testing::Test, protected RandomLists {
 protected:
  void SetUp() override {
    sqlite_.sql().open(soci::sqlite3, absl::StrCat("db=", folder_.File("test.db")));
    postgresql_.sql().open(soci::postgresql, server_.NewDatabase("shop"));
    for (const std::string& statement : CreateStatements(model_.descriptor())) {
      sqlite_.Define(statement);
      postgresql_.Define(statement);
    }
  }

  void Add(int count) {
    for (Session* session : {&sqlite_, &postgresql_}) session->Run("BEGIN");
    for (int i = 0; i < count; ++i) {
      TwinRow row = AnyRow();
      const int64_t id = 3 * i + 1;
      row["product_sku"] = id;
      for (Session* session : {&sqlite_, &postgresql_}) table_.Insert(*session, *ToMessage(row));
      rows_[id] = std::move(row);
    }
    for (Session* session : {&sqlite_, &postgresql_}) session->Run("COMMIT");
  }

  // The listed rows, each as its bytes.
  std::vector<std::string> Listed(Session& session, const Listing& listing, const Message& place,
                                  int64_t limit) {
    std::vector<std::unique_ptr<Message>> page;
    listing.Read(session, place, limit, [&] { return page.emplace_back(model_.Text("")).get(); });
    std::vector<std::string> rows;
    for (const auto& row : page) rows.push_back(row->SerializeAsString());
    return rows;
  }

  testing::TempFolder folder_;
  testing::PostgresServer server_;
  Session sqlite_;
  Session postgresql_;
};

TEST_F(SessionListsTest, BothDatabasesListTheSameRowsInTheSameOrder) {
  Add(60);
  int separating = 0;
  ForEachSeed(500, [&](uint64_t seed) {
    random_.seed(seed);
    const TwinFilter filter = AnyFilter(4);
    TwinOrder order = AnyOrder();
    const std::string filter_text = filter.Text(random_);
    SCOPED_TRACE(absl::StrCat("filter ", filter_text, ", order by ", OrderText(order)));
    std::vector<Violation> violations;
    const Listing listing(&table_, filter_text, OrderText(order), &violations);
    ASSERT_TRUE(violations.empty()) << violations[0].description;
    order.emplace_back("product_sku", false);
    // From the start, and after a row that need not match.
    const TwinRow& last = std::next(rows_.begin(), random_() % rows_.size())->second;
    for (const TwinRow* after : {static_cast<const TwinRow*>(nullptr), &last}) {
      auto place = model_.Text("");
      if (after != nullptr) {
        listing.CopyPlace(*ToMessage(*after), place.get());
        schema::SetInt64(place.get(), table_.id_field(),
                         std::get<int64_t>(after->at("product_sku")));
      }
      const std::vector<int64_t> wanted = Wanted(filter, order, after);
      const int64_t limit = 1 + random_() % 60;
      std::vector<std::string> rows;
      for (size_t i = 0; i < wanted.size() && i < static_cast<size_t>(limit); ++i) {
        rows.push_back(ToMessage(rows_.at(wanted[i]))->SerializeAsString());
      }
      ASSERT_EQ(Listed(sqlite_, listing, *place, limit), rows);
      ASSERT_EQ(Listed(postgresql_, listing, *place, limit), rows);
      separating += !wanted.empty() && wanted.size() < rows_.size();
    }
    const auto count = static_cast<int64_t>(Wanted(filter, order, nullptr).size());
    ASSERT_EQ(listing.Count(sqlite_), count);
    ASSERT_EQ(listing.Count(postgresql_), count);
  });
  EXPECT_GT(separating, 400) << "too few of the random filters separate rows";
}

}  // namespace
}  // namespace clustr::storage
