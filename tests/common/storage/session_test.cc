#include "common/storage/session.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "soci/postgresql/soci-postgresql.h"
#include "soci/sqlite3/soci-sqlite3.h"
#include "tests/testing/postgres_server.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using schema::CellType;
using ::testing::ElementsAre;

enum class Engine { kSqlite, kPostgresql };

// Texts that SQL, SOCI or a collation might treat specially.
const std::vector<std::string> kTexts = {
    "",     "a",  "A",  "b",  "B",   "ab",  "a b", " a", "Z",  "z",  "_",    "-",          "'",
    "\"",   "\\", "''", ":k", "$1",  "?",   "::",  "%",  "é",  "e",  "e\u0301", "漢字",     "😀",
    "\r\n", "\t", "ß",  "ss", "\\N", "x'1", "--",  "/*", "NULL", "10", "9",  "\xEF\xBF\xBD"};

// The same statements on each database, with the same answers.
class SessionTest : public ::testing::TestWithParam<Engine> {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<testing::PostgresServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  void SetUp() override {
    if (GetParam() == Engine::kSqlite) {
      session_.sql().open(soci::sqlite3, absl::StrCat("db=", folder_.File("test.db")));
    } else {
      static int databases = 0;
      const std::string name = absl::StrCat("shop", std::string(++databases, 'x'));
      session_.sql().open(soci::postgresql, server_->NewDatabase(name));
    }
    // SQLite compares the bytes of texts unless told otherwise; PostgreSQL must be told to.
    const char* bytes = GetParam() == Engine::kSqlite ? "" : " COLLATE \"C\"";
    session_.Run(absl::StrCat("CREATE TABLE rows (k BIGINT PRIMARY KEY, i BIGINT, ",
                              "r DOUBLE PRECISION, t TEXT", bytes, ")"));
  }

  // Adds a row with one value, and NULL in its other columns.
  void Add(int64_t key, std::optional<int64_t> integer, std::optional<double> real,
           std::optional<std::string> text) {
    Statement& insert = session_.Prepared(
        "INSERT INTO rows (k, i, r, t) VALUES (:k, :i, :r, :t)",
        {CellType::kInteger, CellType::kInteger, CellType::kReal, CellType::kText});
    insert.SetInteger(0, key);
    insert.parameter(1).null = !integer.has_value();
    insert.parameter(1).integer = integer.value_or(0);
    insert.parameter(2).null = !real.has_value();
    insert.parameter(2).real = real.value_or(0);
    insert.parameter(3).null = !text.has_value();
    insert.parameter(3).text = text.value_or("");
    EXPECT_EQ(insert.Change(), 1);
  }

  std::vector<std::string> TextsOf(const std::string& sql) {
    Statement query(session_, sql, {}, {CellType::kText});
    query.Execute();
    std::vector<std::string> texts;
    while (query.Fetch()) texts.push_back(query.result(0).null ? "(null)" : query.text(0));
    return texts;
  }

  static std::unique_ptr<testing::PostgresServer> server_;
  testing::TempFolder folder_;
  Session session_;
};

std::unique_ptr<testing::PostgresServer> SessionTest::server_;

TEST_P(SessionTest, EachValueComesBackAsItWas) {
  using Real = std::numeric_limits<double>;
  using Integer = std::numeric_limits<int64_t>;
  const std::vector<int64_t> integers = {0, 1, -1, (int64_t{1} << 53) + 1, Integer::max(),
                                         Integer::min()};
  const std::vector<double> reals = {0,    0.1,    0.1 + 0.2,   1.0 / 3,          -1e300,
                                     1e17, 5e-324, Real::max(), Real::epsilon(), 1234567.1};
  int64_t key = 0;
  for (const int64_t value : integers) Add(++key, value, {}, {});
  for (const double value : reals) Add(++key, {}, value, {});
  for (const std::string& value : kTexts) Add(++key, {}, {}, value);
  Statement& query =
      session_.Prepared("SELECT i, r, t FROM rows ORDER BY k", {},
                        {CellType::kInteger, CellType::kReal, CellType::kText});
  query.Execute();
  for (const int64_t value : integers) {
    ASSERT_TRUE(query.Fetch());
    EXPECT_FALSE(query.result(0).null);
    EXPECT_EQ(query.result(0).integer, value);
    EXPECT_TRUE(query.result(1).null);
    EXPECT_TRUE(query.result(2).null);
  }
  for (const double value : reals) {
    ASSERT_TRUE(query.Fetch());
    EXPECT_FALSE(query.result(1).null);
    EXPECT_EQ(query.result(1).real, value);
    EXPECT_TRUE(query.result(0).null);
    EXPECT_EQ(query.integer(0), 0);
  }
  for (const std::string& value : kTexts) {
    ASSERT_TRUE(query.Fetch());
    EXPECT_FALSE(query.result(2).null) << value;
    EXPECT_EQ(query.text(2), value);
  }
  EXPECT_FALSE(query.Fetch());
}

TEST_P(SessionTest, APreparedStatementBeginsAnewWithItsNewValues) {
  for (int64_t key = 1; key <= 5; ++key) Add(key, key % 2, {}, absl::StrCat("t", key));
  Statement& query = session_.Prepared("SELECT t FROM rows WHERE i = :i ORDER BY k",
                                       {CellType::kInteger}, {CellType::kText});
  const auto texts = [&](int64_t value) {
    query.SetInteger(0, value);
    query.Execute();
    std::vector<std::string> found;
    while (query.Fetch()) found.push_back(query.text(0));
    return found;
  };
  EXPECT_THAT(texts(1), ElementsAre("t1", "t3", "t5"));
  EXPECT_THAT(texts(0), ElementsAre("t2", "t4"));
  EXPECT_THAT(texts(7), ElementsAre());
  EXPECT_THAT(texts(1), ElementsAre("t1", "t3", "t5"));
}

TEST_P(SessionTest, AChangeTellsHowManyRowsItChanged) {
  for (int64_t key = 1; key <= 5; ++key) Add(key, key % 2, {}, {});
  Statement& change =
      session_.Prepared("UPDATE rows SET t = 'x' WHERE i = :i", {CellType::kInteger});
  change.SetInteger(0, 1);
  EXPECT_EQ(change.Change(), 3);
  change.SetInteger(0, 7);
  EXPECT_EQ(change.Change(), 0);
  EXPECT_EQ(session_.Integer("SELECT COUNT(*) FROM rows WHERE t = 'x'"), 3);
}

TEST_P(SessionTest, ACallThatFailsIsTakenBackToItsSavepointAlone) {
  session_.Run("BEGIN");
  Add(1, 1, {}, "first");
  session_.Run("SAVEPOINT call");
  Add(2, 2, {}, "second");
  EXPECT_THROW(Add(1, 3, {}, "again"), soci::soci_error);
  session_.Run("ROLLBACK TO call");
  session_.Run("RELEASE call");
  Add(3, 3, {}, "third");
  session_.Run("COMMIT");
  EXPECT_THAT(TextsOf("SELECT t FROM rows ORDER BY k"), ElementsAre("first", "third"));
}

TEST_P(SessionTest, NullsComeWhereTheOrderPutsThem) {
  Add(1, {}, {}, "b");
  Add(2, {}, {}, {});
  Add(3, {}, {}, "a");
  EXPECT_THAT(TextsOf("SELECT t FROM rows ORDER BY t NULLS FIRST, k"),
              ElementsAre("(null)", "a", "b"));
  EXPECT_THAT(TextsOf("SELECT t FROM rows ORDER BY t DESC NULLS LAST, k"),
              ElementsAre("b", "a", "(null)"));
}

TEST_P(SessionTest, TextsAreInTheOrderOfTheirBytes) {
  std::mt19937_64 random(14);
  std::vector<std::string> texts;
  session_.Run("BEGIN");
  for (int64_t key = 1; key <= 300; ++key) {
    std::string text;
    for (uint64_t pieces = random() % 4; pieces > 0; --pieces) {
      text += kTexts[random() % kTexts.size()];
    }
    Add(key, {}, {}, text);
    texts.push_back(text);
  }
  session_.Run("COMMIT");
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(TextsOf("SELECT t FROM rows ORDER BY t"), texts);
  Statement& query = session_.Prepared("SELECT t FROM rows WHERE t >= :from ORDER BY t LIMIT :n",
                                       {CellType::kText, CellType::kInteger}, {CellType::kText});
  for (int i = 0; i < 500; ++i) {
    const std::string from = texts[random() % texts.size()] + kTexts[random() % kTexts.size()];
    const auto limit = static_cast<int64_t>(random() % 20);
    SCOPED_TRACE(absl::StrCat("from ", from, " limit ", limit));
    auto wanted = std::lower_bound(texts.begin(), texts.end(), from);
    query.SetText(0, from);
    query.SetInteger(1, limit);
    query.Execute();
    int64_t found = 0;
    for (; query.Fetch(); ++found, ++wanted) {
      ASSERT_NE(wanted, texts.end());
      ASSERT_EQ(query.text(0), *wanted);
    }
    ASSERT_TRUE(found == limit || wanted == texts.end());
  }
}

INSTANTIATE_TEST_SUITE_P(, SessionTest, ::testing::Values(Engine::kSqlite, Engine::kPostgresql),
                         [](const auto& info) {
                           return info.param == Engine::kSqlite ? "Sqlite" : "Postgresql";
                         });

}  // namespace
}  // namespace clustr::storage
