#ifndef CLUSTR_COMMON_SCHEMA_VALIDATOR_H_
#define CLUSTR_COMMON_SCHEMA_VALIDATOR_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/schema/value_rules.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clustr::schema {

// Checks messages of one type, and the messages nested in them, against the options in their .proto
// files. Finds all violations and reports them in the order of the fields. Immutable once made:
// thread-safe. Points into the descriptors, which must outlive it.
class Validator {
 public:
  // Reads the options of `message` and of every message type nested in it, which must not contain
  // itself.
  explicit Validator(const google::protobuf::Descriptor& message);
  ~Validator();
  Validator(const Validator&) = delete;
  Validator& operator=(const Validator&) = delete;

  // Appends a violation for each set value that breaks a rule and for each required field that is
  // not set, and, in a request, for a key (option key_of) that is given beside the id. Ignores
  // output-only fields, and the required fields of models (messages that are stored): whether a
  // model's field may be missing depends on the write, see CheckRequired. `path` precedes the names
  // of the fields.
  void Check(const google::protobuf::Message& message, absl::string_view path,
             std::vector<Violation>* violations) const;

  // Like Check, but skips nested messages. An import checks its rows one by one.
  void CheckSettings(const google::protobuf::Message& message,
                     std::vector<Violation>* violations) const;

  // Appends a violation for each required field of a model that is not set or, being a text,
  // contains only spaces. Skips `filled_later`, which may be null.
  void CheckRequired(const google::protobuf::Message& row, absl::string_view path,
                     std::vector<Violation>* violations,
                     const google::protobuf::FieldDescriptor* filled_later = nullptr) const;

 private:
  struct FieldRule;
  // `reflection` is that of `message`: looking it up for each field would double the cost.
  void CheckField(const google::protobuf::Message& message,
                  const google::protobuf::Reflection& reflection, const FieldRule& rule,
                  absl::string_view path, std::vector<Violation>* violations) const;

  const bool is_model_;
  std::vector<FieldRule> rules_;
};

// The validator of a message type, made once per process and never deleted.
template <class M>
const Validator& ValidatorOf() {
  static const auto* validator = new Validator(*M::descriptor());
  return *validator;
}

// Joins `path` and `name` with a dot; `name` alone if the path is empty.
std::string JoinPath(absl::string_view path, absl::string_view name);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_VALIDATOR_H_
