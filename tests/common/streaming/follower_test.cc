#include "common/streaming/follower.h"

#include <filesystem>
#include <map>

#include "clustr/ops/v1/admin_service.pb.h"
#include "common/storage/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"

namespace clustr::streaming {
namespace {

using catalog::v1::CatalogChange;
using catalog::v1::StreamCatalogRequest;
using catalog::v1::StreamCatalogResponse;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::Products;

// Names of products by id, and ids of customers.
class TestReplica final : public Replica<StreamCatalogResponse> {
 public:
  void Apply(const StreamCatalogResponse& response) override {
    {
      absl::MutexLock lock(&mutex_);
      for (const CatalogChange& change : response.changes()) Take(change);
      revision_ = response.revision();
      head_ = response.head_revision();
    }
    if (after_first_) std::exchange(after_first_, nullptr)();
  }
  void Reset() override {
    absl::MutexLock lock(&mutex_);
    products_.clear();
    revision_ = 0;
    ++resets_;
  }

  // Runs on the follower's thread after the first message. Set before the follower is made.
  void AfterFirst(std::function<void()> run) { after_first_ = std::move(run); }

  // Waits until the replica is the exact state at `revision`.
  void Await(int64_t revision) {
    const auto exact = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return revision_ == revision && head_ == revision;
    };
    absl::MutexLock lock(&mutex_);
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&exact), absl::Seconds(30)))
        << "at " << revision_ << " of " << head_;
  }
  std::map<int64_t, std::string> products() {
    absl::MutexLock lock(&mutex_);
    return products_;
  }
  int resets() {
    absl::MutexLock lock(&mutex_);
    return resets_;
  }

 private:
  void Take(const CatalogChange& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (change.has_product()) {
      products_[change.product().product_sku()] = change.product().product_name();
    } else if (change.row_case() == CatalogChange::kDeletedProductSku) {
      products_.erase(change.deleted_product_sku());
    }
  }

  std::function<void()> after_first_;
  absl::Mutex mutex_;
  std::map<int64_t, std::string> products_ ABSL_GUARDED_BY(mutex_);
  int64_t revision_ ABSL_GUARDED_BY(mutex_) = -1;
  int64_t head_ ABSL_GUARDED_BY(mutex_) = -1;
  int resets_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST(FollowerStateTest, IsUnreachableAfterAnAttemptThatBroughtNothing) {
  const absl::Status gone = absl::UnavailableError("connection refused");
  FollowerState state("catalog", "127.0.0.1:1");
  EXPECT_FALSE(state.unreachable()) << "no attempt has ended";
  state.Disconnect(gone);
  EXPECT_TRUE(state.unreachable());
  state.Advance(1, 1);
  EXPECT_FALSE(state.unreachable());
  state.Disconnect(gone);
  EXPECT_FALSE(state.unreachable()) << "a stream that had brought something ended";
  state.Disconnect(gone);
  EXPECT_TRUE(state.unreachable());
}

TEST(FollowerStateTest, TellsWhatAStreamEndedWithUnlessItsServerIsAway) {
  FollowerState state("catalog", "127.0.0.1:1");
  state.Disconnect(absl::UnavailableError("connection refused"));
  EXPECT_EQ(state.Status().ended_with(), "");
  state.Disconnect(absl::PermissionDeniedError("no"));
  EXPECT_EQ(state.Status().ended_with(), "PERMISSION_DENIED: no");
  state.Advance(1, 1);
  EXPECT_EQ(state.Status().ended_with(), "");
  state.Disconnect(absl::OkStatus());
  EXPECT_EQ(state.Status().ended_with(), "OK");
}

TEST(FollowerStateTest, IsAwareOfNews) {
  FollowerState state("catalog", "127.0.0.1:1");
  EXPECT_TRUE(state.Advance(0, 0)) << "the first message of an empty catalog";
  EXPECT_FALSE(state.Advance(0, 0));
  EXPECT_TRUE(state.Advance(1, 1));
  state.StartOver();
  EXPECT_TRUE(state.Advance(0, 0));
}

class FollowerTest : public ::testing::Test {
 protected:
  using CatalogFollower = Follower<StreamCatalogRequest, StreamCatalogResponse>;

  std::unique_ptr<CatalogFollower> Follow() {
    return std::make_unique<CatalogFollower>(
        "catalog", catalog_.server().address(),
        [this](grpc::ClientContext* context, const StreamCatalogRequest& request) {
          return catalog_.stub<testing::CatalogStream>().StreamCatalog(context, request);
        },
        &replica_);
  }

  void Create(const std::string& name) {
    EXPECT_THAT(
        catalog_.Ask(&Products::CreateProduct, "product { product_name: '" + name + "' price: 1 }"),
        IsOk());
  }

  testing::CatalogServer catalog_;
  TestReplica replica_;
};

TEST_F(FollowerTest, HoldsTheStateAndWhatFollows) {
  Create("a");
  const auto follower = Follow();
  replica_.Await(1);
  Create("b");
  replica_.Await(2);
  EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 1"), IsOk());
  replica_.Await(3);
  EXPECT_THAT(replica_.products(), ElementsAre(::testing::Pair(2, "b")));
  // When the follower applies the next message, it has reported this one.
  Create("c");
  replica_.Await(4);
  EXPECT_TRUE(follower->connected());
  EXPECT_GE(follower->head_revision(), 3);
  const auto status = follower->Status();
  EXPECT_EQ(status.name(), "catalog");
  EXPECT_EQ(status.address(), catalog_.server().address());
  EXPECT_TRUE(status.connected());
  EXPECT_GE(status.applied_revision(), 3);
  EXPECT_EQ(status.lag().seconds(), 0);
}

TEST_F(FollowerTest, ResumesAfterARestartOfItsUpstream) {
  Create("a");
  const auto follower = Follow();
  replica_.Await(1);
  catalog_.server().Stop();
  catalog_.server().Start();
  Create("b");
  replica_.Await(2);
  EXPECT_THAT(replica_.products(), ElementsAre(::testing::Pair(1, "a"), ::testing::Pair(2, "b")));
  EXPECT_EQ(replica_.resets(), 0);
}

TEST_F(FollowerTest, StartsOverWhereItsUpstreamHasAnotherHistory) {
  Create("a");
  Create("b");
  const auto follower = Follow();
  replica_.Await(2);
  catalog_.server().Stop();
  for (const char* rest : {"catalog.db", "catalog.db-wal", "catalog.db-shm"}) {
    std::filesystem::remove(catalog_.folder().File(rest));
  }
  catalog_.server().Start();
  Create("c");
  replica_.Await(1);
  EXPECT_THAT(replica_.products(), ElementsAre(::testing::Pair(1, "c")));
  EXPECT_EQ(replica_.resets(), 1);
  EXPECT_EQ(follower->Status().lost_revision(), 2);
}

TEST_F(FollowerTest, WaitsForAnUpstreamThatHasNotStarted) {
  catalog_.server().Stop();
  const auto follower = Follow();
  EXPECT_FALSE(follower->connected());
  catalog_.server().Start();
  Create("a");
  replica_.Await(1);
}

TEST_F(FollowerTest, CanBeDestroyedWhileItsUpstreamIsDown) {
  catalog_.server().Stop();
  Follow();
  EXPECT_THAT(replica_.products(), IsEmpty());
}

// One byte that was not UTF-8 in a stored text used to hang every follower for good, because no
// client can parse a message with it.
TEST_F(FollowerTest, ADamagedTextStopsNothingAndIsReportedUntilItIsStoredAgain) {
  Create("a");
  Create("b");
  catalog_.server().Stop();
  {
    const auto database =
        storage::Database::Open("sqlite:///" + catalog_.folder().File("catalog.db"), 1);
    ASSERT_THAT(database, IsOk());
    (*database)->writer_session().Run(
        "UPDATE products SET product_name = CAST(X'61FF62' AS TEXT) WHERE product_sku = 1");
  }
  catalog_.server().Start();
  const auto follower = Follow();
  replica_.Await(2);
  EXPECT_THAT(replica_.products(),
              ElementsAre(::testing::Pair(1, "a\uFFFDb"), ::testing::Pair(2, "b")));
  EXPECT_THAT(catalog_.Ask(&Products::GetProduct, "product_sku: 1"), IsOk());
  const auto problems = [&] {
    ops::v1::GetStatusResponse status;
    catalog_.server().program().AddStatus(&status);
    return std::vector<std::string>(status.problems().begin(), status.problems().end());
  };
  EXPECT_THAT(problems(),
              ElementsAre(::testing::StartsWith("row 1 of products has a damaged product_name; ")));
  EXPECT_THAT(
      catalog_.Ask(&Products::UpdateProduct, "product { product_sku: 1 product_name: 'c' }"),
      IsOk());
  replica_.Await(3);
  EXPECT_THAT(replica_.products(), ElementsAre(::testing::Pair(1, "c"), ::testing::Pair(2, "b")));
  EXPECT_THAT(problems(), IsEmpty());
}

// A scan from revision 0 streams no removals. When such a scan broke off in its first revision, a
// row that it had brought, and that was removed before the next scan, used to stay for ever.
TEST_F(FollowerTest, AScanThatBreaksOffInItsFirstRevisionStartsOver) {
  std::string rows;
  std::string long_text;
  for (int i = 0; i < 256; ++i) long_text += "🐈";
  for (int sku = 1; sku <= 1000; ++sku) {
    rows += " products { product_sku: " + std::to_string(sku) + " product_name: '" + long_text +
            "' category: '" + long_text + "' brand: '" + long_text + "' price: 1 }";
  }
  EXPECT_THAT(catalog_.Send(&Products::ImportProducts, {rows}), IsOk());
  replica_.AfterFirst([this] {
    EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 1"), IsOk());
    catalog_.server().Restart();
  });
  const auto follower = Follow();
  replica_.Await(2);
  EXPECT_EQ(replica_.products().size(), 999);
  EXPECT_FALSE(replica_.products().contains(1));
}

}  // namespace
}  // namespace clustr::streaming
