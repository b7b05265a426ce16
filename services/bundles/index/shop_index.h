#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_SHOP_INDEX_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_SHOP_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "services/bundles/index/basket_log.h"
#include "services/bundles/index/population.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::index {

// The writing side of the shop in memory: baskets from sales, customers and products from catalog.
//
// For one thread. Readers work on the snapshots that Publish returns, on any thread and for as long
// as they like, also beyond this object's life; handing one over is the caller's to synchronise.
class ShopIndex {
 public:
  ShopIndex() = default;

  // Inserts the basket, or replaces the one with its transaction_id. A basket without products is
  // outside every count and takes no memory. Fewer than 2^24 products.
  void PutBasket(const Basket& basket);
  void RemoveBasket(int64_t transaction_id);  // No effect if there is none; so also below.

  void PutCustomer(int64_t customer_id, const Customer& customer);
  void RemoveCustomer(int64_t customer_id);

  // A product that baskets hold counts whether or not catalog knows it.
  void PutProduct(int64_t product_sku, Product product);
  void RemoveProduct(int64_t product_sku);

  // Everything that came from sales, or from catalog, goes: its history is another one.
  void RemoveAllBaskets();
  void RemoveAllProductsAndCustomers();

  // The state as of now. Costs what changed since the last call, in chunks of a few KiB, and some
  // pointers a 64 Ki baskets, 256 products or 512 customers.
  std::shared_ptr<const Snapshot> Publish();

  // Held by this object, as an estimate: without allocator overhead, the texts of products, and
  // what only older snapshots hold on to.
  size_t memory_bytes() const;

 private:
  Item ItemOf(int64_t product_sku);
  uint32_t CustomerOf(int64_t customer_id);
  uint32_t CodeOf(const std::string& text);
  Slot Append(const BasketHeader& header, absl::Span<const Item> items);
  void Kill(Slot slot);
  // Copies what is alive into a fresh log once most of the log is dead: O(1) a change, amortised.
  void CompactIfMostlyDead();

  uint64_t last_log_id_ = 0;
  std::shared_ptr<BasketLog> log_ = std::make_shared<BasketLog>(0);
  AliveWords alive_;
  ItemStates item_states_;
  LastSlots last_slots_;
  int64_t basket_count_ = 0;
  int64_t line_count_ = 0;
  absl::flat_hash_map<int64_t, Slot> slot_by_transaction_;

  std::shared_ptr<Skus> skus_ = std::make_shared<Skus>();  // By Item.
  ItemMap item_by_sku_;
  Products products_;
  int64_t product_count_ = 0;
  CustomerMap customer_by_id_;
  Customers customers_;
  int64_t customer_count_ = 0;
  TextCodes text_codes_;
  Texts texts_;

  std::vector<Item> items_of_basket_;  // Of the PutBasket under way; kept for its memory.
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_SHOP_INDEX_H_
