#ifndef CLUSTR_COMMON_RPC_FLAGS_H_
#define CLUSTR_COMMON_RPC_FLAGS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clustr::rpc {

// A setting of a server: `--name=value`, or the environment variable CLUSTR_NAME with `-` as `_`;
// the command line wins.
struct Flag {
  std::string name;
  std::string default_value;
  std::string help;
};

// Values of settings by name. Immutable and thread-safe.
class Flags {
 public:
  // Reads the environment and `arguments`. INVALID_ARGUMENT, with a text for an operator, for an
  // argument that is not --name=value with a known name.
  static absl::StatusOr<Flags> Parse(const std::vector<Flag>& flags,
                                     const std::vector<std::string>& arguments);

  // `name` must be a known flag.
  const std::string& operator[](absl::string_view name) const { return values_.at(name); }

  // The value of a flag, or `otherwise` if no such flag is known.
  absl::string_view ValueOr(absl::string_view name, absl::string_view otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : absl::string_view(found->second);
  }

  // The value of a flag as a whole number; INVALID_ARGUMENT unless it is one from `min` to `max`.
  absl::StatusOr<int64_t> Integer(absl::string_view name, int64_t min, int64_t max) const;

 private:
  absl::flat_hash_map<std::string, std::string> values_;
};

// The text that --help prints.
std::string HelpText(absl::string_view program, absl::string_view purpose,
                     const std::vector<Flag>& flags);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_FLAGS_H_
