#include "services/bundles/index/shop_index.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace clustr::index {
namespace {

// With fewer dead slots, compaction is not worth the copy.
constexpr uint64_t kMinDeadToCompact = 65'536;

}  // namespace

Item ShopIndex::ItemOf(int64_t product_sku) {
  if (std::optional<Item> known = item_by_sku_.Find(product_sku)) return *known;
  const Item item = static_cast<Item>(skus_->size());
  skus_->Append(product_sku);
  item_by_sku_.Insert(product_sku, item);
  item_states_.GrowTo(skus_->size());
  products_.GrowTo(skus_->size());
  return item;
}

uint32_t ShopIndex::CustomerOf(int64_t customer_id) {
  if (std::optional<uint32_t> known = customer_by_id_.Find(customer_id)) return *known;
  const uint32_t customer = static_cast<uint32_t>(customers_.size());
  customer_by_id_.Insert(customer_id, customer);
  customers_.GrowTo(customer + 1);
  last_slots_.GrowTo(customer + 1);
  last_slots_.Mutable(customer) = kNoSlot;
  return customer;
}

uint32_t ShopIndex::CodeOf(const std::string& text) {
  if (text.empty()) return 0;
  if (std::optional<uint32_t> known = text_codes_.Find(text)) return *known;
  const uint32_t code = static_cast<uint32_t>(text_codes_.size() + 1);
  text_codes_.Insert(text, code);
  texts_.GrowTo(code + 1);
  texts_.Mutable(code) = std::make_shared<const std::string>(text);
  return code;
}

void ShopIndex::PutBasket(const Basket& basket) {
  if (basket.product_skus.empty()) return RemoveBasket(basket.transaction_id);
  std::vector<Item>& items = items_of_basket_;
  items.clear();
  for (int64_t sku : basket.product_skus) items.push_back(ItemOf(sku));
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  const BasketHeader header = {basket.transaction_id, CustomerOf(basket.customer_id),
                               basket.epoch_day, CodeOf(basket.channel),
                               CodeOf(basket.payment_type)};

  auto [place, is_new] = slot_by_transaction_.try_emplace(basket.transaction_id);
  if (!is_new) {
    const Slot old = place->second;
    // Most changes of a sale (its price or quantity) do not change the basket.
    if (log_->header(old) == header && log_->items(old) == absl::MakeConstSpan(items)) return;
    Kill(old);
  }
  place->second = Append(header, items);
  CompactIfMostlyDead();
}

void ShopIndex::RemoveBasket(int64_t transaction_id) {
  auto place = slot_by_transaction_.find(transaction_id);
  if (place == slot_by_transaction_.end()) return;
  Kill(place->second);
  slot_by_transaction_.erase(place);
  CompactIfMostlyDead();
}

Slot ShopIndex::Append(const BasketHeader& header, absl::Span<const Item> items) {
  Slot& last = last_slots_.Mutable(header.customer);
  const Slot slot = log_->Append(header, last, items);
  last = slot;
  alive_.GrowTo(slot / 64 + 1);
  alive_.Mutable(slot / 64) |= uint64_t{1} << (slot % 64);
  for (Item item : items) {
    ItemState& state = item_states_.Mutable(item);
    log_->postings().Append(state.postings, slot);
    ++state.live_count;
  }
  ++basket_count_;
  line_count_ += static_cast<int64_t>(items.size());
  return slot;
}

void ShopIndex::Kill(Slot slot) {
  alive_.Mutable(slot / 64) &= ~(uint64_t{1} << (slot % 64));
  for (Item item : log_->items(slot)) --item_states_.Mutable(item).live_count;
  log_->deaths().Append(slot);
  --basket_count_;
  line_count_ -= static_cast<int64_t>(log_->items(slot).size());
}

void ShopIndex::CompactIfMostlyDead() {
  const uint64_t dead = log_->deaths().size();
  if (dead <= kMinDeadToCompact || dead * 2 <= log_->slot_count()) return;
  const std::shared_ptr<const BasketLog> old_log =
      std::exchange(log_, std::make_shared<BasketLog>(++last_log_id_));
  const AliveWords old_alive = std::exchange(alive_, {});
  item_states_ = {};
  item_states_.GrowTo(skus_->size());
  for (size_t customer = 0; customer < last_slots_.size(); ++customer) {
    last_slots_.Mutable(customer) = kNoSlot;
  }
  basket_count_ = 0;
  line_count_ = 0;
  for (Slot slot = 0; slot < old_log->slot_count(); ++slot) {
    if (!(old_alive[slot / 64] >> (slot % 64) & 1)) continue;
    const BasketHeader header = old_log->header(slot);
    slot_by_transaction_[header.transaction_id] = Append(header, old_log->items(slot));
  }
}

void ShopIndex::PutCustomer(int64_t customer_id, const Customer& customer) {
  const CustomerCodes codes = {
      .known = true,
      .guest = customer.guest,
      .age = customer.age.value_or(CustomerCodes::kNoAge),
      .gender = CodeOf(customer.gender),
      .income_level = CodeOf(customer.income_level),
      .customer_segment = CodeOf(customer.customer_segment),
      .shopping_preference = CodeOf(customer.shopping_preference),
      .city = CodeOf(customer.city),
      .external_id = customer_keys_.Give(customer.external_id, customer_id)};
  CustomerCodes& place = customers_.Mutable(CustomerOf(customer_id));
  if (place.external_id != codes.external_id) customer_keys_.Take(place.external_id, customer_id);
  customer_count_ += place.known ? 0 : 1;
  place = codes;
}

void ShopIndex::RemoveCustomer(int64_t customer_id) {
  const std::optional<uint32_t> customer = customer_by_id_.Find(customer_id);
  if (!customer || !customers_[*customer].known) return;
  customer_keys_.Take(customers_[*customer].external_id, customer_id);
  customers_.Mutable(*customer) = CustomerCodes();
  --customer_count_;
}

void ShopIndex::PutProduct(int64_t product_sku, Product product) {
  std::shared_ptr<const Product>& place = products_.Mutable(ItemOf(product_sku));
  product_count_ += place == nullptr ? 1 : 0;
  if (place != nullptr && place->external_id != product.external_id) {
    product_keys_.Take(place->external_id, product_sku);
  }
  product_keys_.Give(product.external_id, product_sku);
  place = std::make_shared<const Product>(std::move(product));
}

void ShopIndex::RemoveProduct(int64_t product_sku) {
  const std::optional<Item> item = item_by_sku_.Find(product_sku);
  if (!item || products_[*item] == nullptr) return;
  product_keys_.Take(products_[*item]->external_id, product_sku);
  products_.Mutable(*item) = nullptr;
  --product_count_;
}

void ShopIndex::RemoveAllBaskets() {
  for (const auto& [transaction_id, slot] : slot_by_transaction_) Kill(slot);
  slot_by_transaction_.clear();
  CompactIfMostlyDead();
}

void ShopIndex::RemoveAllProductsAndCustomers() {
  for (size_t i = 0; i < products_.size(); ++i) products_.Mutable(i) = nullptr;
  for (size_t i = 0; i < customers_.size(); ++i) customers_.Mutable(i) = CustomerCodes();
  product_keys_ = {};
  customer_keys_ = {};
  product_count_ = 0;
  customer_count_ = 0;
}

std::shared_ptr<const Snapshot> ShopIndex::Publish() {
  return std::make_shared<const Snapshot>(Snapshot::Parts{
      .log = log_,
      .skus = skus_,
      .slot_count = log_->slot_count(),
      .death_count = static_cast<uint32_t>(log_->deaths().size()),
      .basket_count = basket_count_,
      .line_count = line_count_,
      .product_count = product_count_,
      .customer_count = customer_count_,
      .alive = alive_.Publish(),
      .items = item_states_.Publish(),
      .products = products_.Publish(),
      .customers = customers_.Publish(),
      .last_slots = last_slots_.Publish(),
      .item_by_sku = item_by_sku_.Publish(),
      .customer_by_id = customer_by_id_.Publish(),
      .product_keys = product_keys_.Publish(),
      .customer_keys = customer_keys_.Publish(),
      .text_codes = text_codes_.Publish(),
      .texts = texts_.Publish(),
  });
}

size_t ShopIndex::memory_bytes() const {
  return log_->memory_bytes() + alive_.memory_bytes() + item_states_.memory_bytes() +
         last_slots_.memory_bytes() +
         slot_by_transaction_.capacity() * (sizeof(std::pair<int64_t, Slot>) + 1) +
         skus_->memory_bytes() + item_by_sku_.memory_bytes() + products_.memory_bytes() +
         skus_->size() * sizeof(Product) + customer_by_id_.memory_bytes() +
         customers_.memory_bytes() + product_keys_.memory_bytes() + customer_keys_.memory_bytes() +
         text_codes_.memory_bytes() + texts_.memory_bytes();
}

}  // namespace clustr::index
