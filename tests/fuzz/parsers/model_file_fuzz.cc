// Model files of bundles: the input changes a good file, or is its parts. With a wrong checksum a
// file is refused; with a right one it is refused in words, or is a model that can be served: its
// bytes are the only ones that mean it, and it survives writing and reading.

#include <openssl/sha.h>

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/models/model_file.h"
#include "services/bundles/products/model_bytes.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"
#include "tests/fuzz/parsers/memory_file.h"
#include "tests/services/bundles/products/random_model.h"
#include "tests/testing/temp_folder.h"

namespace clustr::fuzz {
namespace {

using bundles::ReadModelFile;

constexpr absl::string_view kFirstLine = "clustr model, version 2\n";

std::string LengthOf(absl::string_view part) {
  std::string length;
  for (int i = 0; i < 8; ++i) length.push_back(static_cast<char>(uint64_t{part.size()} >> 8 * i));
  return length;
}

// Changes up to three bytes, or cuts the end off.
std::string Spoilt(Input* input, std::string bytes) {
  for (size_t changes = input->Below(4); changes > 0 && !bytes.empty(); --changes) {
    bytes[input->Below(std::min<size_t>(bytes.size(), 65'536))] = static_cast<char>(input->Byte());
  }
  if (input->OneIn(8)) bytes.resize(input->Below(bytes.size() + 1));
  return bytes;
}

std::string FileOf(const std::string& info, const std::string& products,
                   const std::string& bundles) {
  std::string file(kFirstLine);
  file += LengthOf(info) + LengthOf(products) + LengthOf(bundles) + info + products + bundles;
  return file;
}

std::string Sealed(std::string file) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(file.data()), file.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return file + digest;
}

// Reads a file and returns whether it was accepted.
bool Accepted(const std::string& bytes) {
  const MemoryFile file(bytes);
  const auto model = ReadModelFile(file.path());
  if (!model.ok()) {
    Check(absl::IsDataLoss(model.status()) && !model.status().message().empty(),
          "a model file is refused in words", model.status().ToString());
    return false;
  }
  if (model->bundles) Check(ValidateModel(*model->bundles), "a model that was read can be served");
  static const testing::TempFolder folder;
  const std::string copy = folder.File("copy.model");
  Check(WriteModelFile(copy, *model).ok(), "a model that was read can be written");
  const auto again = ReadModelFile(copy);
  Check(again.ok() && DigestOf(*again) == DigestOf(*model), "a model survives its file");
  return true;
}

void CheckParts(const std::string& products, const std::string& bundles) {
  if (const auto model = products::DecodeModel(products)) {
    Check(products::EncodeModel(*model) == products, "a model of products has one text");
  }
  if (const auto model = bundle_model::DecodeModel(bundles)) {
    // The form of earlier versions is the beginning of today's.
    Check(absl::StartsWith(bundle_model::EncodeModel(*model), bundles),
          "a model of bundles has one text");
  }
}

void Run(Input input) {
  products::RandomModel random(input.Byte());
  const products::ProductModel model = random.Model(1 + input.Below(4));
  std::string products = products::EncodeModel(model);
  std::string bundles = input.OneIn(4) ? "" : bundle_model::EncodeModel({});
  bundles::v1::Model info;
  info.set_model_id("trained-1");
  Check(Accepted(Sealed(FileOf(info.SerializeAsString(), products, bundles))),
        "a good file is accepted");
  std::string text = input.OneIn(2) ? input.Line() : info.SerializeAsString();
  products = Spoilt(&input, std::move(products));
  bundles = Spoilt(&input, std::move(bundles));
  CheckParts(products, bundles);
  const std::string file = FileOf(text, products, bundles);
  Accepted(Sealed(file));
  Accepted(Sealed(Spoilt(&input, file)));
  const std::string whole = Sealed(file);
  const std::string damaged = Spoilt(&input, whole);
  if (damaged != whole) Check(!Accepted(damaged), "a file with a wrong checksum is refused");
  Accepted(input.Rest());
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
