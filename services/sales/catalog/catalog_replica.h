#ifndef CLUSTR_SERVICES_SALES_CATALOG_CATALOG_REPLICA_H_
#define CLUSTR_SERVICES_SALES_CATALOG_CATALOG_REPLICA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "clustr/catalog/v1/catalog_stream_service.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "common/rpc/revision_gate.h"
#include "common/streaming/follower.h"
#include "services/sales/catalog/attribute_changes.h"
#include "services/sales/catalog/catalog_history.h"
#include "services/sales/catalog/change_log.h"
#include "services/sales/catalog/key_map.h"

namespace clustr::sales {

// The part of catalog that sales needs, in memory: the ids of customers, products and timeframes,
// the external_ids of customers and products, the prices and names of products, the dates of
// timeframes, and the attributes that revenue is grouped by. Thread-safe.
class CatalogReplica final : public streaming::Replica<catalog::v1::StreamCatalogResponse> {
 public:
  // Borrows the gate and reports the revisions that it reaches to it, and to `history`, if it is
  // given, the states that it holds.
  explicit CatalogReplica(rpc::RevisionGate* gate, CatalogHistory* history = nullptr)
      : gate_(*gate), history_(history) {}

  void Apply(const catalog::v1::StreamCatalogResponse& response) override;
  void Reset() override;

  bool HasCustomer(int64_t customer_id) const;
  // The customer, or product, with this external_id; 0 if catalog does not have it.
  int64_t CustomerIdOf(const std::string& external_id) const;
  int64_t ProductSkuOf(const std::string& external_id) const;
  // The external_id of a customer, or product; "" if it has none or catalog does not have the row.
  std::string CustomerKeyOf(int64_t customer_id) const;
  std::string ProductKeyOf(int64_t product_sku) const;
  // Sets product_external_id of each line as ProductKeyOf says, or clears it.
  void FillProductKeys(google::protobuf::RepeatedPtrField<v1::Sale>* lines) const;
  // See CatalogHistory::Holds.
  bool Holds(Referred kind, int64_t id) const {
    return history_ != nullptr && history_->Holds(kind, id);
  }
  // Price of a product; unset if catalog does not have it.
  std::optional<int64_t> PriceCents(int64_t product_sku) const;
  // Date of a timeframe, YYYY-MM-DD; empty if catalog does not have it.
  std::string DateOf(int64_t time_id) const;
  // Timeframe of a date; 0 if catalog does not have one.
  int64_t TimeIdOf(const std::string& date) const;

  // True if the replica has held everything that catalog had at some revision, since it last
  // started over.
  bool complete() const;

  // One text for each id, and the catalog revision at which they were valid. The texts live as long
  // as the replica. A row whose attribute is unset has an empty text.
  struct Attribute {
    int64_t catalog_revision = 0;
    absl::flat_hash_map<int64_t, absl::string_view> text_by_id;
  };
  // O(products), or O(customers).
  Attribute ProductCategories() const;
  Attribute ProductBrands() const;
  Attribute CustomerSegments() const;
  // The revision alone, without texts.
  Attribute Nothing() const;

  // The catalog revision, and the versions of the attributes of products and of customers, which
  // rise with each change of them.
  struct Versions {
    int64_t catalog_revision = 0;
    int64_t products = 0;
    int64_t customers = 0;
  };
  Versions versions() const;
  // What changed after a version. O(changes), or if that was long ago O(products), or O(customers).
  ProductChanges ProductsSince(int64_t version) const;
  CustomerChanges CustomersSince(int64_t version) const;

  struct ProductNames {
    std::string name;
    std::string external_id;  // "" if it has none.
  };
  // Names of products, unset for those that catalog does not have. `catalog_revision` receives the
  // revision at which they were valid.
  std::vector<std::optional<ProductNames>> NamesOf(const std::vector<int64_t>& product_skus,
                                                   int64_t* catalog_revision) const;

  // Adds a timeframe that sales had catalog create, before the stream brings it.
  void AddTimeframe(int64_t time_id, const std::string& date);

 private:
  // There are few categories, brands and segments, so each text is kept once, and never dropped.
  struct Product {
    int64_t price_cents = 0;
    std::string name;
    absl::string_view category;
    absl::string_view brand;
  };

  void PutProduct(const catalog::v1::Product& product) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void PutCustomer(const catalog::v1::Customer& customer) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void ApplyChange(const catalog::v1::CatalogChange& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::string_view Intern(const std::string& text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  rpc::RevisionGate& gate_;
  CatalogHistory* const history_;
  mutable absl::Mutex mutex_;
  int64_t revision_ ABSL_GUARDED_BY(mutex_) = 0;
  bool complete_ ABSL_GUARDED_BY(mutex_) = false;
  absl::node_hash_set<std::string> texts_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<int64_t, Product> products_
      ABSL_GUARDED_BY(mutex_);  // Indexed by product_sku.
  // Segments by customer_id.
  absl::flat_hash_map<int64_t, absl::string_view> customers_ ABSL_GUARDED_BY(mutex_);
  ChangeLog changed_products_ ABSL_GUARDED_BY(mutex_);
  ChangeLog changed_customers_ ABSL_GUARDED_BY(mutex_);
  KeyMap customer_keys_ ABSL_GUARDED_BY(mutex_);
  KeyMap product_keys_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<int64_t, std::string> date_by_time_id_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, int64_t> time_id_by_date_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_CATALOG_REPLICA_H_
