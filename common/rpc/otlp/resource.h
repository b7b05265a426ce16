#ifndef CLUSTR_COMMON_RPC_OTLP_RESOURCE_H_
#define CLUSTR_COMMON_RPC_OTLP_RESOURCE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "opentelemetry/proto/common/v1/common.pb.h"
#include "opentelemetry/proto/resource/v1/resource.pb.h"

namespace clustr::rpc {

// The process that sends spans and metrics. A value.
struct Sender {
  std::string service;           // `clustr-catalog`.
  std::string version;           // `0.1.0`.
  std::string instance;          // A UUID, another one at each start.
  int64_t start_unix_nanos = 0;  // Since when metrics count.

  // This process, which has started now.
  static Sender ThisProcess(std::string service, std::string version);
};

using OtlpAttributes =
    google::protobuf::RepeatedPtrField<opentelemetry::proto::common::v1::KeyValue>;

// Adds an attribute with a text.
void AddAttribute(absl::string_view key, absl::string_view value, OtlpAttributes* attributes);

void FillResource(const Sender& sender, opentelemetry::proto::resource::v1::Resource* resource);
void FillScope(const Sender& sender, opentelemetry::proto::common::v1::InstrumentationScope* scope);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_OTLP_RESOURCE_H_
