#include "common/storage/session.h"

#include <algorithm>
#include <fstream>
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

// Piece by piece, as many rows as fill pieces and one more or less, twice in one transaction, with
// other statements in between.
TEST_P(SessionTest, AQueryThatIsReadInPiecesGivesAllRowsInOrder) {
  Statement& query =
      session_.Prepared("SELECT k, t FROM rows WHERE k <= :k ORDER BY k", {CellType::kInteger},
                        {CellType::kInteger, CellType::kText}, Reading::kInPieces);
  session_.Run("BEGIN");
  for (int64_t key = 1; key <= 2 * kPieceRows + 1; ++key) Add(key, {}, {}, absl::StrCat("t", key));
  for (const int64_t rows : {0, 1, kPieceRows - 1, kPieceRows, kPieceRows + 1, 2 * kPieceRows}) {
    query.SetInteger(0, rows);
    query.Execute();
    for (int64_t key = 1; key <= rows; ++key) {
      ASSERT_TRUE(query.Fetch());
      ASSERT_EQ(query.integer(0), key);
      ASSERT_EQ(query.text(1), absl::StrCat("t", key));
      if (key % 1000 == 0) EXPECT_EQ(session_.Integer("SELECT min(k) FROM rows"), 1);
    }
    EXPECT_FALSE(query.Fetch());
  }
  session_.Run("COMMIT");
  session_.Run("BEGIN");
  query.SetInteger(0, 3);
  query.Execute();
  ASSERT_TRUE(query.Fetch());
  session_.Run("ROLLBACK");  // As after an error: the cursor has gone with its transaction.
  session_.Run("BEGIN");
  query.SetInteger(0, 1);
  query.Execute();
  EXPECT_TRUE(query.Fetch());
  EXPECT_FALSE(query.Fetch());
  session_.Run("COMMIT");
}

// Greatest memory of this process since the last call, in KiB.
int64_t PeakKib() {
  std::ifstream status("/proc/self/status");
  std::string word;
  int64_t kib = 0;
  while (status >> word && word != "VmHWM:") {
  }
  status >> kib;
  std::ofstream("/proc/self/clear_refs") << 5;
  return kib;
}

TEST_P(SessionTest, AQueryThatIsReadInPiecesHoldsFewRowsInMemory) {
  constexpr int64_t kRows = 60'000;  // Of 1 KB each.
  session_.Run("BEGIN");
  const std::string text(1000, 'x');
  for (int64_t key = 1; key <= kRows; ++key) Add(key, {}, {}, text);
  PeakKib();
  const int64_t before = PeakKib();
  Statement query(session_, "SELECT t FROM rows ORDER BY k", {}, {CellType::kText},
                  Reading::kInPieces);
  query.Execute();
  int64_t rows = 0;
  while (query.Fetch()) ++rows;
  EXPECT_EQ(rows, kRows);
  // ThreadSanitizer keeps a record of each byte that is touched, so memory is more of it.
#ifdef _GLIBCXX_TSAN
  constexpr int64_t kMostKib = 48 << 10;
#else
  constexpr int64_t kMostKib = 16 << 10;
#endif
  EXPECT_LT(PeakKib() - before, kMostKib);
  session_.Run("COMMIT");
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
