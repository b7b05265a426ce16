#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_MODEL_BYTES_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_MODEL_BYTES_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/bundles/products/product_model.h"

namespace clustr::products {

// The model as bytes: all numbers in a fixed order, little endian. The same model gives the same
// bytes. Requires a valid model.
std::string EncodeModel(const ProductModel& model);

// The model of EncodeModel, also of versions before there were DueWeights, rankers or `again`;
// nullopt if the bytes are not exactly those of a valid model. Never takes more memory than a small
// multiple of the bytes.
std::optional<ProductModel> DecodeModel(absl::string_view bytes);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_MODEL_BYTES_H_
