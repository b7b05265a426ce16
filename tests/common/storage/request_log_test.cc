#include "common/storage/request_log.h"

#include "clustr/catalog/v1/product_service.pb.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/test_database.h"

namespace clustr::storage {
namespace {

using catalog::v1::CreateProductRequest;
using testing::Fails;
using testing::IsOk;
using testing::Text;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

class RequestLogTest : public ::testing::Test {
 protected:
  static RetryKey Key(const std::string& id, const std::string& product = "product_name: \"Cap\"",
                      const std::string& method = "/Products/Create") {
    const auto request = Text<CreateProductRequest>("product { " + product + " }");
    return RetryKey::Of(method, id, request);
  }

  void Remember(const RetryKey& key, const std::string& answer, absl::Time when) {
    const absl::Status written = testing::Write(*store_, [&](WriteContext& context) {
      RememberAnswer(context.session(), key, answer, when);
      return absl::OkStatus();
    });
    ASSERT_THAT(written, IsOk());
  }

  void Expire(int64_t limit, absl::Time now) {
    ASSERT_THAT(testing::Write(*store_,
                               [&](WriteContext& context) {
                                 ExpireAnswers(context.session(), limit, now);
                                 return absl::OkStatus();
                               }),
                IsOk());
  }

  absl::StatusOr<std::optional<std::string>> Find(const RetryKey& key) {
    absl::StatusOr<std::optional<std::string>> answer = std::nullopt;
    const absl::Status read = store_->Read([&](Session& session) {
      answer = FindAnswer(session, key);
      return absl::OkStatus();
    });
    EXPECT_THAT(read, IsOk());
    return answer;
  }

  testing::TestDatabase database_;
  ThreadPool pool_{2};
  std::unique_ptr<Store> store_ = *Store::Open(database_.url(), {}, 1, &pool_);
};

TEST_F(RequestLogTest, GivesTheFirstAnswerBack) {
  EXPECT_EQ(*Find(Key("a")), std::nullopt);
  const std::string bytes("\0\x01\xFF'\n", 5);
  Remember(Key("a"), bytes, kNow);
  EXPECT_EQ(*Find(Key("a")), bytes);
  EXPECT_EQ(*Find(Key("b")), std::nullopt);
}

TEST_F(RequestLogTest, AForgottenRequestStillCountsForAnyPayload) {
  Remember(Key("a"), "with a name", kNow);
  Remember(Key("b"), "other", kNow);
  ASSERT_THAT(testing::Write(*store_,
                             [&](WriteContext& context) {
                               std::vector<int64_t> seqs;
                               const int64_t newest =
                                   ScanAnswers(context.session(), "/Products/Create", 0,
                                               [&](int64_t seq, const std::string& answer) {
                                                 if (answer == "with a name") seqs.push_back(seq);
                                               });
                               EXPECT_EQ(newest, 2);
                               EXPECT_EQ(seqs, std::vector<int64_t>{1});
                               ForgetRequest(context.session(), 1, "only an id");
                               ScanAnswers(context.session(), "/Products/Create", newest,
                                           [](int64_t, const std::string&) { ADD_FAILURE(); });
                               return absl::OkStatus();
                             }),
              IsOk());
  EXPECT_EQ(*Find(Key("a")), "only an id");
  EXPECT_EQ(*Find(Key("a", "product_name: \"Hat\"")), "only an id");
  EXPECT_EQ(*Find(Key("b")), "other");
  EXPECT_EQ(
      testing::ReadInteger(*store_, "SELECT COUNT(*) FROM request_log WHERE payload_sha256 = ''"),
      1);
}

TEST_F(RequestLogTest, AnEmptyAnswerIsAnAnswer) {
  Remember(Key("a"), "", kNow);
  EXPECT_EQ(*Find(Key("a")), "");
}

TEST_F(RequestLogTest, RefusesAnotherPayload) {
  Remember(Key("a"), "first", kNow);
  EXPECT_THAT(Find(Key("a", "product_name: \"Hat\"")),
              Fails(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
                    "request_id: \"a\" was used for another payload"));
}

TEST_F(RequestLogTest, KeepsEachMethodApart) {
  Remember(Key("a"), "first", kNow);
  EXPECT_EQ(*Find(Key("a", "product_name: \"Hat\"", "/Customers/Create")), std::nullopt);
}

// An answer is deleted by the wall clock, but as long as it is there, it is given back: the clock
// may have been set since.
TEST_F(RequestLogTest, AnswersFromAnyRowThatIsStillThere) {
  Remember(Key("a"), "first", absl::Now() - absl::Hours(24 * 365));
  EXPECT_EQ(*Find(Key("a")), "first");
  Remember(Key("b"), "second", absl::Now() + absl::Hours(24 * 365));
  EXPECT_EQ(*Find(Key("b")), "second");
}

// Older versions stored a second answer once the first had expired.
TEST_F(RequestLogTest, OfSeveralAnswersTheNewestCounts) {
  Remember(Key("a"), "first", kNow);
  Remember(Key("a", "product_name: \"Hat\""), "second", kNow + absl::Hours(23));
  EXPECT_EQ(*Find(Key("a", "product_name: \"Hat\"")), "second");
}

TEST_F(RequestLogTest, DeletesExpiredAnswers) {
  for (int i = 0; i < 10; ++i) Remember(Key("old" + std::to_string(i)), "x", kNow);
  for (int i = 0; i < 5; ++i) {
    Remember(Key("new" + std::to_string(i)), "x", kNow + absl::Hours(25));
    Expire(2, kNow + absl::Hours(25));
  }
  EXPECT_EQ(testing::ReadInteger(*store_, "SELECT COUNT(*) FROM request_log"), 5);
  EXPECT_EQ(*Find(Key("new0")), "x");
}

TEST_F(RequestLogTest, RemembersAcrossARestart) {
  Remember(Key("a"), "first", kNow);
  store_.reset();
  store_ = *Store::Open(database_.url(), {}, 1, &pool_);
  EXPECT_EQ(*Find(Key("a")), "first");
}

TEST_F(RequestLogTest, ACallThatFailsIsNotRemembered) {
  const absl::Status written = testing::Write(*store_, [&](WriteContext& context) {
    RememberAnswer(context.session(), Key("a"), "first", kNow);
    return absl::AbortedError("after all");
  });
  EXPECT_EQ(written.message(), "after all");
  EXPECT_EQ(*Find(Key("a")), std::nullopt);
}

}  // namespace
}  // namespace clustr::storage
