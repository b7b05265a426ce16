#include "tests/common/storage/random_lists.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/product.pb.h"

namespace clustr::storage {

using google::protobuf::FieldDescriptorProto;
using google::protobuf::Message;

namespace {

void AddNumbers(google::protobuf::DescriptorProto* product) {
  testing::AddField(product, "weight", 20, FieldDescriptorProto::TYPE_DOUBLE, true);
  testing::AddField(product, "stock", 21, FieldDescriptorProto::TYPE_INT64, true);
}

}  // namespace

RandomLists::RandomLists()
    : model_(*catalog::v1::Product::descriptor(), AddNumbers), table_(model_.descriptor()) {}

std::string RandomLists::AnyText() {
  static const std::vector<std::string> kTexts = {
      "",    "a",  "A",  "b",  "ab", "a b", "%",    "_",  "a%b", "a_b",
      "'",   "\"", "\\", "--", "é",  "e",   "漢字", "😀",  "x😀y", "*",
      ":p0", "?",  "Z",  " ",  "OR", "a'",  "\\'",  "aa", "ä",   "\xEF\xBF\xBD"};
  return Any(kTexts);
}

int64_t RandomLists::AnyNumber() {
  constexpr int64_t kBig = std::numeric_limits<int64_t>::max();
  return Any<int64_t>({0, 1, -1, 2, 7, -7, kBig, kBig - 1, -kBig, -kBig - 1,
                       (int64_t{1} << 53) + 1, 5'000'000'000});
}

double RandomLists::AnyReal() {
  return Any<double>({0, 0.1, 0.2, 0.1 + 0.2, 0.3, 1.0 / 3, -1e300, 5e-324, 1e17, 3});
}

int64_t RandomLists::AnyCents() {
  return Any<int64_t>({0, 1, 10, 29, 30, 31, 1999, 100'000'000, 999'999'999'999});
}

TwinRow RandomLists::AnyRow() {
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

TwinFilter RandomLists::AnyComparison() {
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

TwinFilter RandomLists::AnyFilter(int depth) {
  const uint64_t kind = depth == 0 ? 3 : random_() % 5;
  if (kind > 2) return AnyComparison();
  TwinFilter filter{.kind = static_cast<TwinFilter::Kind>(kind)};
  const int parts = kind == 2 ? 1 : 2 + static_cast<int>(random_() % 2);
  for (int i = 0; i < parts; ++i) filter.parts.push_back(AnyFilter(depth - 1));
  return filter;
}

TwinOrder RandomLists::AnyOrder() {
  std::vector<std::string> fields = {"product_sku", "product_name", "category",
                                     "brand",       "price",        "in_stock",
                                     "weight",      "stock",        "revision"};
  std::shuffle(fields.begin(), fields.end(), random_);
  fields.resize(random_() % 4);
  TwinOrder order;
  for (const std::string& field : fields) order.emplace_back(field, random_() % 2 == 0);
  return order;
}

std::unique_ptr<Message> RandomLists::ToMessage(const TwinRow& row) const {
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

std::vector<int64_t> RandomLists::Wanted(const TwinFilter& filter, const TwinOrder& order,
                                         const TwinRow* after) const {
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

std::string RandomLists::OrderText(const TwinOrder& order) {
  std::string text;
  for (const auto& [field, descending] : order) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", field, descending ? " desc" : "");
  }
  return text;
}

}  // namespace clustr::storage
