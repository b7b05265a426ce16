#ifndef CLUSTR_SERVICES_BUNDLES_RULES_LISTING_TOKEN_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_LISTING_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/storage/page_token.h"

namespace clustr::rules {

// Where a listing goes on.
struct ListingPlace {
  int64_t listing_id = 0;  // Below 2^31.
  uint32_t offset = 0;
};

// next_page_token of `request`, whatever its page_size and page_token.
inline std::string EncodeListingToken(const ListingPlace& place, int64_t total_size,
                                      const bundles::v1::ListAssociationRulesRequest& request) {
  return storage::EncodePageToken({place.listing_id << 32 | place.offset, total_size}, request);
}

// INVALID_ARGUMENT with reason PAGE_TOKEN_INVALID if its token is damaged, or of another request.
inline absl::StatusOr<ListingPlace> DecodeListingToken(
    const bundles::v1::ListAssociationRulesRequest& request) {
  const auto token = storage::DecodePageToken(request.page_token(), request);
  if (!token.ok()) return token.status();
  return ListingPlace{token->after >> 32, static_cast<uint32_t>(token->after)};
}

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_LISTING_TOKEN_H_
