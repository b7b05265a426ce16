#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_SNAPSHOT_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "services/bundles/index/append_log.h"
#include "services/bundles/index/basket_log.h"
#include "services/bundles/index/cow_vector.h"
#include "services/bundles/index/key_index.h"
#include "services/bundles/index/layered_map.h"
#include "services/bundles/index/population.h"

namespace clustr::index {

// The posting list of one product. live_count of its slots are alive; the others are dead.
struct ItemState {
  PostingList postings;
  uint32_t live_count = 0;

  uint32_t dead_count() const { return postings.size - live_count; }
};

// The attributes of a customer that populations refer to. Texts are codes; 0 means unset.
struct CustomerCodes {
  static constexpr int32_t kNoAge = INT32_MIN;

  bool known = false;  // Whether catalog knows the customer.
  bool guest = false;  // Whether catalog says that the customer is no person.
  int32_t age = kNoAge;
  uint32_t gender = 0;
  uint32_t income_level = 0;
  uint32_t customer_segment = 0;
  uint32_t shopping_preference = 0;
  uint32_t city = 0;
  uint32_t external_id = 0;  // Its number in the KeyIndex of customers.
};

// The tables of a ShopIndex that change between versions.
using AliveWords = CowVector<uint64_t, 1024>;                     // Indexed by slot / 64.
using ItemStates = CowVector<ItemState, 512>;                     // Indexed by Item.
using Products = CowVector<std::shared_ptr<const Product>, 256>;  // Indexed by Item.
using Customers = CowVector<CustomerCodes, 512>;  // Indexed by dense customer number.
// Indexed by dense customer number: the customer's last slot, alive or not, or kNoSlot.
using LastSlots = CowVector<Slot, 2048>;
using ItemMap = LayeredMap<int64_t, Item>;
using CustomerMap = LayeredMap<int64_t, uint32_t>;
using TextCodes = LayeredMap<std::string, uint32_t>;  // Codes start at 1; "" is 0 and not stored.
using Texts = CowVector<std::shared_ptr<const std::string>, 512>;  // Indexed by code.
using Skus = AppendLog<int64_t>;                                   // Indexed by Item.

// One version of the shop: baskets, customers and products. Immutable and thread-safe; keeps alive
// what it refers to. Items, slots and codes are dense numbers from 0. An Item denotes the same
// product in every snapshot of one ShopIndex; a slot denotes the same basket in snapshots with the
// same log().id().
class Snapshot {
 public:
  struct Parts {
    std::shared_ptr<const BasketLog> log;
    std::shared_ptr<const Skus> skus;
    Slot slot_count = 0;
    uint32_t death_count = 0;
    int64_t basket_count = 0;
    int64_t line_count = 0;
    int64_t product_count = 0;
    int64_t customer_count = 0;
    AliveWords::View alive;
    ItemStates::View items;
    Products::View products;
    Customers::View customers;
    LastSlots::View last_slots;
    ItemMap::View item_by_sku;
    CustomerMap::View customer_by_id;
    KeyIndex::View product_keys;
    KeyIndex::View customer_keys;
    TextCodes::View text_codes;
    Texts::View texts;
  };

  explicit Snapshot(Parts parts) : parts_(std::move(parts)) {}

  // Products. An Item at or beyond item_count() is unknown here: neither sales nor catalog had
  // named it yet.
  size_t item_count() const { return parts_.items.size(); }
  std::optional<Item> item_of(int64_t product_sku) const {
    return parts_.item_by_sku.Find(product_sku);
  }
  int64_t sku_of(Item item) const { return (*parts_.skus)[item]; }
  // nullptr if catalog does not, or no longer, know the product.
  const Product* product(Item item) const {
    return item < item_count() ? parts_.products[item].get() : nullptr;
  }
  // The product, or customer, that the shop calls by this external_id; 0 if catalog has none.
  int64_t sku_called(const std::string& external_id) const {
    return parts_.product_keys.IdOf(external_id);
  }
  int64_t customer_called(const std::string& external_id) const {
    return parts_.customer_keys.IdOf(external_id);
  }
  // What the shop calls a product; "" if catalog does not know it, or it has no external_id.
  std::string external_id_of(int64_t product_sku) const {
    const std::optional<Item> item = item_of(product_sku);
    const Product* known = item ? product(*item) : nullptr;
    return known == nullptr ? "" : known->external_id;
  }
  // The number of baskets that hold `item`.
  int64_t live_count(Item item) const { return state(item).live_count; }
  ItemState state(Item item) const {
    return item < item_count() ? parts_.items[item] : ItemState();
  }

  // Baskets. Requires slot < slot_count(). The live slots are the current versions of the baskets
  // that hold a product.
  int64_t basket_count() const { return parts_.basket_count; }
  Slot slot_count() const { return parts_.slot_count; }
  bool alive(Slot slot) const { return alive_word(slot / 64) >> (slot % 64) & 1; }
  uint64_t alive_word(size_t word) const { return parts_.alive[word]; }
  size_t word_count() const { return (size_t{slot_count()} + 63) / 64; }
  absl::Span<const Item> items(Slot slot) const { return parts_.log->items(slot); }
  int64_t transaction_id(Slot slot) const { return parts_.log->transaction_ids()[slot]; }
  int32_t epoch_day(Slot slot) const { return parts_.log->epoch_days()[slot]; }

  // The number of products in all baskets together, and what catalog knows.
  int64_t line_count() const { return parts_.line_count; }
  int64_t product_count() const { return parts_.product_count; }
  int64_t customer_count() const { return parts_.customer_count; }

  // The log. Only its first slot_count() slots and death_count() deaths belong to this snapshot.
  const BasketLog& log() const { return *parts_.log; }
  uint32_t death_count() const { return parts_.death_count; }

  // Customers by dense number, and the codes of texts. The code of "" is 0; a text that was never
  // seen has none.
  const Customers::View& customers() const { return parts_.customers; }
  std::optional<uint32_t> code_of(const std::string& text) const {
    return text.empty() ? 0 : parts_.text_codes.Find(text);
  }
  size_t code_count() const { return parts_.text_codes.size() + 1; }
  std::string text_of(uint32_t code) const { return code == 0 ? "" : *parts_.texts[code]; }
  // The attributes of the customer in catalog, without external_id; nullopt if catalog does not, or
  // no longer, know the customer.
  std::optional<Customer> customer(int64_t customer_id) const;
  // Whether catalog says that the customer is no person, but for example the till. Such a customer
  // has baskets, but no history that says what a person likes.
  bool is_guest(int64_t customer_id) const {
    const std::optional<uint32_t> number = parts_.customer_by_id.Find(customer_id);
    return number && parts_.customers[*number].guest;
  }
  // Calls `visit` for each customer that sales or catalog has ever named, with its dense number;
  // and for each external_id that a customer in catalog has. In no particular order. O(customers).
  void ForEachCustomer(absl::FunctionRef<void(int64_t customer_id, uint32_t number)> visit) const {
    parts_.customer_by_id.ForEach(visit);
  }
  void ForEachCustomerKey(
      absl::FunctionRef<void(const std::string& external_id, int64_t customer_id)> visit) const {
    parts_.customer_keys.ForEach(visit);
  }
  // Calls `visit` for the baskets of a customer, the last one read first, as long as it returns
  // true.
  void ForEachBasketOf(int64_t customer_id, absl::FunctionRef<bool(Slot)> visit) const;
  // The customer's history: the distinct products in all of the baskets, ascending. Empty for a
  // guest. O(lines of these baskets).
  std::vector<Item> CustomerItems(int64_t customer_id) const;

 private:
  Parts parts_;
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_SNAPSHOT_H_
