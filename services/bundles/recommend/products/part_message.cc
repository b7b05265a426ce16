#include "services/bundles/recommend/products/part_message.h"

#include "services/bundles/index/queries.h"

namespace clustr::bundles {

void AddPart(const PopulationView& population, mining::Item item, const PartOfScore& part,
             v1::ExplainProductResponse* response) {
  v1::ProductScorePart* message = response->add_parts();
  message->set_feature(part.feature);
  message->set_value(part.value);
  message->set_contribution(part.contribution);
  if (!part.from) return;
  const index::Snapshot& shop = population.shop();
  message->set_from_sku(shop.sku_of(*part.from));
  const mining::Item both[] = {*part.from, item};
  message->set_from_count(index::Count(shop, population.selection(), {both, 1}));
  message->set_together_count(index::Count(shop, population.selection(), both));
  const index::Product* product = shop.product(*part.from);
  if (product != nullptr && !product->external_id.empty()) {
    message->set_from_external_id(product->external_id);
  }
}

}  // namespace clustr::bundles
