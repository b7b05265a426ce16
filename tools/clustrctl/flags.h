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

// The flags of one command: where each value is stored and what --help says about it. A flag is
// `--name=value` or `--name value`; every argument after `--` is positional. Borrows the targets,
// which must outlive this. Not thread-safe.
class FlagSet {
 public:
  // Stores the value and returns "", or returns what is wrong with the value and the remedy.
  using Setter = std::function<std::string(std::string_view value)>;

  void Add(std::string name, std::string placeholder, std::string help, Setter set);
  // A flag that may be given several times; `set` is called for each value.
  void AddRepeatable(std::string name, std::string placeholder, std::string help, Setter set);
  // `field` is the field of a request that becomes the text, if any; see WithFlagNames.
  void Text(std::string name, std::string placeholder, std::string help, std::string* target,
            std::string field = "");
  void Int64(std::string name, std::string help, int64_t* target);
  void Double(std::string name, std::string help, double* target);
  // A flag without a value; if given, it sets `target` to true.
  void Switch(std::string name, std::string help, bool* target);
  // A flag whose value may be left out: `--name` or `--name=value`, never `--name value`. Without a
  // value, `set` receives a view whose data() is null.
  void OptionalValue(std::string name, std::string placeholder, std::string help, Setter set);
  // Sets the field of that name; a field that names rows takes what SetRowName does. If the field
  // is repeated, so may be the flag, and each value is added. For a bool field, the flag without a
  // value means true.
  void Field(std::string name, google::protobuf::Message* message, std::string_view field,
             std::string help);
  // The same for a field that is a share of a whole: `0.01` and `1%` are equal.
  void Share(std::string name, google::protobuf::Message* message, std::string_view field,
             std::string help);

  // Adds the flags of `other`, whose names must differ from those already here.
  void Append(FlagSet other);

  // Sets the targets and returns the positional arguments. INVALID_ARGUMENT, with the remedy, for
  // an unknown flag, a bad value, or a flag that is given twice but not repeatable.
  absl::StatusOr<std::vector<std::string>> Parse(const std::vector<std::string>& arguments);

  // Like Parse, but stops at the first positional argument and returns it and all that follow as
  // they are.
  absl::StatusOr<std::vector<std::string>> ParseLeading(const std::vector<std::string>& arguments);

  // One line per flag, aligned. If `width` is not 0, lines are broken so that they fit into it.
  std::string Help(size_t width = 0) const;

  // A text in which a service names fields of a request, in the terms of the command line: where it
  // names the field that a flag sets, as in `thresholds.min_support: 2 is above 1`, the flag stands
  // instead. What stands in double quotes stays. An ordinary word, such as limit, is taken for a
  // field only before a colon or as part of a path.
  std::string WithFlagNames(std::string_view text) const;

 private:
  enum class Value { kRequired, kOptional, kNone };
  struct Flag {
    std::string name;
    std::string placeholder;
    std::string help;
    Setter set;
    std::string field = {};  // Of a request; empty if the flag sets none.
    Value value = Value::kRequired;
    bool repeatable = false;
    bool given = false;
  };

  absl::Status ParseFlag(const std::vector<std::string>& arguments, size_t* next);
  Flag* Find(std::string_view name);

  std::vector<Flag> flags_;
};

// Parses a whole number of at least `min_value`. INVALID_ARGUMENT, naming `what` and the value, for
// anything else.
absl::StatusOr<int64_t> ParseInteger(std::string_view what, std::string_view text,
                                     int64_t min_value);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAGS_H_
