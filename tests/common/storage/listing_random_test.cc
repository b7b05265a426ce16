#include <algorithm>
#include <limits>
#include <set>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/storage/listing.h"
#include "common/storage/store.h"
#include "gtest/gtest.h"
#include "tests/common/storage/list_twin.h"
#include "tests/testing/edited_model.h"
#include "tests/testing/for_each_seed.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::storage {
namespace {

using catalog::v1::Product;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::Message;
using testing::IsOk;

// Adds a double and a signed number to Product, which no model has so far.
void AddNumbers(google::protobuf::DescriptorProto* product) {
  testing::AddField(product, "weight", 20, FieldDescriptorProto::TYPE_DOUBLE, true);
  testing::AddField(product, "stock", 21, FieldDescriptorProto::TYPE_INT64, true);
}

// Keeps random products both in a database and in memory, and compares lists of them.
class ListingRandomTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = Store::Open(folder_.DatabaseUrl(), {&model_.descriptor()}, 1, &pool_);
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
  }

  template <class T>
  T Any(const std::vector<T>& values) {
    return values[random_() % values.size()];
  }
  std::string AnyText() {
    static const std::vector<std::string> kTexts = {
        "",    "a",  "A",  "b",  "ab", "a b", "%",    "_",  "a%b", "a_b",
        "'",   "\"", "\\", "--", "é",  "e",   "漢字", "😀",  "x😀y", "*",
        ":p0", "?",  "Z",  " ",  "OR", "a'",  "\\'",  "aa", "ä",   "\xEF\xBF\xBD"};
    return Any(kTexts);
  }
  int64_t AnyNumber() {
    constexpr int64_t kBig = std::numeric_limits<int64_t>::max();
    return Any<int64_t>({0, 1, -1, 2, 7, -7, kBig, kBig - 1, -kBig, -kBig - 1,
                         (int64_t{1} << 53) + 1, 5'000'000'000});
  }
  double AnyReal() {
    return Any<double>({0, 0.1, 0.2, 0.1 + 0.2, 0.3, 1.0 / 3, -1e300, 5e-324, 1e17, 3});
  }
  int64_t AnyCents() {
    return Any<int64_t>({0, 1, 10, 29, 30, 31, 1999, 100'000'000, 999'999'999'999});
  }

  TwinRow AnyRow() {
    TwinRow row;
    const auto maybe = [&](const char* field, TwinValue value) {
      if (random_() % 4 != 0) row[field] = std::move(value);
    };
    row["product_name"] = AnyText();
    maybe("category", AnyText());
    maybe("brand", AnyText());
    maybe("price", TwinCents{AnyCents()});
    maybe("in_stock", random_() % 2 == 0);
    maybe("weight", AnyReal());
    maybe("stock", AnyNumber());
    row["revision"] = int64_t(random_() % 4);
    return row;
  }

  TwinFilter AnyComparison() {
    TwinFilter filter{.kind = TwinFilter::Kind::kCompare};
    filter.field = Any<std::string>({"product_sku", "product_name", "category", "brand", "price",
                                     "in_stock", "weight", "stock", "revision"});
    filter.op = Any<std::string>({"=", "=", "!=", "<", "<=", ">", ">=", ":", "*"});
    if (filter.field == "price") {
      filter.money = true;
      filter.value = AnyCents() * 1000 + Any<int64_t>({0, 0, 0, 1, 500, 999, -1, -500});
    } else if (filter.field == "in_stock") {
      filter.value = random_() % 2 == 0;
    } else if (filter.field == "weight") {
      filter.value = AnyReal();
    } else if (filter.field == "stock") {
      filter.value = AnyNumber();
    } else if (filter.field == "product_sku" || filter.field == "revision") {
      filter.value = int64_t(random_() % 60);
      // Without presence, `*` on these fields would ask whether they are 0.
      if (filter.op == "*") filter.op = "=";
    } else {
      filter.value = AnyText();
      if (filter.field == "product_name" && filter.op == "*") filter.op = ":";
    }
    return filter;
  }

  TwinFilter AnyFilter(int depth) {
    const uint64_t kind = depth == 0 ? 3 : random_() % 5;
    if (kind > 2) return AnyComparison();
    TwinFilter filter{.kind = static_cast<TwinFilter::Kind>(kind)};
    const int parts = kind == 2 ? 1 : 2 + static_cast<int>(random_() % 2);
    for (int i = 0; i < parts; ++i) filter.parts.push_back(AnyFilter(depth - 1));
    return filter;
  }

  TwinOrder AnyOrder() {
    std::vector<std::string> fields = {"product_sku", "product_name", "category",
                                       "brand",       "price",        "in_stock",
                                       "weight",      "stock",        "revision"};
    std::shuffle(fields.begin(), fields.end(), random_);
    fields.resize(random_() % 4);
    TwinOrder order;
    for (const std::string& field : fields) order.emplace_back(field, random_() % 2 == 0);
    return order;
  }

  std::unique_ptr<Message> ToMessage(const TwinRow& row) {
    auto message = model_.Text("");
    const auto& reflection = *message->GetReflection();
    for (const auto& [name, value] : row) {
      const auto* field = model_.descriptor().FindFieldByName(name);
      if (const auto* text = std::get_if<std::string>(&value)) {
        reflection.SetString(message.get(), field, *text);
      } else if (const auto* number = std::get_if<int64_t>(&value)) {
        reflection.SetInt64(message.get(), field, *number);
      } else if (const auto* real = std::get_if<double>(&value)) {
        reflection.SetDouble(message.get(), field, *real);
      } else if (const auto* money = std::get_if<TwinCents>(&value)) {
        reflection.SetDouble(message.get(), field, static_cast<double>(money->cents) / 100);
      } else {
        reflection.SetBool(message.get(), field, std::get<bool>(value));
      }
    }
    return message;
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

  // Ids of the matching rows in memory, in order, after `after` if it is not null.
  std::vector<int64_t> Wanted(const TwinFilter& filter, const TwinOrder& order,
                              const TwinRow* after) {
    std::vector<const TwinRow*> matching;
    for (const auto& [id, row] : rows_) {
      if (filter.Matches(row) && (after == nullptr || ComesBefore(*after, row, order))) {
        matching.push_back(&row);
      }
    }
    std::sort(matching.begin(), matching.end(),
              [&](const TwinRow* a, const TwinRow* b) { return ComesBefore(*a, *b, order); });
    std::vector<int64_t> ids;
    for (const TwinRow* row : matching) ids.push_back(std::get<int64_t>(row->at("product_sku")));
    return ids;
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

  static std::string OrderText(const TwinOrder& order) {
    std::string text;
    for (const auto& [field, descending] : order) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", field, descending ? " desc" : "");
    }
    return text;
  }

  testing::TempFolder folder_;
  ThreadPool pool_{2};
  const testing::EditedModel model_{*Product::descriptor(), AddNumbers};
  const Table table_{model_.descriptor()};
  std::unique_ptr<Store> store_;
  std::mt19937_64 random_;
  std::map<int64_t, TwinRow> rows_;
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
      "--",    "1e999", "brand=x", "-stock>1", " AND ",    " OR ", "price:*", "()"};
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
