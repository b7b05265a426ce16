#include "services/bundles/models/model_file.h"

#include <openssl/sha.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/bundles/products/model_bytes.h"
#include "services/bundles/program/durable_file.h"
#include "services/bundles/program/whole_files.h"

namespace clustr::bundles {
namespace {

// A file has this line, the lengths of the three parts (8 bytes each, little endian), the parts
// (the v1.Model, the bytes of the products, and those of the bundles, if any), and the SHA-256 of
// all of that. In version 1 there are no bundles, and two lengths. From version 3 on, the products
// have more parameters; those of version 2 are read as well.
constexpr absl::string_view kFirstLine = "clustr model, version 3\n";
constexpr absl::string_view kFirstLine2 = "clustr model, version 2\n";
constexpr absl::string_view kFirstLine1 = "clustr model, version 1\n";
constexpr absl::string_view kAnyVersion = "clustr model, version ";
constexpr size_t kLengthBytes = sizeof(uint64_t);
constexpr size_t kMaxParts = 3;
// Far more than a model of the largest catalog has.
constexpr int64_t kMaxModelFileBytes = int64_t{1} << 30;
static_assert(kFirstLine.size() == kFirstLine1.size() && kFirstLine.size() == kFirstLine2.size());

std::string LengthOf(absl::string_view part) {
  const uint64_t length = part.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof(length));
}

constexpr FileKind kModel = {"the model", "the folder of models (--models)"};

std::string BundleBytes(const StoredModel& model) {
  return model.bundles ? bundle_model::EncodeModel(*model.bundles) : "";
}

absl::Status Damaged(const KeptAs& kept, absl::string_view how) {
  return absl::DataLossError(absl::StrCat(kept.what, " ", how, "; ", kept.remedy));
}

}  // namespace

std::string Sha256(absl::string_view bytes) { return absl::BytesToHexString(RawSha256(bytes)); }

std::string DigestOf(const StoredModel& model) {
  return Sha256(absl::StrCat(products::EncodeModel(model.products), BundleBytes(model)));
}

std::string EncodeModelFile(const StoredModel& model) {
  const std::string info = model.info.SerializeAsString();
  const std::string products = products::EncodeModel(model.products);
  const std::string bundles = BundleBytes(model);
  std::string bytes =
      absl::StrCat(kFirstLine, LengthOf(info), LengthOf(products), LengthOf(bundles));
  absl::StrAppend(&bytes, info, products, bundles);
  bytes += RawSha256(bytes);
  return bytes;
}

absl::Status WriteModelFile(const std::string& path, const StoredModel& model) {
  return WriteDurableFile(path, EncodeModelFile(model), kModel);
}

absl::StatusOr<StoredModel> ReadModelFile(const std::string& path) {
  const KeptAs kept = {absl::StrCat("the model file ", path),
                       "remove it, or restore it from a backup"};
  CLUSTR_ASSIGN_OR_RETURN(const std::string bytes,
                          ReadWholeFile(path, kAnyVersion, kMaxModelFileBytes, kept));
  return DecodeModelFile(bytes, kept);
}

absl::StatusOr<StoredModel> DecodeModelFile(absl::string_view bytes, const KeptAs& kept) {
  absl::string_view rest = bytes;
  const bool has_bundles =
      absl::StartsWith(rest, kFirstLine) || absl::StartsWith(rest, kFirstLine2);
  if (!has_bundles && !absl::StartsWith(rest, kFirstLine1)) {
    return Damaged(kept, absl::StartsWith(rest, kAnyVersion)
                             ? "was written by another version of Clustr"
                             : "is no model");
  }
  const size_t parts = has_bundles ? kMaxParts : kMaxParts - 1;
  const size_t frame = kFirstLine.size() + parts * kLengthBytes + SHA256_DIGEST_LENGTH;
  if (bytes.size() < frame) return Damaged(kept, "is cut off");
  const size_t checked = bytes.size() - SHA256_DIGEST_LENGTH;
  if (RawSha256(rest.substr(0, checked)) != rest.substr(checked)) {
    return Damaged(kept, "is damaged: its checksum is wrong");
  }
  uint64_t lengths[kMaxParts] = {};
  std::memcpy(lengths, bytes.data() + kFirstLine.size(), parts * kLengthBytes);
  rest = rest.substr(kFirstLine.size() + parts * kLengthBytes, bytes.size() - frame);
  if (lengths[0] > rest.size() || lengths[1] > rest.size() - lengths[0] ||
      lengths[2] != rest.size() - lengths[0] - lengths[1]) {
    return Damaged(kept, "has parts of wrong lengths");
  }
  StoredModel model;
  std::optional<products::ProductModel> products =
      products::DecodeModel(rest.substr(lengths[0], lengths[1]));
  if (lengths[2] > 0) {
    model.bundles = bundle_model::DecodeModel(rest.substr(lengths[0] + lengths[1]));
    if (!model.bundles) return Damaged(kept, "does not hold a valid model of bundles");
  }
  if (!products || !model.info.ParseFromArray(rest.data(), static_cast<int>(lengths[0]))) {
    return Damaged(kept, "does not hold a valid model");
  }
  model.products = *std::move(products);
  return model;
}

}  // namespace clustr::bundles
