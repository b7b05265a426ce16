#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/storage/listing.h"
#include "common/storage/store.h"
#include "gtest/gtest.h"
#include "tests/common/storage/random_lists.h"
#include "tests/testing/for_each_seed.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/test_database.h"

namespace clustr::storage {
namespace {

using google::protobuf::Message;
using testing::IsOk;

// Keeps random products both in a database and in memory, and compares lists of them.
class ListingRandomTest : public ::testing::Test, protected RandomLists {
 protected:
  void SetUp() override {
    auto store = Store::Open(database_.url(), {&model_.descriptor()}, 1, &pool_);
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
  }

  void Add(int count) {
    EXPECT_THAT(testing::Write(*store_,
                               [&](WriteContext& context) {
                                 for (int i = 0; i < count; ++i) {
                                   TwinRow row = AnyRow();
                                   int64_t id = 0;
                                   do {
                                     id = 1 + random_() % (200 + 2 * used_.size());
                                   } while (!used_.insert(id).second);
                                   row["product_sku"] = id;
                                   table_.Insert(context.session(), *ToMessage(row));
                                   rows_[id] = std::move(row);
                                 }
                                 return absl::OkStatus();
                               }),
                IsOk());
  }

  void RemoveSome() {
    EXPECT_THAT(testing::Write(*store_,
                               [&](WriteContext& context) {
                                 for (auto it = rows_.begin(); it != rows_.end();) {
                                   if (random_() % 10 != 0) {
                                     ++it;
                                     continue;
                                   }
                                   table_.Delete(context.session(), it->first, 1);
                                   it = rows_.erase(it);
                                 }
                                 return absl::OkStatus();
                               }),
                IsOk());
  }

  std::vector<int64_t> Listed(const Listing& listing, const Message& place, int64_t limit) {
    std::vector<std::unique_ptr<Message>> page;
    EXPECT_THAT(store_->Read([&](Session& session) {
      listing.Read(session, place, limit, [&] { return page.emplace_back(model_.Text("")).get(); });
      return absl::OkStatus();
    }),
                IsOk());
    std::vector<int64_t> ids;
    for (const auto& row : page) ids.push_back(table_.Id(*row));
    return ids;
  }

  testing::TestDatabase database_;
  ThreadPool pool_{2};
  std::unique_ptr<Store> store_;
  std::set<int64_t> used_;  // Ids of all rows, including removed ones.
};

TEST_F(ListingRandomTest, AnswersAsTheTwinDoes) {
  Add(60);
  int matched = 0;
  ForEachSeed(3000, [&](uint64_t seed) {
    random_.seed(seed);
    const TwinFilter filter = AnyFilter(4);
    TwinOrder order = AnyOrder();
    const std::string filter_text = filter.Text(random_);
    SCOPED_TRACE(absl::StrCat("filter ", filter_text, ", order by ", OrderText(order)));
    std::vector<Violation> violations;
    const Listing listing(&table_, filter_text, OrderText(order), &violations);
    ASSERT_TRUE(violations.empty()) << violations[0].description;
    order.emplace_back("product_sku", false);
    const std::vector<int64_t> wanted = Wanted(filter, order, nullptr);
    ASSERT_EQ(Listed(listing, *model_.Text(""), 1000), wanted);
    int64_t count = 0;
    ASSERT_THAT(store_->Read([&](Session& session) {
      count = listing.Count(session);
      return absl::OkStatus();
    }),
                IsOk());
    ASSERT_EQ(count, static_cast<int64_t>(wanted.size()));
    matched += !wanted.empty() && wanted.size() < rows_.size();
  });
  EXPECT_GT(matched, 1500) << "too few of the random filters separate rows";
}

TEST_F(ListingRandomTest, AnyTextIsAnsweredOrRefused) {
  Add(20);
  const std::vector<std::string> pieces = {
      "brand", "price", "stock",   "weight",   "in_stock", "=",    "!=",      "<",
      ">=",    ":",     "*",       "(",        "(",        ")",    ")",       "AND",
      "OR",    "NOT ",  "-",       " ",        " ",        "\"",   "'",       "\\",
      "1",     "-1.5",  "x",       "true",     "😀",        "\xFF", ",",       ";",
      "--",    "1e999", "brand=x", "-stock>1", " AND ",    " OR ", "price:*", "()",
      std::string(1, '\0')};
  int answered = 0;
  ForEachSeed(20'000, [&](uint64_t seed) {
    random_.seed(seed);
    std::string text;
    for (uint64_t i = random_() % 12; i > 0; --i) text += Any(pieces);
    SCOPED_TRACE(absl::StrCat("filter ", text));
    std::vector<Violation> violations;
    const Listing listing(&table_, text, "brand desc, weight", &violations);
    if (!violations.empty()) {
      ASSERT_EQ(violations[0].description.substr(0, 9), "position ");
      return;
    }
    ++answered;
    ASSERT_LE(Listed(listing, *model_.Text("product_sku: 3 brand: 'b'"), 1000).size(), 20u);
  });
  EXPECT_GT(answered, 500);
}

TEST_F(ListingRandomTest, PagesNeitherRepeatNorHideRowsWhileOthersComeAndGo) {
  ForEachSeed(60, [&](uint64_t seed) {
    random_.seed(seed);
    if (rows_.size() < 60) Add(60);
    const TwinFilter filter = AnyFilter(1);
    TwinOrder order = AnyOrder();
    SCOPED_TRACE(absl::StrCat("order by ", OrderText(order)));
    std::vector<Violation> violations;
    const Listing listing(&table_, filter.Text(random_), OrderText(order), &violations);
    ASSERT_TRUE(violations.empty());
    order.emplace_back("product_sku", false);

    std::vector<int64_t> there = Wanted(filter, order, nullptr);
    std::set<int64_t> met;
    TwinRow last;
    while (true) {
      auto place = model_.Text("");
      if (!last.empty()) {
        // Encoded and parsed, as in a page token.
        auto copied = model_.Text("");
        listing.CopyPlace(*ToMessage(last), copied.get());
        ASSERT_TRUE(place->ParseFromString(copied->SerializeAsString()));
        schema::SetInt64(place.get(), table_.id_field(), std::get<int64_t>(last["product_sku"]));
      }
      std::vector<int64_t> wanted = Wanted(filter, order, last.empty() ? nullptr : &last);
      wanted.resize(std::min<size_t>(wanted.size(), 5));
      ASSERT_EQ(Listed(listing, *place, 5), wanted);
      if (wanted.empty()) break;
      for (const int64_t id : wanted) ASSERT_TRUE(met.insert(id).second) << "repeated " << id;
      last = rows_[wanted.back()];
      RemoveSome();
      if (rows_.size() < 150) Add(static_cast<int>(random_() % 8));
      std::erase_if(there, [&](int64_t id) { return !rows_.contains(id); });
      // Rows are added as fast as they are listed, so the listing would never end.
      if (met.size() > 150) break;
    }
  });
}

}  // namespace
}  // namespace clustr::storage
