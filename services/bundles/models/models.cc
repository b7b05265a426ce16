#include "services/bundles/models/models.h"

#include <openssl/sha.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/storage/page_token.h"
#include "services/bundles/models/model_table.h"
#include "services/bundles/program/write_now.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::bundles {
namespace {

constexpr char kHeuristic[] = "heuristic-v0";

std::string Sha256(const std::string& text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return absl::BytesToHexString(digest);
}

}  // namespace

std::string HeuristicParameters() {
  std::string text = absl::StrCat("model ", kHeuristic, "\n");
  for (const scoring::HeuristicFeature& feature : scoring::HeuristicFeatures()) {
    absl::StrAppend(&text, "weight.", feature.name, " ", scoring::kWeights.*feature.measure, "\n");
  }
  absl::StrAppend(&text, "slope ", scoring::kSlope, "\ncentre ", scoring::kCentre,
                  "\nreference_support ", scoring::kReferenceSupport, "\nreference_count ",
                  scoring::kReferenceCount, "\n");
  return text;
}

absl::StatusOr<Models> Models::Load(storage::Store* store) {
  v1::Model heuristic;
  heuristic.set_model_id(kHeuristic);
  for (const scoring::HeuristicFeature& feature : scoring::HeuristicFeatures())
    heuristic.add_features(feature.name);
  heuristic.set_active(true);
  heuristic.set_digest(Sha256(HeuristicParameters()));
  CLUSTR_RETURN_IF_ERROR(WriteNow(*store, [&](storage::WriteContext& context) {
    const absl::Time first = FirstHad(context.session(), kHeuristic, absl::Now());
    const int64_t seconds = absl::ToUnixSeconds(first);
    heuristic.mutable_create_time()->set_seconds(seconds);
    heuristic.mutable_create_time()->set_nanos(
        static_cast<int32_t>(absl::ToInt64Nanoseconds(first - absl::FromUnixSeconds(seconds))));
    return absl::OkStatus();
  }));
  return Models(std::move(heuristic));
}

absl::StatusOr<const v1::Model*> Models::Find(const std::string& model_id) const {
  if (model_id.empty() || model_id == kHeuristic) return &heuristic_;
  return MakeError(
      common::v1::ERROR_REASON_MODEL_NOT_FOUND,
      absl::StrCat("no model ", Quoted(model_id), "; leave model_id empty, or give ", kHeuristic));
}

absl::Status Models::List(const v1::ListModelsRequest& request,
                          v1::ListModelsResponse* response) const {
  if (!request.page_token().empty()) {
    // All models fit on one page, so no valid token was ever issued.
    CLUSTR_RETURN_IF_ERROR(storage::DecodePageToken(request.page_token(), request).status());
    return absl::OkStatus();
  }
  *response->add_models() = heuristic_;
  return absl::OkStatus();
}

}  // namespace clustr::bundles
