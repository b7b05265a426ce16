#ifndef CLUSTR_TESTS_FUZZ_MESSAGES_MODELS_H_
#define CLUSTR_TESTS_FUZZ_MESSAGES_MODELS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tests/fuzz/messages/input.h"

namespace clustr::fuzz {

// The models that shops import and list.
inline const std::array<const google::protobuf::Descriptor*, 5>& Models() {
  static const auto* models = new std::array<const google::protobuf::Descriptor*, 5>{
      catalog::v1::Product::descriptor(), catalog::v1::Customer::descriptor(),
      catalog::v1::Timeframe::descriptor(), sales::v1::Transaction::descriptor(),
      sales::v1::Sale::descriptor()};
  return *models;
}

// The model that the next byte of `input` selects.
inline const google::protobuf::Descriptor& AnyModel(Input& input) {
  return *Models()[input.Below(Models().size())];
}

// An empty message of a generated type.
inline std::unique_ptr<google::protobuf::Message> NewMessage(
    const google::protobuf::Descriptor& type) {
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  return std::unique_ptr<google::protobuf::Message>(factory->GetPrototype(&type)->New());
}

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_MESSAGES_MODELS_H_
