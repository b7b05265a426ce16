// Trains the models of products and of bundles on a folder of the five CSV files, one after the
// other, and prints how each candidate did on the last fifth of the days, the champions, and how
// long training and serving take.
//   training_bench FOLDER [SEED=0] [THREADS=2]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/importing/csv_reader.h"
#include "common/schema/date.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/products/product_scorer.h"
#include "services/bundles/products/ranker/ranking.h"
#include "services/bundles/training/bundles/train_bundles.h"
#include "services/bundles/training/train_products.h"

namespace clustr::training {
namespace {

[[noreturn]] void Fail(const std::string& message) {
  std::fprintf(stderr, "training_bench: %s\n", message.c_str());
  std::exit(2);
}

// CPU seconds of the process, which other programs do not lengthen.
double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Calls visit(cells) for each row of the table, with the cells of the named columns.
template <class Visit>
void ForEachRow(const std::filesystem::path& folder, const std::string& table,
                const std::vector<std::string>& columns, Visit visit) {
  std::filesystem::path path = folder / (table + ".csv");
  if (!std::filesystem::exists(path)) path += ".gz";
  auto reader = importing::CsvReader::Open(path.string());
  if (!reader.ok()) Fail(std::string(reader.status().message()));
  std::vector<size_t> places;
  for (const std::string& column : columns) {
    const auto& header = reader->header();
    const auto place = std::find(header.begin(), header.end(), column);
    if (place == header.end()) Fail(path.string() + " has no column " + column);
    places.push_back(place - header.begin());
  }
  importing::CsvRow row;
  while (*reader->Next(&row)) {
    if (!row.error.empty()) Fail(path.string() + ": " + std::string(row.error));
    std::vector<std::string> cells;
    for (const size_t place : places) cells.emplace_back(row.cells[place]);
    visit(cells);
  }
}

int64_t Number(const std::string& cell) { return std::strtoll(cell.c_str(), nullptr, 10); }

std::shared_ptr<const index::Snapshot> ReadShop(const std::filesystem::path& folder) {
  std::map<int64_t, int32_t> days;
  ForEachRow(folder, "timeframe", {"time_id", "date"},
             [&](const auto& cells) { days[Number(cells[0])] = schema::EpochDayOf(cells[1]); });
  std::map<int64_t, index::Basket> baskets;
  ForEachRow(folder, "transactions", {"transaction_id", "customer_id", "time_id"},
             [&](const auto& cells) {
               index::Basket& basket = baskets[Number(cells[0])];
               basket.transaction_id = Number(cells[0]);
               basket.customer_id = Number(cells[1]);
               basket.epoch_day = days[Number(cells[2])];
             });
  ForEachRow(folder, "sales", {"transaction_id", "product_sku"}, [&](const auto& cells) {
    baskets[Number(cells[0])].product_skus.push_back(Number(cells[1]));
  });
  index::ShopIndex shop;
  for (const auto& [id, basket] : baskets) shop.PutBasket(basket);
  return shop.Publish();
}

// By how much the NDCG of `one` is above that of the champion on the same cases.
Mean GainOver(const MeasuredCandidate& champion, const MeasuredCandidate& one) {
  std::vector<double> gains = one.measures.ndcg_by_case;
  for (size_t i = 0; i < gains.size(); ++i) gains[i] -= champion.measures.ndcg_by_case[i];
  return MeanOf(gains);
}

void Print(const char* task, const TaskResult& result) {
  const auto champion =
      std::find_if(result.candidates.begin(), result.candidates.end(),
                   [&](const MeasuredCandidate& one) { return one.name == result.champion; });
  absl::PrintF("\n%s, %d cases, champion %s\n", task, result.case_count, result.champion);
  absl::PrintF("%-20s %17s %17s %17s %17s %8s %8s %18s\n", "", "NDCG@10", "anonymous NDCG@10",
               "Recall@10", "Hit@10", "MRR@10", "coverage", "above the champion");
  for (const MeasuredCandidate& one : result.candidates) {
    const RankingMeasures& m = one.measures;
    const Mean gain = GainOver(*champion, one);
    absl::PrintF(
        "%-20s %8.4f +-%6.4f %8.4f +-%6.4f %8.4f +-%6.4f %8.4f +-%6.4f %8.4f %8.4f "
        "%8.4f +-%6.4f\n",
        one.name, m.ndcg.value, m.ndcg.standard_error, one.anonymous.ndcg.value,
        one.anonymous.ndcg.standard_error, m.recall.value, m.recall.standard_error, m.hit.value,
        m.hit.standard_error, m.mrr.value, m.coverage, gain.value, gain.standard_error);
  }
}

// A value and its standard error.
void PrintMean(const Mean& mean) {
  absl::PrintF(" %8.4f +-%6.4f", mean.value, mean.standard_error);
}

void TrainAndPrintBundles(const Purchases& purchases, int32_t split_day) {
  const double start = CpuSeconds();
  const auto trained = TrainBundles(purchases, LastFifth(purchases.days.front(), split_day - 1),
                                    split_day, {}, [] { return absl::OkStatus(); });
  if (!trained.ok()) Fail(std::string(trained.status().message()));
  absl::PrintF("\nBundles, %d cases, champion %s, CPU %.1f s\n", trained->case_count,
               trained->champion, CpuSeconds() - start);
  absl::PrintF("%-20s %17s %17s %17s %17s %17s\n", "", "NDCG@100", "average precision",
               "precision@50", "Brier", "calibration error");
  for (const MeasuredBundles& one : trained->methods) {
    absl::PrintF("%-20s", one.name);
    const BundleMeasures& m = one.measures;
    for (const Mean& mean : {m.ndcg, m.average_precision, m.precision}) PrintMean(mean);
    if (one.has_probability) {
      for (const Mean& mean : {m.brier, m.calibration_error}) PrintMean(mean);
    }
    absl::PrintF("\n");
  }
  if (!trained->model) return;
  const bundle_model::BundleModel& model = *trained->model;
  absl::PrintF("half-life %g, recent ^%g, demand ^%g, chance * %g, scale %g, prior %g\n",
               model.shape.half_life_days, model.shape.recent_power, model.shape.demand_power,
               model.chance_weight, model.scale, model.prior_days);
}

void PrintWeights(const char* task, const products::TaskWeights& w) {
  absl::PrintF(
      "%s: own %g ^%g half-life %g, similar %g, popular %g, common %g, recent ^%g, count "
      "^-%g, again ^%g\n",
      task, w.own, w.own_exponent, w.own_half_life_days, w.similar, w.popular, w.common,
      w.recent_exponent, w.count_exponent, w.again_exponent);
}

// Scores a basket of 8 products repeatedly, and ranks its best products if there is a ranker.
void TimeScoring(const products::ProductModel& model) {
  const products::ProductScorer scorer(model, model.completion);
  products::ProductScorer::Scratch scratch;
  std::vector<float> scores;
  std::vector<ProductNumber> basket;
  for (size_t i = 0; i < 8 && i < model.skus.size(); ++i) {
    basket.push_back(static_cast<ProductNumber>(i * model.skus.size() / 8));
  }
  constexpr int kRepeats = 10'000;
  const double start = CpuSeconds();
  size_t found = 0;
  for (int i = 0; i < kRepeats; ++i) {
    scorer.Score({basket, {}}, &scratch, &scores);
    found += TopProducts(scores, 10, basket).size();
  }
  absl::PrintF("scoring a basket of 8 and taking the best %d: %.1f us\n", found / kRepeats,
               (CpuSeconds() - start) / kRepeats * 1e6);
  if (!model.completion.ranker) return;
  scorer.ScoreByFormula({basket, {}}, &scratch, &scores);
  const products::TaskRanker ranker(model, model.completion);
  const double ranked = CpuSeconds();
  for (int i = 0; i < kRepeats; ++i) {
    ranker.Rank(basket, {}, scores, &scratch.ranking);
  }
  absl::PrintF("of that, ranking the best %d: %.1f us\n", scratch.ranking.candidates.size(),
               (CpuSeconds() - ranked) / kRepeats * 1e6);
}

// Scores a customer who bought 60 products, every second of them twice, repeatedly.
void TimeNextBasket(const products::ProductModel& model) {
  const products::ProductScorer scorer(model, model.next_basket);
  products::ProductScorer::Scratch scratch;
  std::vector<float> scores;
  std::vector<std::pair<ProductNumber, int32_t>> lines;
  std::vector<products::OwnProduct> own;
  for (size_t i = 0; i < 60; ++i) {
    const auto product = static_cast<ProductNumber>(i * model.skus.size() / 60);
    const size_t times = 1 + i % 2;
    for (size_t k = 0; k < times; ++k) {
      lines.emplace_back(product, model.reference_day - static_cast<int32_t>(10 + i + 30 * k));
    }
    own.push_back({product, static_cast<float>(times)});
  }
  own = products::SumByProduct(std::move(own));
  const products::OwnHistory history = {products::RecordsOf(lines, model.reference_day), 12};
  constexpr int kRepeats = 10'000;
  const double start = CpuSeconds();
  size_t found = 0;
  for (int i = 0; i < kRepeats; ++i) {
    scorer.Score({{}, own, &history}, &scratch, &scores);
    found += TopProducts(scores, 10, {}).size();
  }
  absl::PrintF("scoring a customer of %d products and taking the best %d: %.1f us\n", own.size(),
               found / kRepeats, (CpuSeconds() - start) / kRepeats * 1e6);
}

void Run(const std::filesystem::path& folder, uint64_t seed, size_t threads) {
  const auto shop = ReadShop(folder);
  auto start = std::chrono::steady_clock::now();
  const Purchases purchases = ReadPurchases(*shop);
  absl::PrintF("%d baskets, %d products, %d customers\n", purchases.size(), purchases.skus.size(),
               purchases.customer_count);
  const auto trained = TrainProducts(
      purchases, {.split_day = {}, .seed = seed, .limits = {}, .threads = threads},
      [] { return absl::OkStatus(); },
      [&](const char* phase, int percent) {
        std::fprintf(stderr, "%6.1f s  %3d %%  %s\n", SecondsSince(start), percent, phase);
      });
  if (!trained.ok()) Fail(std::string(trained.status().message()));
  absl::PrintF("trained in %.1f s, CPU %.1f s; links: %d and %d\n", SecondsSince(start), CpuSeconds(),
               trained->model.completion.basket_links.link_count(),
               trained->model.next_basket.history_links.link_count());
  Print("Basket completion", trained->completion);
  Print("Next basket", trained->next_basket);
  PrintWeights("completion", trained->model.completion.weights);
  PrintWeights("next basket", trained->model.next_basket.weights);
  TimeScoring(trained->model);
  TimeNextBasket(trained->model);
  TrainAndPrintBundles(purchases, trained->split_day);
}

}  // namespace
}  // namespace clustr::training

int main(int argc, char** argv) {
  if (argc < 2) clustr::training::Fail("give a folder with the five CSV files");
  clustr::training::Run(argv[1], argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0,
                        argc > 3 ? std::max(1, std::atoi(argv[3])) : 2);
}
