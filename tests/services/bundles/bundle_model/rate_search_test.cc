#include "services/bundles/bundle_model/rate_search.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/bundle_model/bundle_rates.h"
#include "services/bundles/bundle_model/recent_shop.h"
#include "services/bundles/index/pairs/pair_tables.h"
#include "services/bundles/index/shop_index.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/services/bundles/scoring/bundle_brute_force.h"
#include "tests/services/bundles/scoring/random_query.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::bundle_model {
namespace {

using index::ModelShop;
using index::Population;
using index::RandomShop;
using index::Selection;
using index::ShopIndex;
using index::Snapshot;
using scoring::BruteForce;
using scoring::BundleQuery;
using scoring::MakeQuery;
using scoring::QueryWithSkus;
using scoring::ScoredBundle;
using ::testing::IsEmpty;
using SkuSet = ModelShop::SkuSet;

// Counts what a model sees of a bundle by the definitions, taken literally, over plain baskets.
class PlainRates {
 public:
  PlainRates(const ModelShop& shop, const Population& population, double half_life_days)
      : shop_(shop), all_(shop.Select({})), population_(shop.Select(population)) {
    for (const auto& [id, skus] : all_) {
      first_ = std::min(first_, shop.baskets.at(id).epoch_day);
      newest_ = std::max(newest_, shop.baskets.at(id).epoch_day);
    }
    half_life_ = half_life_days;
    everything_ = population == Population();
  }

  BundleEvidence EvidenceOf(const SkuSet& bundle) const {
    BundleEvidence evidence = {.recent = Recent(bundle),
                               .chance = Recent({}),
                               .days = 0,
                               .all = static_cast<double>(ModelShop::Count(all_, bundle)),
                               .all_chance = static_cast<double>(all_.size()),
                               .all_days = static_cast<double>(newest_ - first_ + 1),
                               .weakest = Recent({})};
    for (const int64_t sku : bundle) {
      evidence.chance *= Recent({sku}) / Recent({});
      evidence.all_chance *=
          static_cast<double>(ModelShop::Count(all_, {sku})) / static_cast<double>(all_.size());
      evidence.weakest = std::min(evidence.weakest, Recent({sku}));
    }
    for (int32_t day = first_; day <= newest_; ++day) evidence.days += Weight(day);
    if (!everything_) {
      const double average = 7.0 * static_cast<double>(population_.size()) / all_.size();
      evidence.share = (ModelShop::Count(population_, bundle) + average) /
                       (ModelShop::Count(all_, bundle) + 7.0);
    }
    return evidence;
  }

 private:
  // In units of 2^-32, so that sums are exact.
  double Weight(int32_t day) const {
    const double weight = half_life_ == 0 ? 1 : std::pow(2.0, (day - newest_) / half_life_);
    return std::round(weight * 4294967296.0) / 4294967296.0;
  }
  double Recent(const SkuSet& bundle) const {
    double sum = 0;
    for (const auto& [id, skus] : all_) {
      if (std::includes(skus.begin(), skus.end(), bundle.begin(), bundle.end())) {
        sum += Weight(shop_.baskets.at(id).epoch_day);
      }
    }
    return sum;
  }

  const ModelShop& shop_;
  const std::map<int64_t, SkuSet> all_;
  const std::map<int64_t, SkuSet> population_;
  int32_t first_ = INT32_MAX;
  int32_t newest_ = INT32_MIN;
  double half_life_ = 0;
  bool everything_ = false;
};

ModelShop MakeShop(RandomShop& random, ShopIndex& index, int64_t sku_count) {
  ModelShop model;
  for (int step = 0; step < 500; ++step) random.Change(model, index, 250, sku_count);
  for (int64_t sku = 1000; sku > 1000 - sku_count; --sku) {
    if (!random.OneIn(6)) model.Put(index, sku, random.MakeProduct());
  }
  return model;
}

BundleModel MakeModel(RandomShop& random) {
  return {
      .horizon_days = static_cast<int32_t>(random.Number(1, 60)),
      .shape = {.half_life_days = random.OneIn(3) ? 0 : static_cast<double>(random.Number(1, 8)),
                .recent_power =
                    random.OneIn(3) ? 1 : 0.1 * static_cast<double>(random.Number(1, 10)),
                .demand_power =
                    random.OneIn(3) ? 0 : 0.1 * static_cast<double>(random.Number(1, 15))},
      .scale = 0.5 * static_cast<double>(random.Number(1, 5)),
      .chance_weight = random.OneIn(3) ? 0 : 0.25 * static_cast<double>(random.Number(1, 4)),
      .prior_days = static_cast<double>(random.Number(0, 10)),
      .again_offset = 0.1 * static_cast<double>(random.Number(-5, 5)),
      .again_slope = 0.1 * static_cast<double>(random.Number(3, 12)),
      .chance_slope = 0.1 * static_cast<double>(random.Number(0, 5))};
}

// All admitted bundles, best first, chosen greedily where overlaps are bounded.
std::vector<std::pair<double, SkuSet>> PlainAnswer(const BruteForce& brute_force,
                                                   const PlainRates& rates,
                                                   const BundleModel& model,
                                                   const QueryWithSkus& asked) {
  BundleQuery all = asked.query;
  all.limit = SIZE_MAX;
  all.max_overlap.reset();
  auto found = brute_force.Recommend(all, asked.excluded, asked.anchors);
  for (auto& [score, bundle] : found) score = model.Score(rates.EvidenceOf(bundle));
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<std::pair<double, SkuSet>> chosen;
  for (const auto& candidate : found) {
    if (chosen.size() == asked.query.limit) break;
    const bool overlaps =
        asked.query.max_overlap &&
        std::any_of(chosen.begin(), chosen.end(), [&](const auto& earlier) {
          double size = 0;
          double common = 0;
          for (const int64_t sku : candidate.second) {
            if (asked.query.overlap_is_preference && asked.anchors.contains(sku)) continue;
            ++size;
            common += earlier.second.contains(sku);
          }
          return size > 0 && common / size > *asked.query.max_overlap;
        });
    if (!overlaps) chosen.push_back(candidate);
  }
  return chosen;
}

SkuSet SkusOf(const Snapshot& snapshot, const std::vector<Item>& items) {
  SkuSet skus;
  for (const Item item : items) skus.insert(snapshot.sku_of(item));
  return skus;
}

TEST(RateSearchTest, EqualsTheSlowTwinUnderAnyConstraints) {
  ForEachSeed(60, [](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    const ModelShop shop = MakeShop(random, index, 14);
    const auto snapshot = index.Publish();
    const Population population = random.OneIn(2) ? Population() : random.MakePopulation();
    const Selection selection = index::Select(*snapshot, population);
    const BundleModel model = MakeModel(random);
    const QueryWithSkus asked = MakeQuery(random, *snapshot);
    const RateTables tables(*snapshot, selection, model.shape);
    const auto answer = RecommendByRate(*snapshot, selection, tables, model, asked.query);
    ASSERT_TRUE(answer.ok()) << answer.status();

    const PlainRates rates(shop, population, model.shape.half_life_days);
    const auto expected = PlainAnswer(BruteForce(shop, population), rates, model, asked);
    ASSERT_EQ(answer->size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      const ScoredBundle& bundle = (*answer)[i];
      EXPECT_EQ(SkusOf(*snapshot, bundle.items), expected[i].second) << "place " << i;
      EXPECT_EQ(bundle.score, expected[i].first) << "place " << i;
      EXPECT_EQ(bundle.count, BruteForce(shop, population).Count(expected[i].second));
      EXPECT_EQ(bundle.probability, model.Probability(rates.EvidenceOf(expected[i].second)));
      EXPECT_EQ(bundle.rests_on_all_baskets, !selection.everything && selection.basket_count < 30);
      const BundleRates scorer(*snapshot, selection, tables, model);
      const ScoredBundle alone = scorer.Score(bundle.items);
      EXPECT_EQ(alone.score, bundle.score) << "ScoreBundles and RecommendBundles differ";
      EXPECT_LE(bundle.score, scorer.Bound(tables.MostOf(bundle.count)));
      EXPECT_LE(bundle.score, scorer.Bound(bundle.items, bundle.count));
    }
  });
}

// The tables of pairs and their recency are made from those of other populations and states.
TEST(RateSearchTest, EqualsTheSlowTwinWhateverWasAskedBefore) {
  ForEachSeed(20, [](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    ModelShop shop = MakeShop(random, index, 14);
    const BundleModel model = MakeModel(random);
    index::PairTables pair_tables;
    const auto work = [&] { return scoring::PairWork{2, &pair_tables}; };
    std::shared_ptr<const RecentShop> recent;
    for (int round = 0; round < 8; ++round) {
      for (int step = 0; step < random.Number(0, 6); ++step) random.Change(shop, index, 250, 14);
      const std::shared_ptr<const Snapshot> snapshot = index.Publish();
      recent =
          std::make_shared<const RecentShop>(snapshot, model.shape.half_life_days, recent.get());
      const Population population = random.OneIn(3) ? Population() : random.MakePopulation();
      const Selection selection = index::Select(*snapshot, population);
      const QueryWithSkus asked = MakeQuery(random, *snapshot);
      const RateTables tables(*snapshot, selection, model.shape, recent, work);
      const auto answer = RecommendByRate(*snapshot, selection, tables, model, asked.query);
      ASSERT_TRUE(answer.ok()) << answer.status();
      const PlainRates rates(shop, population, model.shape.half_life_days);
      const auto expected = PlainAnswer(BruteForce(shop, population), rates, model, asked);
      ASSERT_EQ(answer->size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(SkusOf(*snapshot, (*answer)[i].items), expected[i].second) << "place " << i;
        EXPECT_EQ((*answer)[i].score, expected[i].first) << "place " << i;
        EXPECT_EQ((*answer)[i].probability,
                  model.Probability(rates.EvidenceOf(expected[i].second)));
      }
    }
  });
}

// A purchase that was made since the pairs were counted adds to the bound; an old one that was
// removed does not make it wrong.
TEST(RecentShopTest, BoundsHoldAsPurchasesComeAndGo) {
  ForEachSeed(20, [](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    for (int64_t id = 1; id <= 2'000; ++id) {
      index.PutBasket(
          {id, 1, static_cast<int32_t>(random.Number(0, 60)), "", "", random.Skus(6, 14)});
    }
    std::shared_ptr<const RecentShop> recent;
    for (int round = 0; round < 10; ++round) {
      const std::shared_ptr<const Snapshot> snapshot = index.Publish();
      recent = std::make_shared<const RecentShop>(snapshot, 20, recent.get());
      ASSERT_TRUE(
          recent->Prepare(std::vector<uint8_t>(snapshot->item_count(), 1), 2, scoring::AlwaysWanted)
              .ok());
      const Selection everything = index::Select(*snapshot, {});
      const RateTables tables(*snapshot, everything, {.half_life_days = 20});
      const BundleRates rates(*snapshot, everything, tables, BundleModel());
      for (Item a = 1; a < snapshot->item_count(); ++a) {
        for (Item b = 0; b < a; ++b) {
          EXPECT_GE(recent->PairBound(a, b), rates.EvidenceOf({a, b}).recent) << a << " and " << b;
        }
      }
      for (int step = 0; step < 5; ++step) {
        index.RemoveBasket(random.Number(1, 2'000));
        index.PutBasket({3'000 + 10 * round + step, 1, static_cast<int32_t>(60 + round), "", "",
                         random.Skus(6, 14 + round)});
      }
    }
  });
}

TEST(RateTablesTest, PairsBoundWhatIsBoughtOfThem) {
  ForEachSeed(20, [](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    MakeShop(random, index, 14);
    const auto snapshot = index.Publish();
    const Population population = random.OneIn(2) ? Population() : random.MakePopulation();
    const Selection selection = index::Select(*snapshot, population);
    const BundleModel model = MakeModel(random);
    const RateTables tables(*snapshot, selection, model.shape);
    const BundleRates rates(*snapshot, selection, tables, model);
    const auto pairs = tables.Rarer({.min_count = 1});
    ASSERT_TRUE(pairs.ok()) << pairs.status();
    EXPECT_EQ(pairs->strengths, tables.Rarer({.min_count = 2})->strengths) << "counted again";
    for (Item a = 0; a < snapshot->item_count(); ++a) {
      for (const scoring::Neighbour& b : pairs->strengths->NeighboursOf(a)) {
        const BundleEvidence evidence = rates.EvidenceOf({a, b.item});
        const double strength =
            StrengthOf(model.shape, evidence.recent, evidence.all, evidence.weakest);
        EXPECT_GE(b.strength * (1 + 1e-12), evidence.share * strength);
        if (selection.everything) {
          const double recent = std::max(0.26, 1.08 * evidence.recent);
          EXPECT_LE(b.strength,
                    StrengthOf(model.shape, recent, evidence.all, evidence.weakest) * (1 + 1e-12));
        }
        const auto count = static_cast<int64_t>(b.count);
        EXPECT_GE(tables.MostOf(count) * (1 + 1e-12), b.strength);
        EXPECT_LE(tables.LeastCount(b.strength), count);
      }
    }
  });
}

// A search for few products finds its pairs among those that another one had counted, and then has
// the same ones as if it had counted them.
TEST(RateTablesTest, PairsOfFewProductsAreNotCountedAgain) {
  size_t compared = 0;
  ForEachSeed(20, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    MakeShop(random, index, 14);
    const auto snapshot = index.Publish();
    const Population population = random.OneIn(2) ? Population() : random.MakePopulation();
    const Selection selection = index::Select(*snapshot, population);
    const BundleModel model = MakeModel(random);
    const auto recent = std::make_shared<const RecentShop>(snapshot, model.shape.half_life_days);
    int counted = 0;
    const auto work = [&] {
      ++counted;
      return scoring::PairWork();
    };
    const RateTables fresh(*snapshot, selection, model.shape, recent, work);
    const RateTables warm(*snapshot, selection, model.shape, recent, work);
    std::vector<uint8_t> allowed(snapshot->item_count());
    for (uint8_t& item : allowed) item = random.OneIn(3) ? 0 : 1;
    const scoring::PairBounds bounds = {random.Number(1, 4), random.OneIn(2) ? 0.0 : 0.2, allowed};
    const auto expected = fresh.Rarer(bounds);
    ASSERT_TRUE(expected.ok() && warm.Rarer({.min_count = 1}).ok());
    EXPECT_EQ(counted, 2);
    const auto found = warm.Rarer(bounds);
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(counted, 2) << "counted again";
    EXPECT_EQ(found->min_count, expected->min_count);
    EXPECT_EQ(found->strengths->size(), expected->strengths->size());
    for (Item a = 0; a < snapshot->item_count(); ++a) {
      const auto of_found = found->strengths->NeighboursOf(a);
      const auto of_expected = expected->strengths->NeighboursOf(a);
      ASSERT_EQ(of_found.size(), of_expected.size());
      for (size_t i = 0; i < of_found.size(); ++i, ++compared) {
        EXPECT_EQ(of_found[i].item, of_expected[i].item);
        EXPECT_EQ(of_found[i].count, of_expected[i].count);
        EXPECT_EQ(of_found[i].strength, of_expected[i].strength);
      }
    }
  });
  EXPECT_GT(compared, 200u);
}

TEST(RateSearchTest, UnknownProductsWereNeverSold) {
  RandomShop random(1);
  ShopIndex index;
  MakeShop(random, index, 14);
  const auto snapshot = index.Publish();
  const Selection everything = index::Select(*snapshot, {});
  const RateTables tables(*snapshot, everything, RateShape());
  const BundleRates rates(*snapshot, everything, tables, BundleModel());
  const ScoredBundle scored = rates.Score({0, scoring::kUnknownItem});
  EXPECT_EQ(scored.count, 0);
  EXPECT_EQ(scored.score, 0);
  EXPECT_LT(*scored.probability, 1e-5);
}

TEST(RateSearchTest, EmptyShopHasNoBundles) {
  ShopIndex index;
  const auto snapshot = index.Publish();
  const Selection everything = index::Select(*snapshot, {});
  const RateTables tables(*snapshot, everything, RateShape());
  const auto answer = RecommendByRate(*snapshot, everything, tables, BundleModel(), BundleQuery());
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(*answer, IsEmpty());
}

TEST(RateSearchTest, StopsWhenItIsNoLongerWantedOrThereAreTooManyBundles) {
  RandomShop random(2);
  ShopIndex index;
  MakeShop(random, index, 14);
  const auto snapshot = index.Publish();
  const Selection everything = index::Select(*snapshot, {});
  const RateTables tables(*snapshot, everything, RateShape());
  BundleQuery query;
  query.min_support = query.min_confidence = 0;
  const auto unwanted = RecommendByRate(*snapshot, everything, tables, BundleModel(), query,
                                        [] { return absl::CancelledError("enough"); });
  EXPECT_TRUE(absl::IsCancelled(unwanted.status()));
  query.max_steps = 150;  // For a few pairs.
  query.limit = 500;
  const auto too_many = RecommendByRate(*snapshot, everything, tables, BundleModel(), query);
  EXPECT_TRUE(absl::IsResourceExhausted(too_many.status())) << too_many.status();
}

TEST(RateSearchTest, PurchaseCountsAtOnce) {
  ShopIndex index;
  for (int64_t id = 1; id <= 40; ++id) {
    std::vector<int64_t> skus = {3};
    if (id % 2 == 0) skus = {1, 2};
    index.PutBasket({id, id, static_cast<int32_t>(id), "", "", skus});
  }
  const BundleModel model = {
      .horizon_days = 10,
      .shape = {.half_life_days = 20, .recent_power = 0.5, .demand_power = 0.5}};
  const auto score = [&] {
    const auto snapshot = index.Publish();
    const Selection everything = index::Select(*snapshot, {});
    const RateTables tables(*snapshot, everything, model.shape);
    return BundleRates(*snapshot, everything, tables, model)
        .Score({*snapshot->item_of(1), *snapshot->item_of(2)});
  };
  const ScoredBundle before = score();
  index.PutBasket({41, 1, 40, "", "", {1, 2}});
  const ScoredBundle after = score();
  EXPECT_GT(after.score, before.score);
  EXPECT_GT(*after.probability, *before.probability);
}

}  // namespace
}  // namespace clustr::bundle_model
