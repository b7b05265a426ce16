#ifndef CLUSTR_SERVICES_BUNDLES_RULES_LISTING_TOKEN_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_LISTING_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/storage/page_token.h"

namespace clustr::rules {

// The place where the next page of a listing begins.
struct ListingPlace {
  int64_t listing_id = 0;  // Below 2^31.
  uint32_t offset = 0;
};

// The next_page_token for `request`. A request that differs only in page_size or page_token may use
// it.
inline std::string EncodeListingToken(const ListingPlace& place, int64_t total_size,
                                      const bundles::v1::ListAssociationRulesRequest& request) {
  return storage::EncodePageToken({place.listing_id << 32 | place.offset, total_size}, request);
}

// The place in the page_token of `request`. INVALID_ARGUMENT with reason PAGE_TOKEN_INVALID if the
// token is damaged or belongs to another request.
inline absl::StatusOr<ListingPlace> DecodeListingToken(
    const bundles::v1::ListAssociationRulesRequest& request) {
  const auto token = storage::DecodePageToken(request.page_token(), request);
  if (!token.ok()) return token.status();
  return ListingPlace{token->after >> 32, static_cast<uint32_t>(token->after)};
}

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_LISTING_TOKEN_H_
