#include "services/bundles/rule_service/rule_lister.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/storage/page_token.h"
#include "services/bundles/request/shop_ids.h"
#include "services/bundles/rules/listing_token.h"
#include "services/bundles/rules/rule_filter.h"
#include "services/bundles/rules/rule_message.h"
#include "services/bundles/rules/rule_order.h"

namespace clustr::bundles {
namespace {

// With fewer baskets on both sides, a handful of like orders makes a rule with a lift of hundreds.
constexpr int64_t kFewBaskets = 20;

rules::ListingKey KeyOf(uint64_t state, const v1::ListAssociationRulesRequest& request) {
  return {state, SkuRuleQueryOf(request), rules::ParseRuleOrder(request.order_by()).value()};
}

// The same for a request that may name products by external_id.
absl::StatusOr<rules::ListingKey> KeyOf(const State& state,
                                        const v1::ListAssociationRulesRequest& request) {
  CLUSTR_ASSIGN_OR_RETURN(const auto by_id,
                          RequestById<v1::ListAssociationRulesRequest>::Make(
                              *state.shop, request, [](const auto& r, auto* violations) {
                                RuleLister::Check(r, violations);
                              }));
  return KeyOf(state.serial, *by_id);
}

void FillRaisedSupport(const rules::SkuRules& rules, v1::Provenance* provenance) {
  if (rules.raised_min_support()) provenance->set_min_support(*rules.raised_min_support());
}

// Says what a reader of the page might take for more than it is.
void AddHints(v1::ListAssociationRulesResponse* response) {
  if (response->provenance().has_min_support()) {
    response->add_hints(absl::StrCat(
        "more rules meet the default minimum support than the server answers with; these have a "
        "support of at least ",
        response->provenance().min_support(), ", the least that fits"));
  }
  const bool any_few =
      std::any_of(response->rules().begin(), response->rules().end(),
                  [](const v1::BundleRule& rule) { return rule.count_ab() < kFewBaskets; });
  if (!any_few) return;
  // Without their number, so that clients may join pages.
  response->add_hints(absl::StrCat(
      "some of these rules rest on fewer than ", kFewBaskets,
      " baskets, where a high lift is often chance; thresholds.min_count=", kFewBaskets,
      " leaves them out"));
}

// Says which rules the request asks for, but an imported rule set was not mined for.
void AddRuleSetHints(const v1::RuleThresholds& asked, const v1::RuleSet& set,
                     v1::ListAssociationRulesResponse* response) {
  const v1::RuleThresholds& mined = set.thresholds();
  const auto add = [&](bool beyond, absl::string_view name, auto threshold) {
    if (!beyond) return;
    response->add_hints(absl::StrCat("the rule set was mined with a ", name, " of ", threshold,
                                     ", so it has no rules beyond that"));
  };
  add(asked.has_min_support() && asked.min_support() < mined.min_support(), "minimum support",
      mined.min_support());
  add(asked.has_min_count() && asked.min_count() < mined.min_count(), "minimum count",
      mined.min_count());
  add(asked.has_min_confidence() && asked.min_confidence() < mined.min_confidence(),
      "minimum confidence", mined.min_confidence());
  add(asked.has_min_lift() && asked.min_lift() < mined.min_lift(), "minimum lift",
      mined.min_lift());
  add(mined.has_max_p_value() && asked.has_max_p_value() &&
          asked.max_p_value() > mined.max_p_value(),
      "maximum p-value", mined.max_p_value());
  add(mined.has_max_items() && asked.max_items() > mined.max_items(), "maximum number of products",
      mined.max_items());
  add(mined.has_max_consequents() && asked.max_consequents() > mined.max_consequents(),
      "maximum number of consequents", mined.max_consequents());
}

// Refuses a request whose thresholds leave no room for the products that it names.
void CheckRoom(const v1::ListAssociationRulesRequest& request, std::vector<Violation>* violations) {
  const int lefts = request.antecedent_skus_size();
  const int rights = request.consequent_skus_size();
  const int least = std::max(1, lefts) + std::max(1, rights);
  if (lefts + rights == 0) return;
  const v1::RuleThresholds& thresholds = request.thresholds();
  if (thresholds.has_max_consequents() && rights > thresholds.max_consequents()) {
    violations->push_back(
        {"thresholds.max_consequents",
         absl::StrCat(thresholds.max_consequents(), " allows no rule with the ", rights,
                      " products of consequent_skus; raise it, or name fewer products")});
  }
  const bool any_size = !request.rule_set().empty() && !thresholds.has_max_items();
  const int most = any_size ? mining::kMaxRuleItems : ThresholdsOf(thresholds).max_items;
  if (least <= most) return;
  violations->push_back(
      {"thresholds.max_items",
       absl::StrCat(most, thresholds.has_max_items() || any_size ? "" : ", the default,",
                    " allows no rule with ", lefts, " antecedents and ", rights,
                    " consequents, which has at least ", least, " products; ",
                    least <= mining::kMaxRuleItems ? "raise it, or name" : "name",
                    " fewer products")});
}

absl::Status PageTokenExpired() {
  return MakeError(common::v1::ERROR_REASON_PAGE_TOKEN_EXPIRED,
                   "the listing that page_token belongs to is no longer kept, and the shop has "
                   "changed since; list again from the first page",
                   {{"field", "page_token"}});
}

// The revisions to wait for: those that are asked for and, where a listing goes on that another
// server made, those of it.
rpc::Revisions WantedFor(const v1::ListAssociationRulesRequest& request,
                         const rules::ListingPlace& place) {
  const rpc::Revisions asked = RevisionsOf(request);
  return {std::max(asked.sales, place.sales_revision),
          std::max(asked.catalog, place.catalog_revision)};
}

bool IsFrom(const rules::ListingPlace& place, const rpc::Revisions& revisions) {
  return place.sales_revision == revisions.sales && place.catalog_revision == revisions.catalog;
}

// True if the place is one of this listing, or of another server's that equals it.
bool Continues(const rules::ListingPlace& place, const rules::Listing& listing) {
  const size_t size = listing.order.size();
  return IsFrom(place, {listing.sales_revision, listing.catalog_revision}) &&
         place.total_size == static_cast<int64_t>(size) && place.offset < size;
}

}  // namespace

void RuleLister::Check(const v1::ListAssociationRulesRequest& request,
                       std::vector<Violation>* violations) {
  CheckThresholds(request.thresholds(), violations);
  CheckDisjoint("antecedent_skus", request.antecedent_skus(), "consequent_skus",
                request.consequent_skus(), violations);
  CheckRoom(request, violations);
  if (!request.rule_set().empty() && PopulationOf(request.population()) != index::Population()) {
    violations->push_back({"population",
                           "a rule set has the rules of all baskets that were mined for it; leave "
                           "it unset, or leave rule_set unset"});
  }
  const auto order = rules::ParseRuleOrder(request.order_by());
  if (!order.ok()) violations->push_back({"order_by", std::string(order.status().message())});
}

void RuleLister::Check(const v1::GetAssociationRuleRequest& request,
                       std::vector<Violation>* violations) {
  if (PopulationOf(request.population()) == index::Population()) return;
  violations->push_back({"population",
                         "only rules of all baskets can be found by id; leave it unset, or use "
                         "ListAssociationRules or ExplainAssociationRule"});
}

void RuleLister::List(ListCall* call) {
  const v1::ListAssociationRulesRequest& request = call->request();
  Place place;
  if (!request.page_token().empty()) {
    const auto decoded = rules::DecodeListingToken(request);
    if (!decoded.ok()) return call->Reply(decoded.status());
    place = *decoded;
    const auto entry = listings_.Find(place.listing_id);
    if (entry && Continues(place, *entry->listing)) {
      return Compute(call, parts_.calls.lookups, [this, call, place, entry = *entry] {
        FillPage(nullptr, entry, place.offset, call);
        return absl::OkStatus();
      });
    }
  }
  if (!request.rule_set().empty()) {
    return rule_sets_.WhenKnown(request.rule_set(), [this, call, place](const auto& known) {
      if (!known.ok()) return call->Reply(known);
      ListRuleSet(call, place);
    });
  }
  const rpc::Revisions wanted = WantedFor(request, place);
  // The restored floor does not know external_ids, which the earlier pages of a list may have.
  if (const auto floor = place.listing_id == 0 ? RestoredFloor(parts_, wanted) : nullptr;
      floor != nullptr && !UsesShopIds(request) && rules::WithinFloor(SkuRuleQueryOf(request))) {
    return Compute(call, parts_.calls.rules,
                   [this, call, floor] { return FirstPageOfFloor(call, *floor); });
  }
  WhenVisible(parts_, wanted, call, parts_.calls.lookups, [this, call, place] {
    const StatePtr state = parts_.states.newest();
    const auto key = KeyOf(*state, call->request());
    if (!key.ok()) return call->Reply(key.status());
    if (const auto entry = listings_.Find(*key)) {
      return call->Reply(FillMade(*key, *entry, place, call));
    }
    if (place.listing_id != 0 && !IsFrom(place, state->revisions)) {
      return call->Reply(PageTokenExpired());
    }
    Compute(call, parts_.calls.rules, [this, call, place] { return PageOfNewest(call, place); });
  });
}

absl::Status RuleLister::PageOfNewest(ListCall* call, const Place& place) {
  const StatePtr state = parts_.states.newest();
  CLUSTR_ASSIGN_OR_RETURN(const rules::ListingKey key, KeyOf(*state, call->request()));
  CLUSTR_ASSIGN_OR_RETURN(auto found, parts_.answers.Get(state, key.query, call->caller(),
                                                         parts_.calls.SpareThreads()));
  auto listing = std::make_shared<rules::Listing>();
  listing->order = rules::SortRules(*found, key.order);
  listing->rules = std::move(found);
  listing->sales_revision = state->revisions.sales;
  listing->catalog_revision = state->revisions.catalog;
  listing->shop = state->shop;
  return FillMade(key, {0, std::move(listing)}, place, call);
}

void RuleLister::ListRuleSet(ListCall* call, const Place& place) {
  // The rules are of their own time, so only catalog's revision is waited for.
  rpc::Revisions wanted = RevisionsOf(call->request());
  wanted.catalog = std::max(wanted.catalog, place.catalog_revision);
  WhenVisible(parts_, wanted, call, parts_.calls.lookups, [this, call, place] {
    const v1::ListAssociationRulesRequest& request = call->request();
    const auto set = rule_sets_.Find(request.rule_set());
    if (!set.ok()) return call->Reply(set.status());
    auto key = KeyOf(*parts_.states.newest(), request);
    if (!key.ok()) return call->Reply(key.status());
    key->query.thresholds = ThresholdsOf(request.thresholds(), NoThresholds());
    key->rule_set = (*set)->serial;
    if (const auto entry = listings_.Find(*key)) {
      return call->Reply(FillMade(*key, *entry, place, call));
    }
    Compute(call, parts_.calls.rules, [this, call, place, set = *set, key = *key] {
      return PageOfRuleSet(call, place, set, key);
    });
  });
}

absl::Status RuleLister::PageOfRuleSet(ListCall* call, const Place& place, const RuleSetPtr& set,
                                       const rules::ListingKey& key) {
  const StatePtr state = parts_.states.newest();
  auto found = std::make_shared<const rules::SkuRules>(rules::FilterRules(*set->rules, key.query));
  auto listing = std::make_shared<rules::Listing>();
  listing->rules = found->size() == set->rules->size() ? set->rules : std::move(found);
  listing->order = rules::SortRules(*listing->rules, key.order);
  listing->sales_revision = set->info->source().sales_revision();
  listing->catalog_revision = state->revisions.catalog;
  listing->shop = state->shop;
  listing->imported = set->info;
  return FillMade(key, {0, std::move(listing)}, place, call);
}

absl::Status RuleLister::FirstPageOfFloor(ListCall* call, const rules::Floor& floor) {
  const rules::ListingKey key = KeyOf(0, call->request());
  auto listing = std::make_shared<rules::Listing>();
  listing->rules =
      std::make_shared<const rules::SkuRules>(rules::AnswerFromFloor(floor.rules, key.query));
  listing->order = rules::SortRules(*listing->rules, key.order);
  listing->sales_revision = floor.sales_revision;
  listing->catalog_revision = floor.catalog_revision;
  FillPage(&key, {0, std::move(listing)}, 0, call);
  return absl::OkStatus();
}

absl::Status RuleLister::FillMade(const rules::ListingKey& key, Entry entry, const Place& place,
                                  ListCall* call) {
  if (place.listing_id != 0 && !Continues(place, *entry.listing)) return PageTokenExpired();
  FillPage(&key, std::move(entry), place.offset, call);
  return absl::OkStatus();
}

void RuleLister::FillPage(const rules::ListingKey* key, Entry entry, uint32_t offset,
                          ListCall* call) {
  const v1::ListAssociationRulesRequest& request = call->request();
  v1::ListAssociationRulesResponse& response = call->response();
  const rules::Listing& listing = *entry.listing;
  const bool full = request.view() == v1::RULE_VIEW_FULL;
  const size_t end =
      std::min<size_t>(listing.order.size(), offset + storage::PageSize(request.page_size()));
  size_t bytes = 0;
  size_t next = offset;
  for (; next < end && bytes < storage::kMaxPageBytes; ++next) {
    v1::BundleRule* rule = response.add_rules();
    rules::FillRule(*listing.rules, listing.order[next], rule);
    rules::AddShopIds(listing.shop.get(), rule);
    if (full) rules::AddDetails(listing.shop.get(), rule);
    bytes += rule->ByteSizeLong();
  }
  response.set_total_size(static_cast<int64_t>(listing.order.size()));
  FillProvenance(parts_, {listing.sales_revision, listing.catalog_revision},
                 listing.rules->basket_count(), response.mutable_provenance());
  FillRaisedSupport(*listing.rules, response.mutable_provenance());
  if (listing.imported != nullptr) {
    *response.mutable_rule_set() = *listing.imported;
    AddRuleSetHints(request.thresholds(), *listing.imported, &response);
  }
  AddHints(&response);
  if (next == listing.order.size()) return;
  if (entry.id == 0) entry = listings_.Put(*key, entry.listing);
  response.set_next_page_token(
      rules::EncodeListingToken({entry.id, static_cast<uint32_t>(next), response.total_size(),
                                 listing.sales_revision, listing.catalog_revision},
                                request));
}

void RuleLister::Get(GetCall* call) {
  if (const auto floor = RestoredFloor(parts_, RevisionsOf(call->request()))) {
    return Compute(call, parts_.calls.lookups, [this, call, floor] {
      return FillRule(floor->rules, {floor->sales_revision, floor->catalog_revision}, nullptr,
                      call);
    });
  }
  WhenVisible(parts_, call, parts_.calls.lookups, [this, call] {
    const auto answer_at = [this, call](const StatePtr& state,
                                        const RuleAnswers::Answer& floor) -> absl::Status {
      if (!floor.ok()) return floor.status();
      return FillRule(**floor, state->revisions, state->shop.get(), call);
    };
    const StatePtr newest = parts_.states.newest();
    if (const auto kept = parts_.answers.Find(newest, rules::SkuRuleQuery())) {
      return call->Reply(answer_at(newest, *kept));
    }
    Compute(call, parts_.calls.rules, [this, call, answer_at] {
      const StatePtr state = parts_.states.newest();
      return answer_at(state, parts_.answers.Get(state, rules::SkuRuleQuery(), call->caller(),
                                                 parts_.calls.SpareThreads()));
    });
  });
}

absl::Status RuleLister::FillRule(const rules::SkuRules& floor, const rpc::Revisions& revisions,
                                  const index::Snapshot* shop, GetCall* call) {
  const int64_t rule_id = call->request().rule_id();
  std::optional<size_t> found;
  for (size_t i = 0; i < floor.size(); ++i) {
    if (floor.rule_id(i) != rule_id) continue;
    if (!found || floor.CompareSides(i, *found) < 0) found = i;
  }
  if (!found) return NotFoundError("RULE", absl::StrCat(rule_id));
  rules::FillRule(floor, *found, call->response().mutable_rule());
  rules::AddShopIds(shop, call->response().mutable_rule());
  rules::AddDetails(shop, call->response().mutable_rule());
  FillProvenance(parts_, revisions, floor.basket_count(), call->response().mutable_provenance());
  FillRaisedSupport(floor, call->response().mutable_provenance());
  return absl::OkStatus();
}

}  // namespace clustr::bundles
