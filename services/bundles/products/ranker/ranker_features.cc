#include "services/bundles/products/ranker/ranker_features.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace clustr::products {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

float Log1p(double value) { return static_cast<float>(std::log(value + 1)); }

void AddLinks(const ProductLinks::Row& row, std::vector<float>* sums) {
  for (size_t i = 0; i < row.targets.size(); ++i) (*sums)[row.targets[i]] += row.weights[i];
}

void RaiseToLinks(const ProductLinks::Row& row, std::vector<float>* maxima) {
  for (size_t i = 0; i < row.targets.size(); ++i) {
    float& maximum = (*maxima)[row.targets[i]];
    maximum = std::max(maximum, row.weights[i]);
  }
}

// What is the same for all products of a case, and sums of links by product.
class CaseFeatures {
 public:
  CaseFeatures(const ProductModel& model, const TaskModel& task, const RankedCase& ranked)
      : model_(model), task_(task), ranked_(ranked), size_(model.skus.size()) {
    ReadBasket();
    ReadHistory();
    for (const float score : ranked.scores) highest_ = std::max(highest_, score);
  }

  void Append(ProductNumber product, std::vector<float>* features) const;

 private:
  void ReadBasket();
  void ReadHistory();
  void AppendOwn(ProductNumber product, std::vector<float>* features) const;
  float Sum(const std::vector<float>& sums, ProductNumber product) const {
    return sums.empty() ? kNone : sums[product];
  }
  // log2(smallest distance to one of `skus`, which ascend, + 1), passing over `except`.
  static float Distance(const std::vector<int64_t>& skus, int64_t sku, bool skips_itself);

  const ProductModel& model_;
  const TaskModel& task_;
  const RankedCase& ranked_;
  const size_t size_;
  float highest_ = 0;
  // By product; empty if there is no basket, or no history.
  std::vector<float> links_, strongest_, confidences_, highest_confidence_, confident_;
  std::vector<float> basket_customers_, similar_;
  std::vector<int64_t> basket_skus_, own_skus_;
  float basket_popularity_ = kNone;
  float customer_days_ = kNone;
};

void CaseFeatures::ReadBasket() {
  if (ranked_.basket.empty()) return;
  for (auto* sums : {&links_, &strongest_, &confidences_, &highest_confidence_, &confident_,
                     &basket_customers_}) {
    sums->assign(size_, 0);
  }
  const float part = 1 / static_cast<float>(ranked_.basket.size());
  double popularity = 0;
  for (const ProductNumber product : ranked_.basket) {
    AddLinks(task_.basket_links.row(product), &links_);
    RaiseToLinks(task_.basket_links.row(product), &strongest_);
    const ProductLinks::Row confident = task_.ranker->confidence.row(product);
    AddLinks(confident, &confidences_);
    RaiseToLinks(confident, &highest_confidence_);
    for (const ProductNumber target : confident.targets) confident_[target] += part;
    AddLinks(task_.history_links.row(product), &basket_customers_);
    popularity += std::log(model_.counts[product] + 1.0);
    basket_skus_.push_back(model_.skus[product]);
  }
  basket_popularity_ = static_cast<float>(popularity / static_cast<double>(ranked_.basket.size()));
}

void CaseFeatures::ReadHistory() {
  if (ranked_.history.records.empty()) return;
  similar_.assign(size_, 0);
  int32_t newest = std::numeric_limits<int32_t>::max();
  for (const OwnRecord& own : ranked_.history.records) {
    AddLinks(task_.history_links.row(own.product), &similar_);
    own_skus_.push_back(model_.skus[own.product]);
    newest = std::min(newest, own.last_days);
  }
  customer_days_ = static_cast<float>(newest);
}

float CaseFeatures::Distance(const std::vector<int64_t>& skus, int64_t sku, bool skips_itself) {
  auto after = std::lower_bound(skus.begin(), skus.end(), sku);
  double smallest = std::numeric_limits<double>::infinity();
  if (after != skus.begin()) {
    smallest = static_cast<double>(sku) - static_cast<double>(*(after - 1));
  }
  if (skips_itself && after != skus.end() && *after == sku) ++after;
  if (after != skus.end()) {
    smallest = std::min(smallest, static_cast<double>(*after) - static_cast<double>(sku));
  }
  return std::isinf(smallest) ? kNone : static_cast<float>(std::log2(smallest + 1));
}

void CaseFeatures::AppendOwn(ProductNumber product, std::vector<float>* features) const {
  const std::vector<OwnRecord>& records = ranked_.history.records;
  const auto own = std::lower_bound(
      records.begin(), records.end(), product,
      [](const OwnRecord& record, ProductNumber wanted) { return record.product < wanted; });
  if (own == records.end() || own->product != product) {
    const float never = records.empty() ? kNone : 0;
    features->insert(features->end(), {never, never, never, kNone, kNone, never});
    return;
  }
  const float interval = own->baskets < 2 ? kNone
                                          : static_cast<float>(own->first_days - own->last_days) /
                                                static_cast<float>(own->baskets - 1);
  features->insert(features->end(),
                   {static_cast<float>(own->baskets), own->recent, own->newest,
                    static_cast<float>(own->last_days), interval,
                    static_cast<float>(own->baskets) /
                        static_cast<float>(ranked_.history.baskets)});
}

void CaseFeatures::Append(ProductNumber product, std::vector<float>* features) const {
  const float score = ranked_.scores[product];
  const double count = model_.counts[product];
  const double recent = model_.recent[product];
  const ProductTimes& times = task_.ranker->times[product];
  const bool has_history = !ranked_.history.records.empty();
  features->insert(
      features->end(),
      {score, highest_ > 0 ? score / highest_ : 0, Sum(links_, product), Sum(strongest_, product),
       Sum(confidences_, product), Sum(highest_confidence_, product), Sum(confident_, product),
       Sum(basket_customers_, product), Log1p(count), Log1p(recent),
       static_cast<float>(std::log((recent + 1) / (count + 5))),
       static_cast<float>(times.first_days), static_cast<float>(times.last_days)});
  AppendOwn(product, features);
  const auto of_history = [&](auto value) {
    return has_history ? static_cast<float>(value) : kNone;
  };
  const int64_t sku = model_.skus[product];
  features->insert(
      features->end(),
      {of_history(ranked_.history.baskets), Sum(similar_, product),
       static_cast<float>(ranked_.basket.size()), basket_popularity_,
       Distance(basket_skus_, sku, false), customer_days_,
       of_history(ranked_.history.records.size()), Distance(own_skus_, sku, true)});
}

}  // namespace

void RankerFeatures(const ProductModel& model, const TaskModel& task, const RankedCase& ranked,
                    std::vector<float>* features) {
  features->clear();
  features->reserve(ranked.candidates.size() * kRankerFeatureCount);
  const CaseFeatures of_case(model, task, ranked);
  for (const ProductNumber product : ranked.candidates) of_case.Append(product, features);
}

}  // namespace clustr::products
