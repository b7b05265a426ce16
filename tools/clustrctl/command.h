#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMAND_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMAND_H_

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "tools/clustrctl/exit_code.h"
#include "tools/clustrctl/flags.h"
#include "tools/clustrctl/services.h"

namespace clustr::ctl {

// What every command gets: the services, how to answer, and where to.
struct Context {
  Service catalog;
  Service sales;
  Service bundles;
  bool json = false;            // --output=json
  double timeout_seconds = 60;  // Of a read.
  std::ostream& out = std::cout;
  std::ostream& err = std::cerr;

  // Prints a message as Json (below) has it, and ends the line.
  void PrintJson(const google::protobuf::Message& message) const;
};

// A message as proto JSON on one line, with the names of the .proto files.
absl::StatusOr<std::string> Json(const google::protobuf::Message& message);

// One subcommand. DefineFlags is called once, then Run.
class Command {
 public:
  virtual ~Command() = default;

  virtual void DefineFlags(FlagSet* flags) = 0;

  // Runs with the arguments that are no flags. INVALID_ARGUMENT means wrong usage; see exit_code.h.
  virtual absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                                       const Context& context) = 0;
};

// How a command is called and described.
struct CommandEntry {
  std::string name;
  std::string arguments;
  std::string summary;
  std::unique_ptr<Command> (*make)();
};

// INVALID_ARGUMENT, with the usage, unless there are `least` to `most` arguments.
absl::Status CheckArgumentCount(const std::vector<std::string>& arguments, size_t least,
                                size_t most, const std::string& usage);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMAND_H_
