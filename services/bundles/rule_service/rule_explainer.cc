#include "services/bundles/rule_service/rule_explainer.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/schema/date.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/request/from_request.h"
#include "services/bundles/rules/rule_message.h"

namespace clustr::bundles {
namespace {

constexpr size_t kMaxExamples = 100;
constexpr size_t kMonthLength = 7;  // YYYY-MM.

using Skus = std::vector<int64_t>;
using Items = std::vector<mining::Item>;

Skus Sorted(const google::protobuf::RepeatedField<int64_t>& skus) {
  Skus sorted(skus.begin(), skus.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

// The items of `skus`. Nullopt if neither sales nor catalog has ever named one of them: then no
// basket holds them all.
std::optional<Items> ItemsOf(const index::Snapshot& shop, const Skus& skus) {
  Items items;
  for (const int64_t sku : skus) {
    const std::optional<mining::Item> item = shop.item_of(sku);
    if (!item) return std::nullopt;
    items.push_back(*item);
  }
  return items;
}

int64_t CountOf(const PopulationView& population, const std::optional<Items>& items) {
  return items ? index::Count(population.shop(), population.selection(), *items) : 0;
}

// Collects the baskets that hold both sides.
class Evidence {
 public:
  explicit Evidence(size_t max_examples) : max_examples_(max_examples) {}

  void Add(int32_t epoch_day, int64_t transaction_id) {
    ++count_;
    ++days_[epoch_day];
    if (max_examples_ == 0) return;
    const Example example = {epoch_day, transaction_id};
    if (examples_.size() == max_examples_) {
      if (example < examples_.front()) return;
      std::pop_heap(examples_.begin(), examples_.end(), std::greater<>());
      examples_.pop_back();
    }
    examples_.push_back(example);
    std::push_heap(examples_.begin(), examples_.end(), std::greater<>());
  }

  int64_t count() const { return count_; }

  void Fill(v1::ExplainAssociationRuleResponse* response) {
    std::sort(examples_.begin(), examples_.end(), std::greater<>());
    for (const Example& example : examples_) {
      response->add_example_transaction_ids(example.second);
    }
    std::map<std::string, int64_t> months;
    for (const auto& [day, count] : days_) {
      months[schema::DateText(day).substr(0, kMonthLength)] += count;
    }
    for (const auto& [month, count] : months) {
      v1::MonthCount* entry = response->add_months();
      entry->set_month(month);
      entry->set_count(count);
    }
  }

 private:
  using Example = std::pair<int32_t, int64_t>;  // Day and transaction_id.

  const size_t max_examples_;
  int64_t count_ = 0;
  absl::flat_hash_map<int32_t, int64_t> days_;
  std::vector<Example> examples_;  // A heap with the oldest in front.
};

}  // namespace

void CheckExplain(const v1::ExplainAssociationRuleRequest& request,
                  std::vector<Violation>* violations) {
  CheckDisjoint("antecedents", request.antecedents(), "consequents", request.consequents(),
                violations);
}

void Explain(const PopulationView& population, const v1::ExplainAssociationRuleRequest& request,
             v1::ExplainAssociationRuleResponse* response) {
  const index::Snapshot& shop = population.shop();
  const Skus antecedents = Sorted(request.antecedents());
  const Skus consequents = Sorted(request.consequents());
  const std::optional<Items> left = ItemsOf(shop, antecedents);
  const std::optional<Items> right = ItemsOf(shop, consequents);

  Evidence evidence(std::min(static_cast<size_t>(request.example_count()), kMaxExamples));
  if (left && right) {
    Items both = *left;
    both.insert(both.end(), right->begin(), right->end());
    index::ForEachBasket(shop, population.selection(), both, [&](index::Slot slot) {
      evidence.Add(shop.epoch_day(slot), shop.transaction_id(slot));
    });
  }
  rules::FillRule(antecedents, consequents,
                  {CountOf(population, left), CountOf(population, right), evidence.count(),
                   population.selection().basket_count},
                  response->mutable_rule());
  rules::AddShopIds(&shop, response->mutable_rule());
  rules::AddDetails(&shop, response->mutable_rule());
  evidence.Fill(response);
}

}  // namespace clustr::bundles
