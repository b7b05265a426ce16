#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_LISTER_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_LISTER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/base/steady_time.h"
#include "common/rpc/call.h"
#include "services/bundles/request/parts.h"
#include "services/bundles/rule_sets/rule_sets.h"
#include "services/bundles/rules/listing_cache.h"
#include "services/bundles/rules/listing_token.h"

namespace clustr::bundles {

// Answers ListAssociationRules and GetAssociationRule with rules of the newest state or, until a
// state is published, of the restored floor; or, if it is asked to, of an imported rule set. A page
// of a listing that is not kept, such as that of another server, is made anew if the shop has not
// changed since.
// Thread-safe; borrows its arguments.
class RuleLister {
 public:
  using ListCall = rpc::Call<v1::ListAssociationRulesRequest, v1::ListAssociationRulesResponse>;
  using GetCall = rpc::Call<v1::GetAssociationRuleRequest, v1::GetAssociationRuleResponse>;

  RuleLister(const Parts& parts, RuleSets* rule_sets) : parts_(parts), rule_sets_(*rule_sets) {}

  // Append the violations of those constraints on a request that the .proto cannot express.
  static void Check(const v1::ListAssociationRulesRequest& request,
                    std::vector<Violation>* violations);
  static void Check(const v1::GetAssociationRuleRequest& request,
                    std::vector<Violation>* violations);

  // Answer calls, each in the queue of its class. May be called on any thread.
  void List(ListCall* call);
  void Get(GetCall* call);

 private:
  using Entry = rules::ListingCache::Entry;
  // Its listing_id is 0 for the first page.
  using Place = rules::ListingPlace;

  // Each makes a listing, and fills in its first page or that at `place`.
  absl::Status FirstPageOfFloor(ListCall* call, const rules::Floor& floor);
  absl::Status PageOfNewest(ListCall* call, const Place& place);
  void ListRuleSet(ListCall* call, const Place& place);
  absl::Status PageOfRuleSet(ListCall* call, const Place& place, const RuleSetPtr& set,
                             const rules::ListingKey& key);
  // Fills in the page at `place`, or PAGE_TOKEN_EXPIRED if the listing, which was found by its
  // contents, is not the one that was begun.
  absl::Status FillMade(const rules::ListingKey& key, Entry entry, const Place& place,
                        ListCall* call);
  // Fills in the page of a listing that begins at `offset`. If it is not the last page, adds a
  // token for the next one, and keeps a listing that has no id yet under `key`.
  void FillPage(const rules::ListingKey* key, Entry entry, uint32_t offset, ListCall* call);
  absl::Status FillRule(const rules::SkuRules& floor, const rpc::Revisions& revisions,
                        const index::Snapshot* shop, GetCall* call);

  const Parts parts_;
  RuleSets& rule_sets_;
  rules::ListingCache listings_{&SteadyNow};
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_LISTER_H_
