// What followers keep, without a network: any messages of both streams reach the replicas of
// bundles and sales, and the simple twin that verification uses, without the rows that are set
// aside and the messages that are refused. Both count the same baskets; and once both streams start
// over with an honest shop, exactly that shop is left.

#include <string>

#include "common/streaming/inspection/set_aside.h"
#include "services/bundles/rules/reference_shop.h"
#include "services/bundles/state/from_stream.h"
#include "services/bundles/state/shop_replica.h"
#include "services/sales/catalog/catalog_replica.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/streams/stream_messages.h"

namespace clustr::fuzz {
namespace {

constexpr int kMaxMessages = 12;

class Followers {
 public:
  void Apply(sales::v1::StreamSalesResponse message) {
    if (!sales_set_aside_.Take(&message).empty()) return;  // It names no row.
    shop_.sales()->Apply(message);
    bundles::ApplyChanges(message, &twin_);
  }
  void Apply(catalog::v1::StreamCatalogResponse message) {
    if (!catalog_set_aside_.Take(&message).empty()) return;
    shop_.catalog()->Apply(message);
    names_.Apply(message);
    bundles::ApplyChanges(message, &twin_);
  }

  // Makes the replicas publish what they have.
  void Complete() {
    sales::v1::StreamSalesResponse sales;
    catalog::v1::StreamCatalogResponse catalog;
    sales.set_revision(1);
    sales.set_head_revision(1);
    catalog.set_revision(1);
    catalog.set_head_revision(1);
    Apply(sales);
    Apply(catalog);
  }

  void StartOverWithAnHonestShop() {
    shop_.sales()->Reset();
    shop_.catalog()->Reset();
    names_.Reset();
    twin_ = rules::ReferenceShop();
    Apply(HonestSales());
    Apply(HonestCatalog());
  }

  bundles::StatePtr newest() const { return states_.newest(); }
  const sales::CatalogReplica& names() const { return names_; }
  int64_t TwinBaskets() const { return twin_.basket_count({}); }

 private:
  streaming::SetAside sales_set_aside_;
  streaming::SetAside catalog_set_aside_;
  ThreadPool pool_{1};
  CallSlots slots_{{"parked", "calls that wait for a revision", 1000, 1000}};
  bundles::PublishedStates states_{&pool_, &slots_, [] {}};
  bundles::ShopReplica shop_{&states_};
  rpc::RevisionGate gate_{&pool_, &slots_};
  sales::CatalogReplica names_{&gate_};
  rules::ReferenceShop twin_;
};

void CheckHonest(const Followers& followers) {
  const bundles::StatePtr state = followers.newest();
  Check(state != nullptr, "an honest shop is published");
  Check(state->revisions.sales == 3 && state->revisions.catalog == 4, "revisions are honest again");
  const index::Snapshot& shop = *state->shop;
  Check(shop.basket_count() == 3 && shop.line_count() == 6, "only honest baskets are left");
  Check(shop.product_count() == 2 && shop.customer_count() == 1, "only honest rows are left");
  for (int64_t sku = 1; sku <= 2; ++sku) {
    const auto item = shop.item_of(sku);
    Check(item && shop.live_count(*item) == 3, "an honest product is in its baskets");
    Check(followers.names().PriceCents(sku) == 150, "sales knows the honest price");
  }
  Check(followers.names().complete(), "sales has read all of catalog");
  Check(
      followers.names().DateOf(1) == "2022-01-08" && followers.names().TimeIdOf("2022-01-08") == 1,
      "sales knows the honest day");
}

// Reads everything of a published state once.
void Walk(const index::Snapshot& shop) {
  int64_t baskets = 0;
  int64_t lines = 0;
  for (index::Slot slot = 0; slot < shop.slot_count(); ++slot) {
    if (!shop.alive(slot)) continue;
    ++baskets;
    for (const index::Item item : shop.items(slot)) {
      Check(shop.item_of(shop.sku_of(item)) == item, "an item has one product");
      ++lines;
    }
  }
  Check(baskets == shop.basket_count() && lines == shop.line_count(), "counts match the baskets");
}

void Run(Input input) {
  Followers followers;
  MessageMaker maker(&input);
  for (int i = 0; i < kMaxMessages && (i == 0 || !input.empty()); ++i) {
    if (input.OneIn(2)) {
      const auto message = AnyMessage<catalog::v1::StreamCatalogResponse>(input, maker);
      followers.Apply(message);
      maker.Remember(message);
    } else {
      const auto message = AnyMessage<sales::v1::StreamSalesResponse>(input, maker);
      followers.Apply(message);
      maker.Remember(message);
    }
  }
  followers.Complete();
  Walk(*followers.newest()->shop);
  Check(followers.newest()->shop->basket_count() == followers.TwinBaskets(), "the twin agrees");
  followers.StartOverWithAnHonestShop();
  CheckHonest(followers);
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
