#ifndef CLUSTR_COMMON_SCHEMA_VALIDATOR_H_
#define CLUSTR_COMMON_SCHEMA_VALIDATOR_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clustr::schema {

// 2^53 - 1: the greatest identifier of a row, exact in a double too.
inline constexpr int64_t kGreatestId = (int64_t{1} << 53) - 1;

// Checks messages of one type, and the messages inside, against the options in their .proto files.
// All violations are found, in the order of the fields. Immutable once made: thread-safe.
class Validator {
 public:
  // Reads the options of `message` and of every message type below it.
  explicit Validator(const google::protobuf::Descriptor& message);
  ~Validator();
  Validator(const Validator&) = delete;
  Validator& operator=(const Validator&) = delete;

  // Appends what is wrong with the values that are set, and with required ones that are not.
  // Output-only fields are not looked at, and neither are required fields of models (messages that
  // are stored), for which a row decides: see CheckRequired. `path` is put before the names of
  // fields.
  void Check(const google::protobuf::Message& message, absl::string_view path,
             std::vector<Violation>* violations) const;

  // Check without what is inside of messages: of an import, whose rows are judged one by one.
  void CheckSettings(const google::protobuf::Message& message,
                     std::vector<Violation>* violations) const;

  // Appends a violation for each required field of a model that is not set, but for `filled_later`.
  void CheckRequired(const google::protobuf::Message& row, absl::string_view path,
                     std::vector<Violation>* violations,
                     const google::protobuf::FieldDescriptor* filled_later = nullptr) const;

 private:
  struct FieldRule;
  void CheckField(const google::protobuf::Message& message, const FieldRule& rule,
                  absl::string_view path, std::vector<Violation>* violations) const;

  const bool is_model_;
  std::vector<FieldRule> rules_;
};

// The validator of a message type, made once a process.
template <class M>
const Validator& ValidatorOf() {
  static const auto* validator = new Validator(*M::descriptor());
  return *validator;
}

// `path` and `name` with a dot between them; `name` alone where the path is empty.
std::string JoinPath(absl::string_view path, absl::string_view name);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_VALIDATOR_H_
