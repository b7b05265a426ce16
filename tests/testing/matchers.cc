#include "tests/testing/matchers.h"

#include "google/rpc/error_details.pb.h"

namespace clustr::testing {

std::vector<std::string> ViolatedFields(const absl::Status& status) {
  google::rpc::BadRequest details;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  if (payload.has_value()) details.ParseFromString(std::string(*payload));
  std::vector<std::string> fields;
  for (const auto& violation : details.field_violations()) fields.push_back(violation.field());
  return fields;
}

size_t DetailBytes(const absl::Status& status) {
  size_t bytes = 0;
  status.ForEachPayload(
      [&](absl::string_view url, const absl::Cord& payload) { bytes += payload.size(); });
  return bytes;
}

std::vector<std::string> Texts(const std::vector<Violation>& violations) {
  std::vector<std::string> texts;
  for (const Violation& violation : violations) {
    texts.push_back(violation.field + ": " + violation.description);
  }
  return texts;
}

}  // namespace clustr::testing
