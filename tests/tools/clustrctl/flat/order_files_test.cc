// Reads every file under files/ and compares what is understood of it with expected.json of its
// folder. Each entry was worked out by hand. A folder is a kind of file; README.md there says more.

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/schema/date.h"
#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tools/clustrctl/flat/file/order_file.h"
#include "tools/clustrctl/flat/flat_flags.h"

namespace clustr::ctl {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using ::testing::ElementsAreArray;

const std::filesystem::path kFiles = CLUSTR_FLAT_FILES;

std::string Content(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

std::vector<std::string> Texts(const Struct& entry, const std::string& field) {
  std::vector<std::string> texts;
  const auto found = entry.fields().find(field);
  if (found == entry.fields().end()) return texts;
  for (const Value& value : found->second.list_value().values()) {
    texts.push_back(value.string_value());
  }
  return texts;
}

// What was read of one file.
struct ReadFile {
  std::unique_ptr<OrderFile> file;
  OrderBook book;
  Refusals refusals;
  absl::Status status;
};

void Read(const std::filesystem::path& path, const std::vector<std::string>& flags,
          ReadFile* result) {
  FlagSet set;
  FlatFlags flat;
  flat.Define(&set);
  const auto rest = set.Parse(flags);
  result->status = rest.status();
  if (!rest.ok()) return;
  FileSettings settings = flat.settings().file;
  settings.days.today = schema::EpochDay({2026, 11, 29});
  auto file = OrderFile::Open(path, settings);
  result->status = file.status();
  if (!file.ok()) return;
  result->file = *std::move(file);
  result->status = result->file->Read([](int64_t, int64_t) {}, &result->book, &result->refusals);
  result->book.FoldGuests(flat.settings().guest);
}

std::string MoneyText(int64_t cents) {
  return absl::StrFormat("%d.%02d", cents / 100, cents % 100);
}

// `order customer day: product*quantity@price,...`, with `=total` where it is another.
std::vector<std::string> Orders(const OrderBook& book) {
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < book.orders.size(); ++i) {
    const FlatOrder& order = book.orders[i];
    if (order.lines.empty()) continue;
    std::string text = absl::StrCat(
        book.order_codes.text(i), " ",
        order.customer == CodeBook::kNone ? "-" : book.customer_codes.text(order.customer), " ",
        schema::DateText(order.day), ": ");
    for (const FlatLine& line : order.lines) {
      absl::StrAppend(&text, &line == &order.lines[0] ? "" : ", ",
                      book.product_codes.text(line.product), "*", line.quantity, "@",
                      MoneyText(line.price_cents));
      if (line.total_offset != 0) {
        absl::StrAppend(&text, "=",
                        MoneyText(line.price_cents * line.quantity + line.total_offset));
      }
    }
    texts.push_back(text);
  }
  return texts;
}

// `order customer day: product*quantity@price`.
std::vector<std::string> Returns(const OrderBook& book) {
  std::vector<std::string> texts;
  for (const FlatReturn& row : book.returns) {
    texts.push_back(absl::StrCat(
        book.order_codes.text(row.order), " ",
        row.customer == CodeBook::kNone ? "-" : book.customer_codes.text(row.customer), " ",
        row.day == FlatReturn::kNoDay ? "-" : schema::DateText(row.day), ": ",
        book.product_codes.text(row.product), "*", row.quantity, "@", MoneyText(row.price_cents)));
  }
  return texts;
}

std::vector<std::string> Names(const OrderBook& book) {
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < book.products.size(); ++i) {
    if (book.products[i].first_row == 0) continue;
    texts.push_back(absl::StrCat(book.product_codes.text(i), "=", book.NameOf(i)));
  }
  return texts;
}

void ExpectRefused(const std::vector<std::string>& expected, const Refusals& refusals) {
  std::vector<std::string> texts;
  for (const auto& error : refusals.First()) {
    std::string text = absl::StrCat(error.row(), " ");
    for (const auto& violation : error.violations()) {
      absl::StrAppend(&text, &violation == &error.violations(0) ? "" : "; ", violation.field(),
                      violation.field().empty() ? "" : ": ", violation.description());
    }
    texts.push_back(text);
  }
  ASSERT_EQ(texts.size(), expected.size()) << absl::StrJoin(texts, "\n");
  for (size_t i = 0; i < texts.size(); ++i) {
    EXPECT_TRUE(absl::StartsWith(texts[i], expected[i])) << texts[i] << "\n" << expected[i];
    EXPECT_TRUE(absl::StrContains(texts[i], ";")) << "names no remedy: " << texts[i];
  }
}

// Every row of the file has one fate.
void ExpectAccounted(const ReadFile& read) {
  int64_t taken = read.book.return_rows();
  for (const FlatOrder& order : read.book.orders) taken += static_cast<int64_t>(order.lines.size());
  EXPECT_EQ(taken + read.refusals.count() + read.book.skipped(), read.book.rows);
}

void Check(const std::filesystem::path& path, const Struct& entry) {
  ReadFile read;
  Read(path, Texts(entry, "flags"), &read);
  const auto error = entry.fields().find("error");
  if (error != entry.fields().end()) {
    EXPECT_FALSE(read.status.ok());
    EXPECT_TRUE(absl::StrContains(read.status.message(), error->second.string_value()))
        << read.status;
    return;
  }
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_THAT(Orders(read.book), ElementsAreArray(Texts(entry, "orders")));
  EXPECT_THAT(Returns(read.book), ElementsAreArray(Texts(entry, "returns")));
  ExpectRefused(Texts(entry, "refused"), read.refusals);
  const auto skipped = entry.fields().find("skipped");
  EXPECT_EQ(static_cast<double>(read.book.skipped()),
            skipped == entry.fields().end() ? 0 : skipped->second.number_value());
  if (entry.fields().contains("names")) {
    EXPECT_THAT(Names(read.book), ElementsAreArray(Texts(entry, "names")));
  }
  std::vector<std::string> notes = read.file->Notes();
  for (const std::string& note : read.book.notes.Sentences()) notes.push_back(note);
  const std::string told = absl::StrJoin(notes, "\n");
  for (const std::string& note : Texts(entry, "notes")) {
    EXPECT_TRUE(absl::StrContains(told, note)) << note << "\nis not in\n" << told;
  }
  for (const std::string& note : Texts(entry, "no_notes")) {
    EXPECT_FALSE(absl::StrContains(told, note)) << note << "\nis in\n" << told;
  }
  ExpectAccounted(read);
}

TEST(OrderFilesTest, EveryFileIsReadAsItIsMeant) {
  int files = 0;
  for (const auto& folder : std::filesystem::directory_iterator(kFiles)) {
    if (!folder.is_directory()) continue;
    Struct expected;
    const auto parsed = google::protobuf::util::JsonStringToMessage(
        Content(folder.path() / "expected.json"), &expected);
    ASSERT_TRUE(parsed.ok()) << folder.path() << ": " << parsed.ToString();
    std::map<std::string, int> seen;
    for (const auto& [name, entry] : expected.fields()) {
      // Several entries may read one file with different flags: `name.csv`, `name.csv#2`.
      const std::string file = name.substr(0, name.find('#'));
      SCOPED_TRACE(absl::StrCat(folder.path().filename().string(), "/", name));
      ++seen[file];
      ++files;
      Check(folder.path() / file, entry.struct_value());
    }
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      const std::string name = file.path().filename();
      EXPECT_TRUE(name == "expected.json" || seen.contains(name)) << file.path();
    }
  }
  EXPECT_GE(files, 600);
}

}  // namespace
}  // namespace clustr::ctl
