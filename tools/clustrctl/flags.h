#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAGS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAGS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace clustr::ctl {

// The flags of one command: where each value goes and what --help says of it. Flags are
// `--name=value` or `--name value`; everything behind `--` is no flag. Targets are borrowed and must
// outlive this.
class FlagSet {
 public:
  // `set` gets the value; it returns what is wrong with it, and the remedy, or an empty string.
  using Setter = std::function<std::string(std::string_view value)>;

  void Add(std::string name, std::string placeholder, std::string help, Setter set);
  void Text(std::string name, std::string placeholder, std::string help, std::string* target);
  void Int64(std::string name, std::string help, int64_t* target);
  void Double(std::string name, std::string help, double* target);
  // Takes no value.
  void Switch(std::string name, std::string help, bool* target);
  // May stand alone: `--name` or `--name=value`, never `--name value`. `set` gets "" where it does.
  void OptionalValue(std::string name, std::string placeholder, std::string help, Setter set);
  // Sets the field of that name, or adds to it if it is repeated: the flag may then be repeated. A
  // field of bool type may stand alone, for true.
  void Field(std::string name, google::protobuf::Message* message, std::string_view field,
             std::string help);

  // Adds the flags of `other`, whose names differ from those here.
  void Append(FlagSet other);

  // Sets the targets and returns the arguments that are no flags. INVALID_ARGUMENT, with the
  // remedy, for an unknown flag, a bad value, or a flag given twice that takes one value.
  absl::StatusOr<std::vector<std::string>> Parse(const std::vector<std::string>& arguments);

  // As Parse, but stops at the first argument that is no flag; it and the rest are returned as they
  // are.
  absl::StatusOr<std::vector<std::string>> ParseLeading(const std::vector<std::string>& arguments);

  // One line a flag, aligned.
  std::string Help() const;

 private:
  enum class Value { kRequired, kOptional, kNone };
  struct Flag {
    std::string name;
    std::string placeholder;
    std::string help;
    Setter set;
    Value value = Value::kRequired;
    bool repeatable = false;
    bool given = false;
  };

  absl::Status ParseFlag(const std::vector<std::string>& arguments, size_t* next);
  Flag* Find(std::string_view name);

  std::vector<Flag> flags_;
};

// product_sku values written as `1001,1002`. INVALID_ARGUMENT, naming the value, for anything else.
absl::StatusOr<std::vector<int64_t>> ParseSkus(std::string_view text);

// A whole number, at least `least`. INVALID_ARGUMENT naming `what` and the value.
absl::StatusOr<int64_t> ParseInteger(std::string_view what, std::string_view text, int64_t least);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAGS_H_
