#include "common/storage/server/grouped_writes.h"

#include <deque>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/storage/request_log.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/postgres_server.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

// Rows of a group of calls that wait and are sent together must not be told from rows that are
// written one by one.
namespace clustr::storage {
namespace {

using catalog::v1::Product;
using testing::Fails;
using testing::IsOk;
using testing::ReadInteger;
using testing::WriteTogether;
using Work = std::function<absl::Status(WriteContext&)>;

class GroupedWritesTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<testing::PostgresServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  std::unique_ptr<Store> Open(const std::string& url) {
    auto store = Store::Open(url, {Product::descriptor()}, 2, &pool_);
    EXPECT_THAT(store, IsOk());
    return *std::move(store);
  }
  std::unique_ptr<Store> OpenOnServer() {
    static int databases = 0;
    return Open(server_->NewDatabaseUrl(absl::StrCat("grouped", std::string(++databases, 'x'))));
  }

  void Add(WriteContext& context, int64_t id, const std::string& name) const {
    Product product;
    product.set_product_sku(id);
    product.set_product_name(name);
    product.set_external_id(name);
    product.set_revision(context.Revision());
    products_.Insert(context.session(), product);
  }
  int64_t Named(Session& session, const std::string& name) const {
    schema::Cell cell;
    cell.text = name;
    return products_.FindId(session, ExternalId(), cell);
  }
  const schema::Column& ExternalId() const {
    const auto* field = Product::descriptor()->FindFieldByName("external_id");
    return products_.columns()[products_.ColumnOf(*field)];
  }

  static std::unique_ptr<testing::PostgresServer> server_;
  const Table products_{*Product::descriptor()};
  ThreadPool pool_{2};
};

std::unique_ptr<testing::PostgresServer> GroupedWritesTest::server_;

TEST_F(GroupedWritesTest, ACallSeesItsOwnRowsAndThoseOfEarlierCalls) {
  auto store = OpenOnServer();
  const auto results = WriteTogether(
      *store, {[&](WriteContext& context) {
                 Add(context, 1, "a");
                 return absl::OkStatus();
               },
               [&](WriteContext& context) {
                 Add(context, 2, "b");
                 Product row;
                 EXPECT_TRUE(products_.Get(context.session(), 1, &row));
                 EXPECT_EQ(row.product_name(), "a");
                 EXPECT_EQ(Named(context.session(), "b"), 2);
                 EXPECT_EQ(Named(context.session(), "c"), 0);
                 Add(context, 3, "c");
                 EXPECT_EQ(context.session().Integer("SELECT count(*) FROM products"), 3);
                 return absl::OkStatus();
               }});
  EXPECT_THAT(results, ::testing::Each(IsOk()));
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 3);
}

TEST_F(GroupedWritesTest, ACallThatFailsLeavesNothingWhateverWasSent) {
  auto store = OpenOnServer();
  const auto add = [&](int64_t id, bool look, absl::Status end) -> Work {
    return [=, this](WriteContext& context) {
      Add(context, id, absl::StrCat("n", id));
      if (look) EXPECT_GE(context.session().Integer("SELECT count(*) FROM products"), 1);
      Add(context, id + 1, absl::StrCat("n", id + 1));
      return end;
    };
  };
  const absl::Status no = absl::AbortedError("no");
  const auto results = WriteTogether(*store, {add(10, false, absl::OkStatus()), add(20, false, no),
                                              add(30, true, no), add(40, true, absl::OkStatus()),
                                              add(50, true, no), add(60, false, absl::OkStatus())});
  for (const size_t i : {0, 3, 5}) EXPECT_THAT(results[i], IsOk()) << i;
  for (const size_t i : {1, 2, 4}) EXPECT_THAT(results[i], Fails(no.code(), "", "no")) << i;
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 6);
  EXPECT_EQ(ReadInteger(*store, "SELECT sum(product_sku) FROM products"),
            10 + 11 + 40 + 41 + 60 + 61);
}

TEST_F(GroupedWritesTest, ATextThatPostgresqlRefusesFailsItsOwnCallAlone) {
  auto store = OpenOnServer();
  for (const std::string& text : {std::string("a\0b", 3), std::string("\xC3(")}) {
    const auto results = WriteTogether(
        *store, {[&](WriteContext& context) {
                   Add(context, 2 * context.Revision(), absl::StrCat("before", context.Revision()));
                   return absl::OkStatus();
                 },
                 [&](WriteContext& context) {
                   schema::Cell cell;
                   std::vector<schema::Cell> cells(products_.columns().size());
                   for (schema::Cell& each : cells) each.text = text;
                   products_.Insert(context.session(), absl::MakeSpan(cells));
                   return absl::OkStatus();
                 },
                 [&](WriteContext& context) {
                   Add(context, 2 * context.Revision(), absl::StrCat("behind", context.Revision()));
                   return absl::OkStatus();
                 }});
    EXPECT_THAT(results[0], IsOk());
    EXPECT_THAT(results[1], Fails(absl::StatusCode::kInternal, "", "log has the error code"));
    EXPECT_THAT(results[2], IsOk());
  }
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 4);
}

TEST_F(GroupedWritesTest, AnAnswerIsFoundByTheNextCallOfItsGroup) {
  auto store = OpenOnServer();
  const RetryKey key = RetryKey::Of("/m", "again", Product());
  const auto once = [&](WriteContext& context) {
    const int64_t hashes[] = {key.hash};
    // As for the calls of a group that begins.
    if (context.Rows("products") == 0) LookAheadForAnswers(context.session(), hashes);
    const auto answered = FindAnswer(context.session(), key);
    if (answered->has_value()) return absl::AlreadyExistsError(**answered);
    RememberAnswer(context.session(), key, "first", absl::Now());
    context.AddRows("products", 1);
    return absl::OkStatus();
  };
  const auto results = WriteTogether(*store, {once, once, once});
  EXPECT_THAT(results[0], IsOk());
  EXPECT_THAT(results[1], Fails(absl::StatusCode::kAlreadyExists, "", "first"));
  EXPECT_THAT(results[2], Fails(absl::StatusCode::kAlreadyExists, "", "first"));
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM request_log"), 1);
}

// A connection that was lost between the rows of two tables, or before the savepoint, ended the
// server: the rows that were to be dropped had been sent.
TEST_F(GroupedWritesTest, RowsThatWereSentBeforeAFailureAreNotDroppedOnceMore) {
  auto store = OpenOnServer();
  EXPECT_THAT(testing::Write(*store,
                             [&](WriteContext& context) {
                               Add(context, 1, "sent");
                               Add(context, 2, "sent too");
                               WaitingRows& rows = context.session().grouped()->rows();
                               const WaitingRows::Mark mark = rows.mark();
                               rows.Send();
                               rows.ReturnTo(mark);
                               EXPECT_TRUE(rows.empty());
                               return absl::OkStatus();
                             }),
              IsOk());
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 2);
}

TEST_F(GroupedWritesTest, ManyRowsOfOneCallAreSentBeforeTheyTakeMuchMemory) {
  auto store = OpenOnServer();
  EXPECT_THAT(testing::Write(*store,
                             [&](WriteContext& context) {
                               const std::string name(256, 'n');
                               for (int64_t id = 1; id <= 30'000; ++id) {
                                 Add(context, id, absl::StrCat(name, id));
                               }
                               return absl::OkStatus();
                             }),
              IsOk());
  EXPECT_EQ(ReadInteger(*store, "SELECT count(*) FROM products"), 30'000);
}

// The same operations on a file, where each row is written at once.
class RandomCalls {
 public:
  static constexpr int64_t kIds = 60;

  RandomCalls(uint64_t seed, const Table* products, const schema::Column* external_id)
      : random_(seed), products_(*products), external_id_(*external_id) {}

  // How many operations the calls have made.
  size_t operations() const { return operations_; }

  // Calls for one group. Each tells what it saw in `answers`.
  std::vector<Work> Group(std::vector<std::string>* answers) {
    std::vector<Work> works(1 + random_() % 6);
    for (Work& work : works) {
      work = [this, answers, seed = random_()](WriteContext& context) {
        return Call(context, seed, answers);
      };
    }
    return works;
  }

 private:
  absl::Status Call(WriteContext& context, uint64_t seed, std::vector<std::string>* answers) {
    std::mt19937_64 random(seed);
    Session& session = context.session();
    if (random() % 2 == 0) {
      std::vector<int64_t> ids;
      std::vector<std::string> names;
      for (int64_t id = 1; id <= kIds; id += 1 + static_cast<int64_t>(random() % 4)) {
        ids.push_back(id);
        names.push_back(absl::StrCat("\"n\\", id));
      }
      products_.LookAhead(session, ids);
      products_.LookAhead(session, external_id_, names);
    }
    const auto operations = 1 + random() % 12;
    for (uint64_t i = 0; i < operations; ++i) Operate(context, random, answers);
    return random() % 5 == 0 ? absl::AbortedError("no") : absl::OkStatus();
  }

  void Operate(WriteContext& context, std::mt19937_64& random, std::vector<std::string>* answers) {
    ++operations_;
    Session& session = context.session();
    Product row;
    const auto id = static_cast<int64_t>(1 + random() % kIds);
    const bool exists = products_.Get(session, id, &row);
    answers->push_back(row.ShortDebugString());
    schema::Cell name;
    name.text = absl::StrCat("\"n\\", 1 + random() % kIds);
    const int64_t holder = products_.FindId(session, external_id_, name);
    answers->push_back(absl::StrCat(name.text, " ", holder));
    switch (random() % 8) {
      case 0:
        if (exists) products_.Delete(session, id, context.Revision());
        break;
      case 1:
        answers->push_back(absl::StrCat(session.Integer("SELECT sum(revision) FROM products"), " ",
                                        products_.RemovedAt(session, id)));
        break;
      default:
        row.set_product_sku(id);
        row.set_product_name(absl::StrCat("é'", random() % 9));
        row.set_price(static_cast<double>(random() % 1000));
        if (random() % 2 == 0) row.clear_category();
        if (random() % 4 == 0) row.set_category("");
        if (holder == 0) row.set_external_id(name.text);
        row.set_revision(context.Revision());
        exists ? products_.Update(session, row) : products_.Insert(session, row);
    }
  }

  std::mt19937_64 random_;
  const Table& products_;
  const schema::Column& external_id_;
  size_t operations_ = 0;
};

TEST_F(GroupedWritesTest, TenThousandRandomOperationsAnswerAsOnAFile) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  testing::TempFolder folder;
  const std::vector<std::unique_ptr<Store>> stores = [&] {
    std::vector<std::unique_ptr<Store>> opened;
    opened.push_back(Open("sqlite:///" + folder.File("test.db")));
    opened.push_back(OpenOnServer());
    return opened;
  }();
  std::vector<RandomCalls> calls(2, RandomCalls(seed, &products_, &ExternalId()));
  while (calls[0].operations() < 10'000) {
    std::vector<std::string> answers[2];
    for (size_t i = 0; i < 2; ++i) {
      for (const absl::Status& status : WriteTogether(*stores[i], calls[i].Group(&answers[i]))) {
        answers[i].push_back(status.ToString());
      }
      std::deque<Product> rows;
      EXPECT_THAT(stores[i]->Read([&](Session& session) {
        products_.Scan(session, 0, 2 * RandomCalls::kIds, [&] { return &rows.emplace_back(); });
        return absl::OkStatus();
      }),
                  IsOk());
      for (const Product& row : rows) answers[i].push_back(row.ShortDebugString());
      answers[i].push_back(absl::StrCat(stores[i]->head_revision()));
    }
    ASSERT_EQ(answers[0], answers[1]) << "after " << calls[0].operations() << " operations";
  }
}

}  // namespace
}  // namespace clustr::storage
