#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_FILE_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_FILE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clustr/bundles/v1/model_service.pb.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/program/kept_as.h"

namespace clustr::bundles {

// A trained model as it is kept in a file.
struct StoredModel {
  v1::Model info;  // Model.active has no meaning here.
  products::ProductModel products;
  std::optional<bundle_model::BundleModel> bundles;  // Unset if heuristic-v0 scores bundles.
};

// SHA-256 of `bytes`, in hex.
std::string Sha256(absl::string_view bytes);

// The digest of the parameters of a model; see v1::Model.digest.
std::string DigestOf(const StoredModel& model);

// The bytes of the file of a model.
std::string EncodeModelFile(const StoredModel& model);

// The model in such bytes. DATA_LOSS, with a message for operators, if they are damaged, no model,
// or of a version that this server does not know.
absl::StatusOr<StoredModel> DecodeModelFile(absl::string_view bytes, const KeptAs& kept);

// Writes the model to `path`, durably and as a whole: after a crash the file is there completely or
// not at all. With a message for operators, UNAVAILABLE with reason NOT_STORED if the file cannot
// be written, or RESOURCE_EXHAUSTED with reason DISK_FULL.
absl::Status WriteModelFile(const std::string& path, const StoredModel& model);

// Reads a file of WriteModelFile. Errors, with a message for operators: NOT_FOUND if it cannot be
// read, and those of DecodeModelFile.
absl::StatusOr<StoredModel> ReadModelFile(const std::string& path);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_FILE_H_
