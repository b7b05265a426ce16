#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_SCORER_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_SCORER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/products/ranker/own_record.h"
#include "services/bundles/products/ranker/ranking.h"

namespace clustr::products {

// A product that a customer has bought.
struct OwnProduct {
  ProductNumber product = 0;
  float times = 0;  // Number of baskets with it, decayed by DecayOf; above 0.
};

// Adds up the entries of each product; the result ascends by product.
std::vector<OwnProduct> SumByProduct(std::vector<OwnProduct> entries);

// What 1 purchase counts `age_days` later: 2^(-age / half_life), or 1 if half_life is 0. An age
// below 0 counts as 0.
float DecayOf(int32_t age_days, double half_life_days);

// What is known when products are scored. Borrows.
struct Evidence {
  absl::Span<const ProductNumber> basket;  // Ascending and distinct.
  absl::Span<const OwnProduct> own;        // The customer's history; distinct.
  const OwnHistory* history = nullptr;     // The same in detail, for a ranker; null: none.
};

// Scores all products of a model for one task, by the formula of TaskModel, in single precision.
// Training measures with this class what the server answers with. Immutable and thread-safe;
// borrows both arguments.
class ProductScorer {
 public:
  ProductScorer(const ProductModel& model, const TaskModel& task);

  // Memory that is reused between calls.
  struct Scratch {
    std::vector<float> similar;
    Ranking ranking;
  };

  // Sets `scores` to one score per product. O(links of the evidence + products), and with a ranker
  // also that of TaskRanker for kRankedProducts products.
  void Score(const Evidence& evidence, Scratch* scratch, std::vector<float>* scores) const;

  // The same without the ranker.
  void ScoreByFormula(const Evidence& evidence, Scratch* scratch, std::vector<float>* scores) const;

  // The parts of the score of `product` that one product contributes: one of the basket by its
  // link, one of the history by having been bought itself, one of the history by its link (up to a
  // factor that is the same for all links of an answer).
  float BasketPart(ProductNumber from, ProductNumber product) const;
  float OwnPart(const OwnProduct& own) const;
  float SimilarPart(ProductNumber from, ProductNumber product) const;

  const TaskModel& task() const { return task_; }
  size_t product_count() const { return size_; }

 private:
  const ProductModel& model_;
  const TaskModel& task_;
  const size_t size_;
  std::vector<float> factors_;  // Empty if all are 1.
  std::vector<float> again_;    // again(p)^again_exponent; empty if all are 1.
  std::vector<float> popular_;  // popularity_weight * popular + count_weight * common.
  std::optional<TaskRanker> ranker_;
};

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_PRODUCT_SCORER_H_
