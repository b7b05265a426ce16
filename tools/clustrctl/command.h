#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMAND_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMAND_H_

#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "tools/clustrctl/exit_code.h"
#include "tools/clustrctl/flags.h"
#include "tools/clustrctl/services.h"

namespace clustr::ctl {

// What every command receives: the services, the output format and the streams to print to.
struct Context {
  Service catalog;
  Service sales;
  Service bundles;
  bool json = false;            // --output=json
  bool csv = false;             // --output=csv; never together with `json`
  size_t width = 0;             // Of the terminal, for TextTable::Print.
  double timeout_seconds = 60;  // Deadline of each call except imports and exports.
  const FlagSet* flags = nullptr;
  std::ostream& out = std::cout;
  std::ostream& err = std::cerr;

  // Prints Json(message) and a line feed to `out`, or to `err` why that is impossible.
  void PrintJson(const google::protobuf::Message& message) const;

  // Prints an answer if --output asks for JSON or CSV, and returns whether it does. `rows` is the
  // path of the field whose messages are the rows of the CSV, such as `verdict.differences`; if it
  // is empty, the answer is one row. CSV has nothing else of the answer.
  bool Print(const google::protobuf::Message& answer, std::string_view rows) const;

  // A text of a service in the terms of the command line: see FlagSet::WithFlagNames.
  std::string WithFlagNames(std::string_view text) const;
};

// Returns `message` as proto JSON on one line, with the field names of the .proto files. INTERNAL
// if it cannot be printed.
absl::StatusOr<std::string> Json(const google::protobuf::Message& message);

// One subcommand. DefineFlags is called once, then Run.
class Command {
 public:
  virtual ~Command() = default;

  virtual void DefineFlags(FlagSet* flags) = 0;

  // Runs with the positional arguments. INVALID_ARGUMENT means wrong usage; see exit_code.h.
  virtual absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                                       const Context& context) = 0;
};

// A command as --help lists it, and the factory that makes it.
struct CommandEntry {
  std::string name;
  std::string arguments;
  std::string summary;
  std::unique_ptr<Command> (*make)();
};

// INVALID_ARGUMENT, with the usage, unless there are `min_count` to `max_count` arguments.
absl::Status CheckArgumentCount(const std::vector<std::string>& arguments, size_t min_count,
                                size_t max_count, const std::string& usage);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMAND_H_
