#include "services/bundles/recommend/products/part_message.h"

namespace clustr::bundles {

int64_t CountIn(const PopulationView& population, mining::Item item) {
  return population.selection().everything ? population.shop().live_count(item)
                                           : population.item_counts()[item];
}

PartMessages::PartMessages(const PopulationView& population, mining::Item item,
                           v1::ExplainProductResponse* response)
    : population_(population),
      item_(item),
      together_(index::CountTogether(population.shop(), population.selection(), item)),
      response_(response) {}

void PartMessages::Add(const PartOfScore& part) {
  v1::ProductScorePart* message = response_->add_parts();
  message->set_feature(part.feature);
  message->set_value(part.value);
  message->set_contribution(part.contribution);
  if (!part.from) return;
  const index::Snapshot& shop = population_.shop();
  const int64_t count = CountIn(population_, *part.from);
  message->set_from_sku(shop.sku_of(*part.from));
  message->set_from_count(count);
  message->set_together_count(*part.from == item_ ? count : together_.CountOf(*part.from));
  const index::Product* product = shop.product(*part.from);
  if (product != nullptr && !product->external_id.empty()) {
    message->set_from_external_id(product->external_id);
  }
}

}  // namespace clustr::bundles
