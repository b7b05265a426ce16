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

// The writer of the shop in memory: baskets from sales, customers and products from catalog.
//
// Not thread-safe. Readers use the snapshots that Publish returns, on any thread and for as long as
// they like, even beyond the lifetime of this object. The caller must synchronise the handover of a
// snapshot.
class ShopIndex {
 public:
  ShopIndex() = default;

  // Inserts the basket, or replaces the one with its transaction_id. A basket without products
  // counts nowhere and takes no memory. Requires fewer than 2^24 products.
  void PutBasket(const Basket& basket);
  // Removing something that does not exist has no effect, here and below.
  void RemoveBasket(int64_t transaction_id);

  void PutCustomer(int64_t customer_id, const Customer& customer);
  void RemoveCustomer(int64_t customer_id);

  // A product in a basket counts whether or not catalog knows it.
  void PutProduct(int64_t product_sku, Product product);
  void RemoveProduct(int64_t product_sku);

  // Remove everything that came from sales, or from catalog, because it started another history.
  void RemoveAllBaskets();
  void RemoveAllProductsAndCustomers();

  // A snapshot of the current state. Copies what changed since the previous call, in chunks of a
  // few KiB, and a few pointers per 64 Ki baskets, 256 products or 512 customers.
  std::shared_ptr<const Snapshot> Publish();

  // An estimate of the memory that this object holds. Excludes allocator overhead, the texts of
  // products, and what only older snapshots keep alive.
  size_t memory_bytes() const;

 private:
  Item ItemOf(int64_t product_sku);
  uint32_t CustomerOf(int64_t customer_id);
  uint32_t CodeOf(const std::string& text);
  Slot Append(const BasketHeader& header, absl::Span<const Item> items);
  void Kill(Slot slot);
  // Copies the live baskets into a new log once more than half of the slots are dead. Amortised
  // O(1) per change.
  void CompactIfMostlyDead();

  uint64_t last_log_id_ = 0;
  std::shared_ptr<BasketLog> log_ = std::make_shared<BasketLog>(0);
  AliveWords alive_;
  ItemStates item_states_;
  LastSlots last_slots_;
  int64_t basket_count_ = 0;
  int64_t line_count_ = 0;
  absl::flat_hash_map<int64_t, Slot> slot_by_transaction_;

  std::shared_ptr<Skus> skus_ = std::make_shared<Skus>();  // Indexed by Item.
  ItemMap item_by_sku_;
  Products products_;
  int64_t product_count_ = 0;
  CustomerMap customer_by_id_;
  Customers customers_;
  KeyIndex product_keys_;
  KeyIndex customer_keys_;
  int64_t customer_count_ = 0;
  TextCodes text_codes_;
  Texts texts_;

  std::vector<Item> items_of_basket_;  // Scratch space of PutBasket.
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_SHOP_INDEX_H_
