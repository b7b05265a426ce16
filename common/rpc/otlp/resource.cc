#include "common/rpc/otlp/resource.h"

#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace clustr::rpc {
namespace {

// A random UUID, version 4.
std::string NewUuid() {
  absl::BitGen random;
  const auto high = absl::Uniform<uint64_t>(random);
  const auto low = absl::Uniform<uint64_t>(random);
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", high >> 32, (high >> 16) & 0xFFFF,
                         high & 0xFFF, ((low >> 48) & 0x3FFF) | 0x8000, low & 0xFFFFFFFFFFFF);
}

}  // namespace

Sender Sender::ThisProcess(std::string service, std::string version) {
  return {std::move(service), std::move(version), NewUuid(), absl::GetCurrentTimeNanos()};
}

void AddAttribute(absl::string_view key, absl::string_view value, OtlpAttributes* attributes) {
  auto& attribute = *attributes->Add();
  attribute.set_key(std::string(key));
  attribute.mutable_value()->set_string_value(std::string(value));
}

void FillResource(const Sender& sender, opentelemetry::proto::resource::v1::Resource* resource) {
  AddAttribute("service.name", sender.service, resource->mutable_attributes());
  AddAttribute("service.version", sender.version, resource->mutable_attributes());
  AddAttribute("service.instance.id", sender.instance, resource->mutable_attributes());
}

void FillScope(const Sender& sender,
               opentelemetry::proto::common::v1::InstrumentationScope* scope) {
  scope->set_name("clustr");
  scope->set_version(sender.version);
}

}  // namespace clustr::rpc
