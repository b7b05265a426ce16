// Prints how long each step of a rule query takes, without gRPC, for ever smaller populations of a
// shop that `clustrctl generate` made.
//   rule_query_bench FOLDER [MIN_SUPPORT=0.005] [FIMI_FILE]
// With a third argument, also writes the baskets to that file, one per line.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "services/bundles/index/projection.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/mining/measures/support.h"
#include "services/bundles/mining/rules.h"
#include "tests/bench/bench_shop.h"

namespace clustr::index {
namespace {

using Fields = std::vector<std::string>;

// Calls `row` for each line of a CSV file without quotes, with the fields of `columns`.
template <typename Row>
void ReadCsv(const std::string& path, const std::vector<std::string>& columns, Row row) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) std::exit((std::perror(path.c_str()), 2));
  const Fields header = absl::StrSplit(line, ',');
  std::vector<size_t> places;
  for (const std::string& column : columns) {
    places.push_back(std::find(header.begin(), header.end(), column) - header.begin());
  }
  Fields wanted(columns.size());
  while (std::getline(file, line)) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ',');
    for (size_t i = 0; i < places.size(); ++i) wanted[i] = std::string(fields.at(places[i]));
    row(wanted);
  }
}

void ReadShop(const std::string& folder, ShopIndex* index) {
  ReadCsv(
      folder + "/customers.csv",
      {"customer_id", "gender", "age", "income_level", "customer_segment"}, [&](const Fields& row) {
        index->PutCustomer(std::stoll(row[0]), {row[1], std::stoi(row[2]), row[3], row[4], "", ""});
      });
  std::vector<Basket> baskets;  // Indexed by transaction_id.
  ReadCsv(folder + "/transactions.csv", {"transaction_id", "customer_id", "channel"},
          [&](const Fields& row) {
            const size_t id = std::stoull(row[0]);
            baskets.resize(std::max(baskets.size(), id + 1));
            baskets[id] = {static_cast<int64_t>(id), std::stoll(row[1]), 0, row[2], "", {}};
          });
  ReadCsv(folder + "/sales.csv", {"transaction_id", "product_sku"}, [&](const Fields& row) {
    baskets.at(std::stoull(row[0])).product_skus.push_back(std::stoll(row[1]));
  });
  for (const Basket& basket : baskets) index->PutBasket(basket);
}

void WriteFimi(const Snapshot& shop, const std::string& path) {
  std::ofstream file(path);
  for (Slot slot = 0; slot < shop.slot_count(); ++slot) {
    const char* blank = "";
    for (const Item item : shop.items(slot)) file << std::exchange(blank, " ") << item;
    file << '\n';
  }
}

void Run(const Snapshot& shop, const char* name, const Population& population, double min_support) {
  Selection selection = Select(shop, population);
  const int64_t min_count = mining::MinCount(min_support, selection.basket_count, 2);
  ProjectionQuery query;
  query.min_count = min_count;
  Projection projection = Project(shop, selection, query);
  const auto frequent = std::count_if(projection.counts.begin(), projection.counts.end(),
                                      [&](uint32_t count) { return count >= min_count; });
  std::printf("%s: %lld baskets, of which %zu with %.2f of %lld frequent products\n", name,
              static_cast<long long>(selection.basket_count), projection.basket_count,
              static_cast<double>(projection.view().items.size()) /
                  static_cast<double>(projection.basket_count),
              static_cast<long long>(frequent));
  Time("  Select", [&] { selection = Select(shop, population); });
  Time("  Project", [&] { projection = Project(shop, selection, query); });
  for (const int threads : {1, 2}) {
    mining::RuleQuery rule_query = {.basket_count = selection.basket_count, .threads = threads};
    rule_query.thresholds.min_support = min_support;
    size_t rules = 0;
    Time(threads == 1 ? "  MineRules" : "  MineRules, two threads",
         [&] { rules = mining::MineRules(projection.view(), rule_query)->size(); });
    if (threads == 1) std::printf("  %zu rules\n", rules);
  }
}

}  // namespace
}  // namespace clustr::index

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: rule_query_bench FOLDER [MIN_SUPPORT=0.005] [FIMI_FILE]\n");
    return 2;
  }
  using clustr::index::Population;
  const double min_support = argc > 2 ? std::atof(argv[2]) : 0.005;
  clustr::index::ShopIndex index;
  clustr::index::ReadShop(argv[1], &index);
  const auto shop = index.Publish();
  if (argc > 3) clustr::index::WriteFimi(*shop, argv[3]);
  const auto run = [&](const char* name, const Population& population) {
    clustr::index::Run(*shop, name, population, min_support);
  };
  run("everything", {});
  Population population;
  population.max_age = 70;
  run("up to 70 years", population);
  population.max_age = 40;
  run("up to 40 years", population);
  population.max_age = 25;
  run("up to 25 years", population);
}
