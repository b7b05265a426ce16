#include "services/bundles/training/learned.h"

namespace clustr::training {

Learned::Learned(const Purchases& all, size_t count, int32_t first_day)
    : purchases(all),
      end(count),
      day(first_day),
      histories(all, count),
      guest_baskets(histories.GuestBaskets()),
      totals(CountProducts(all, count, first_day)),
      baskets(SetsOfBaskets(all, count)),
      customers(SetsOfCustomers(all, histories, guest_baskets)),
      times(TimesOfProducts(all, count, first_day)),
      again(AgainOfProducts(all, histories, guest_baskets)) {}

products::ProductModel FrameOf(const Learned& learned) {
  products::ProductModel model;
  model.skus = learned.purchases.skus;
  model.counts = learned.totals.counts;
  model.recent = learned.totals.recent;
  model.again = learned.again;
  model.reference_day = learned.day;
  model.guest_baskets = learned.guest_baskets;
  return model;
}

}  // namespace clustr::training
