#ifndef CLUSTR_SERVICES_SALES_WRITE_WRITE_FACTS_H_
#define CLUSTR_SERVICES_SALES_WRITE_WRITE_FACTS_H_

#include <cstdint>

#include "services/sales/catalog/unknown_reference.h"

namespace clustr::sales {

// What one write knows and its rules need. Passed by value.
struct WriteFacts {
  // What to say of references that the replica does not know.
  CatalogAnswer catalog_answer = CatalogAnswer::kMissing;
  // Nothing will be stored, so a date for which catalog has no timeframe yet is accepted.
  bool validate_only = false;
  // Sum of the lines of a transaction that is created together with them, in cents.
  int64_t lines_total_cents = 0;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_WRITE_FACTS_H_
