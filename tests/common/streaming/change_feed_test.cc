#include "common/streaming/change_feed.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"

namespace clustr::streaming {
namespace {

using catalog::v1::CatalogChange;
using catalog::v1::ImportCustomersRequest;
using catalog::v1::StreamCatalogRequest;
using catalog::v1::StreamCatalogResponse;
using testing::CatalogStream;
using testing::Customers;
using ::testing::ElementsAre;
using testing::Fails;
using testing::IsOk;
using testing::Products;
using testing::RefusesFields;
using testing::Text;

// One open stream.
class Reader {
 public:
  Reader(CatalogStream& stub, const std::string& request) {
    testing::Patient(&context_);
    reader_ = stub.StreamCatalog(&context_, Text<StreamCatalogRequest>(request));
  }
  ~Reader() {
    context_.TryCancel();
    if (!finished_) reader_->Finish();
  }

  // The next message that is not a heartbeat.
  StreamCatalogResponse Next() {
    StreamCatalogResponse response;
    do {
      if (!reader_->Read(&response)) {
        ADD_FAILURE() << "the stream ended: " << Finish();
        return response;
      }
    } while (response.changes_size() == 0 && !first_);
    first_ = false;
    return response;
  }

  // Reads messages until one is at its head and at `revision` or later.
  std::vector<StreamCatalogResponse> UntilHead(int64_t revision) {
    std::vector<StreamCatalogResponse> responses;
    do {
      responses.push_back(Next());
    } while (!HasFailure() && (responses.back().revision() < revision ||
                               responses.back().revision() != responses.back().head_revision()));
    return responses;
  }

  absl::Status Finish() {
    finished_ = true;
    StreamCatalogResponse rest;
    while (reader_->Read(&rest)) {
    }
    return rpc::FromGrpc(reader_->Finish());
  }

 private:
  static bool HasFailure() { return ::testing::Test::HasFailure(); }

  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<StreamCatalogResponse>> reader_;
  bool first_ = true;
  bool finished_ = false;
};

// The state of a reader: names of products by id.
void Apply(const StreamCatalogResponse& response, std::map<int64_t, std::string>* products) {
  for (const CatalogChange& change : response.changes()) {
    if (change.has_product()) {
      (*products)[change.product().product_sku()] = change.product().product_name();
    } else if (change.row_case() == CatalogChange::kDeletedProductSku) {
      products->erase(change.deleted_product_sku());
    }
  }
}

class ChangeFeedTest : public ::testing::Test {
 protected:
  void Create(const std::string& name) {
    EXPECT_THAT(
        catalog_.Ask(&Products::CreateProduct, "product { product_name: '" + name + "' price: 1 }"),
        IsOk());
  }
  void Delete(int64_t sku) {
    EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: " + std::to_string(sku)),
                IsOk());
  }

  // Imports customers of about 8 KiB each; each message is one revision.
  void ImportLargeCustomers(int messages, int rows) {
    std::string text;
    for (int i = 0; i < 256; ++i) text += "🐈";
    std::vector<ImportCustomersRequest> requests(messages);
    int64_t id = 0;
    for (ImportCustomersRequest& request : requests) {
      for (int i = 0; i < rows; ++i) {
        auto* customer = request.add_customers();
        customer->set_customer_id(++id);
        for (const char* field : {"first_name", "last_name", "gender", "city", "income_level",
                                  "shopping_preference", "customer_segment"}) {
          customer->GetReflection()->SetString(
              customer, customer->GetDescriptor()->FindFieldByName(field), text);
        }
      }
    }
    EXPECT_THAT(catalog_.SendAll(&Customers::ImportCustomers, requests), IsOk());
  }

  Reader Open(const std::string& request) {
    return Reader(catalog_.stub<testing::CatalogStream>(), request);
  }

  auto StreamAll(const std::string& request) {
    return catalog_.Receive(&CatalogStream::StreamCatalog, request);
  }

  testing::CatalogServer catalog_;
};

TEST_F(ChangeFeedTest, AnEmptyStoreSendsOneEmptyMessage) {
  const auto all = StreamAll("");
  ASSERT_THAT(all, IsOk());
  ASSERT_EQ(all->size(), 1);
  EXPECT_EQ((*all)[0].changes_size(), 0);
  EXPECT_EQ((*all)[0].revision(), 0);
  EXPECT_FALSE((*all)[0].store_id().empty());
}

TEST_F(ChangeFeedTest, FromZeroThereAreRowsAndNoRemovals) {
  Create("a");
  Create("b");
  Delete(1);
  const auto all = StreamAll("");
  ASSERT_THAT(all, IsOk());
  ASSERT_EQ(all->size(), 1);
  ASSERT_EQ((*all)[0].changes_size(), 1);
  EXPECT_EQ((*all)[0].changes(0).product().product_sku(), 2);
  EXPECT_EQ((*all)[0].revision(), 3);
  EXPECT_EQ((*all)[0].head_revision(), 3);
}

TEST_F(ChangeFeedTest, BehindARevisionThereAreItsChangesAndRemovals) {
  Create("a");
  Create("b");
  Delete(1);
  Create("c");
  const auto changes = StreamAll("after_revision: 2");
  ASSERT_THAT(changes, IsOk());
  ASSERT_EQ((*changes)[0].changes_size(), 2);
  EXPECT_EQ((*changes)[0].changes(0).deleted_product_sku(), 1);
  EXPECT_EQ((*changes)[0].changes(1).product().product_name(), "c");
}

TEST_F(ChangeFeedTest, ALargeScanComesInSeveralMessagesUnderOneMebibyte) {
  ImportLargeCustomers(3, 200);
  const auto all = StreamAll("");
  ASSERT_THAT(all, IsOk());
  EXPECT_GT(all->size(), 4);
  std::set<int64_t> customers;
  int64_t revision = 0;
  for (const StreamCatalogResponse& response : *all) {
    EXPECT_LT(response.ByteSizeLong(), 1024 * 1024);
    EXPECT_GE(response.revision(), revision);
    revision = response.revision();
    for (const CatalogChange& change : response.changes()) {
      // A resume point never passes a row that was not sent yet.
      EXPECT_GT(change.customer().revision(), 0);
      EXPECT_TRUE(customers.insert(change.customer().customer_id()).second);
    }
  }
  EXPECT_EQ(customers.size(), 600);
  EXPECT_EQ(revision, 3);
}

TEST_F(ChangeFeedTest, EveryMessageIsAPlaceToResumeFrom) {
  ImportLargeCustomers(4, 100);
  const auto all = StreamAll("");
  ASSERT_THAT(all, IsOk());
  for (size_t broken = 0; broken < all->size(); ++broken) {
    std::set<int64_t> customers;
    const auto take = [&](const StreamCatalogResponse& response) {
      for (const auto& change : response.changes()) {
        customers.insert(change.customer().customer_id());
      }
    };
    for (size_t i = 0; i <= broken; ++i) take((*all)[i]);
    const auto rest = StreamAll("after_revision: " + std::to_string((*all)[broken].revision()) +
                                " store_id: '" + (*all)[broken].store_id() + "'");
    ASSERT_THAT(rest, IsOk());
    for (const auto& response : *rest) take(response);
    EXPECT_EQ(customers.size(), 400) << "broken after message " << broken;
  }
}

TEST_F(ChangeFeedTest, FollowersGetEachChangeAsItCommits) {
  Create("a");
  Reader reader = Open("follow: true");
  EXPECT_EQ(reader.Next().revision(), 1);
  for (int64_t revision = 2; revision <= 5; ++revision) {
    Create("b");
    const auto response = reader.Next();
    EXPECT_EQ(response.revision(), revision);
    EXPECT_EQ(response.head_revision(), revision);
    ASSERT_EQ(response.changes_size(), 1);
    EXPECT_EQ(response.changes(0).product().product_sku(), revision);
  }
  Delete(2);
  EXPECT_EQ(reader.Next().changes(0).deleted_product_sku(), 2);
}

TEST_F(ChangeFeedTest, ReadersAtTheHeadPassTheSameRevisions) {
  Reader one = Open("follow: true");
  Reader two = Open("follow: true");
  Reader three = Open("follow: true");
  for (Reader* reader : {&one, &two, &three}) EXPECT_EQ(reader->Next().revision(), 0);
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([this] {
      for (int i = 0; i < 25; ++i) Create("a");
    });
  }
  for (std::thread& writer : writers) writer.join();
  const auto revisions = [](Reader& reader) {
    std::vector<int64_t> passed;
    for (const auto& response : reader.UntilHead(100)) passed.push_back(response.revision());
    return passed;
  };
  const auto first = revisions(one);
  EXPECT_EQ(first.back(), 100);
  EXPECT_EQ(revisions(two), first);
  EXPECT_EQ(revisions(three), first);
}

TEST_F(ChangeFeedTest, AReaderThatJoinsWhileOthersWriteGetsNoRowTwice) {
  std::atomic<bool> stopping{false};
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([&] {
      while (!stopping) Create("a");
    });
  }
  for (int round = 0; round < 60 && !HasFailure(); ++round) {
    Reader reader = Open("follow: true");
    int64_t newest = 0;
    for (int message = 0; message < 20; ++message) {
      const StreamCatalogResponse response = reader.Next();
      for (const CatalogChange& change : response.changes()) {
        EXPECT_GT(change.product().revision(), newest);
        newest = change.product().revision();
      }
    }
  }
  stopping = true;
  for (std::thread& writer : writers) writer.join();
}

TEST_F(ChangeFeedTest, AReaderThatJoinsWhileRowsChangeHasTheStateOfItsRevision) {
  constexpr int64_t kProducts = 6;
  for (int64_t sku = 1; sku <= kProducts; ++sku) Create("a");
  std::mutex mutex;
  std::map<int64_t, int64_t> history;  // The product that each revision changed.
  std::atomic<bool> stopping{false};
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([&, t] {
      for (int64_t i = t; !stopping; ++i) {
        const int64_t sku = 1 + i % kProducts;
        const auto updated = catalog_.Ask(&Products::UpdateProduct,
                                          "product { product_sku: " + std::to_string(sku) +
                                              " price: " + std::to_string(1 + i % 7) + " }");
        if (!updated.ok()) continue;
        const std::lock_guard lock(mutex);
        history[updated->product().revision()] = sku;
      }
    });
  }
  // Messages that take long to read, so that commits run ahead of what all readers get.
  writers.emplace_back([&] {
    while (!stopping) ImportLargeCustomers(3, 30);
  });
  // What a reader held at a revision that was the head: the revision of each product.
  std::vector<std::pair<int64_t, std::map<int64_t, int64_t>>> held;
  const auto read = [&] {
    Reader reader = Open("follow: true");
    std::map<int64_t, int64_t> state;
    int64_t head = 0;
    for (int message = 0; message < 10; ++message) {
      const StreamCatalogResponse response = reader.Next();
      EXPECT_GE(response.head_revision(), head);
      head = response.head_revision();
      for (const CatalogChange& change : response.changes()) {
        if (!change.has_product()) continue;
        state[change.product().product_sku()] = change.product().revision();
      }
      if (response.revision() != head) continue;
      const std::lock_guard lock(mutex);
      held.emplace_back(head, state);
    }
  };
  std::vector<std::thread> readers;
  for (int t = 0; t < 8; ++t) {
    readers.emplace_back([&] {
      for (int round = 0; round < 40; ++round) read();
    });
  }
  for (std::thread& reader : readers) reader.join();
  stopping = true;
  for (std::thread& writer : writers) writer.join();
  EXPECT_GT(held.size(), 100u);
  for (const auto& [revision, state] : held) {
    for (const auto& [sku, at] : state) {
      const auto later = std::find_if(history.upper_bound(at), history.upper_bound(revision),
                                      [&](const auto& change) { return change.second == sku; });
      EXPECT_EQ(later, history.upper_bound(revision))
          << "product " << sku << " of revision " << at << " at " << revision;
    }
  }
}

TEST_F(ChangeFeedTest, ASlowReaderDelaysNobodyAndMissesNothing) {
  Reader slow = Open("follow: true");
  EXPECT_EQ(slow.Next().revision(), 0);
  // More than the feed keeps for readers at the head, and more than a connection buffers.
  ImportLargeCustomers(10, 100);
  for (int i = 0; i < 300; ++i) Create("product " + std::to_string(i));
  Delete(7);
  Reader quick = Open("follow: true");
  quick.UntilHead(311);
  std::map<int64_t, std::string> products;
  std::set<int64_t> customers;
  for (const auto& response : slow.UntilHead(311)) {
    Apply(response, &products);
    for (const auto& change : response.changes()) {
      if (change.has_customer()) customers.insert(change.customer().customer_id());
    }
  }
  EXPECT_EQ(products.size(), 299);
  EXPECT_FALSE(products.contains(7));
  EXPECT_EQ(customers.size(), 1000);
}

TEST_F(ChangeFeedTest, ARowThatIsRemovedDuringTheScanIsGoneAtItsEnd) {
  Create("a");
  ImportLargeCustomers(6, 200);
  Create("b");
  Reader reader = Open("follow: true");
  std::map<int64_t, std::string> products;
  Apply(reader.Next(), &products);
  ASSERT_THAT(products, ElementsAre(::testing::Pair(1, "a")));
  Delete(1);
  for (const auto& response : reader.UntilHead(9)) Apply(response, &products);
  EXPECT_THAT(products, ElementsAre(::testing::Pair(2, "b")));
}

TEST_F(ChangeFeedTest, ContactDetailsComeOnlyIfAskedFor) {
  EXPECT_THAT(catalog_.Ask(&Customers::CreateCustomer,
                           "customer { first_name: 'A' last_name: 'B' dob: '1990-01-01' "
                           "email: 'e' phone: 'p' gender: 'Female' age: 30 city: 'Miami' "
                           "income_level: 'High' }"),
              IsOk());
  EXPECT_THAT((*StreamAll(""))[0].changes(0).customer(),
              testing::EqualsText("customer_id: 1 gender: 'Female' age: 30 city: 'Miami' "
                                  "income_level: 'High' revision: 1"));
  const auto full = StreamAll("include_contact_details: true");
  EXPECT_EQ((*full)[0].changes(0).customer().email(), "e");
  EXPECT_EQ((*full)[0].changes(0).customer().dob(), "1990-01-01");
  Reader reader = Open("follow: true include_contact_details: true after_revision: 1");
  EXPECT_EQ(reader.Next().changes_size(), 0);
  EXPECT_THAT(catalog_.Ask(&Customers::UpdateCustomer, "customer { customer_id: 1 phone: 'q' }"),
              IsOk());
  EXPECT_EQ(reader.Next().changes(0).customer().phone(), "q");
}

TEST_F(ChangeFeedTest, AHistoryThatIsNotItsOwnIsRefused) {
  Create("a");
  const std::string store_id = (*StreamAll(""))[0].store_id();
  const auto refused = [](const std::string& why) {
    return Fails(
        absl::StatusCode::kOutOfRange, "RESUME_REFUSED",
        "after_revision: " + why + "; discard your replica and start from 0 without store_id");
  };
  const auto beyond = refused("2 is beyond the head, 1");
  EXPECT_THAT(StreamAll("after_revision: 2 store_id: '" + store_id + "'"), beyond);
  EXPECT_THAT(StreamAll("after_revision: 2"), beyond);
  EXPECT_THAT(StreamAll("after_revision: 1 store_id: '0123456789abcdef0123456789abcdef'"),
              refused("this server never had revision 1 of that store_id"));
  EXPECT_THAT(StreamAll("after_revision: 1"), IsOk());
  EXPECT_THAT(StreamAll("after_revision: -1"),
              RefusesFields(std::vector<std::string>{"after_revision"}));
}

TEST_F(ChangeFeedTest, AStreamResumesAfterARestart) {
  Create("a");
  const auto before = (*StreamAll(""))[0];
  catalog_.server().Restart();
  Create("b");
  const auto after = StreamAll("after_revision: 1 store_id: '" + before.store_id() + "'");
  ASSERT_THAT(after, IsOk());
  EXPECT_NE((*after)[0].store_id(), before.store_id());
  ASSERT_EQ((*after)[0].changes_size(), 1);
  EXPECT_EQ((*after)[0].changes(0).product().product_name(), "b");
}

TEST_F(ChangeFeedTest, DrainingEndsStreamsThatFollow) {
  Reader reader = Open("follow: true");
  reader.Next();
  catalog_.server().program().Drain();
  EXPECT_THAT(reader.Finish(), Fails(absl::StatusCode::kUnavailable, "DRAINING",
                                     "the server is stopping; open the stream again"));
  EXPECT_THAT(Open("follow: true").Finish(), Fails(absl::StatusCode::kUnavailable, "DRAINING", ""));
}

TEST_F(ChangeFeedTest, ReadersThatGoAwayAreForgotten) {
  for (int i = 0; i < 50; ++i) {
    Reader reader = Open("follow: true");
    reader.Next();
  }
  Create("a");
  Reader reader = Open("follow: true");
  EXPECT_EQ(reader.Next().revision(), 1);
}

}  // namespace
}  // namespace clustr::streaming
