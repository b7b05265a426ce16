#ifndef CLUSTR_SERVICES_BUNDLES_RULES_LISTING_TOKEN_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_LISTING_TOKEN_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/storage/page_token.h"

namespace clustr::rules {

// The place where a page of a listing begins.
struct ListingPlace {
  int64_t listing_id = 0;  // Below 2^31, and known only to the server that gave the token.
  uint32_t offset = 0;
  // By which another server can tell that it would make the same listing.
  int64_t total_size = 0;
  int64_t sales_revision = 0;
  int64_t catalog_revision = 0;
};

// The next_page_token for `request`. A request that differs only in page_size or page_token may use
// it.
inline std::string EncodeListingToken(const ListingPlace& place,
                                      const bundles::v1::ListAssociationRulesRequest& request) {
  return storage::EncodePageToken({place.listing_id << 32 | place.offset, place.total_size,
                                   absl::StrCat(place.sales_revision, " ", place.catalog_revision)},
                                  request);
}

// The place in the page_token of `request`. INVALID_ARGUMENT with reason PAGE_TOKEN_INVALID if the
// token is damaged or belongs to another request.
inline absl::StatusOr<ListingPlace> DecodeListingToken(
    const bundles::v1::ListAssociationRulesRequest& request) {
  const auto token = storage::DecodePageToken(request.page_token(), request);
  if (!token.ok()) return token.status();
  ListingPlace place = {token->after >> 32, static_cast<uint32_t>(token->after), token->total_size};
  const std::pair<std::string, std::string> revisions = absl::StrSplit(token->key, ' ');
  if (!absl::SimpleAtoi(revisions.first, &place.sales_revision) ||
      !absl::SimpleAtoi(revisions.second, &place.catalog_revision)) {
    return storage::PageTokenError(request.page_token());
  }
  return place;
}

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_LISTING_TOKEN_H_
