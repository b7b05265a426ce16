#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/connecting_command.h"
#include "tools/clustrctl/credentials.h"
#include "tools/clustrctl/help.h"
#include "tools/clustrctl/nearest_name.h"
#include "tools/clustrctl/print/terminal.h"

namespace clustr::ctl {
namespace {

// The flags that may come before or after the name of the command.
struct GlobalFlags {
  std::string catalog;
  std::string sales;
  std::string bundles;
  TlsFiles tls;
  std::string output = "text";
  double timeout_seconds = 60;
  bool help = false;
  bool version = false;
};

std::string EnvironmentOr(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

// What is wrong with an address as gRPC takes it: HOST:PORT, or unix:PATH. Empty if nothing is.
std::string WhyNoAddress(std::string_view value) {
  if (value.empty()) return "is empty; give HOST:PORT";
  if (absl::StartsWith(std::string(value), "unix:")) return "";
  const size_t colon = value.rfind(':');
  int port = 0;
  if (colon != std::string_view::npos && colon > 0 &&
      absl::SimpleAtoi(std::string(value.substr(colon + 1)), &port) && port >= 1 && port <= 65535) {
    return "";
  }
  return absl::StrCat("\"", std::string(value),
                      "\" does not end with a port from 1 to 65535; give HOST:PORT");
}

void DefineGlobalFlags(FlagSet* flags, GlobalFlags* values) {
  const auto address = [flags](std::string name, const std::string& help, std::string* target) {
    flags->Add(std::move(name), "HOST:PORT", help, [target](std::string_view value) {
      *target = value;
      return WhyNoAddress(value);
    });
  };
  address("catalog", "address of catalog; default $CLUSTR_CATALOG, else 127.0.0.1:50051",
          &values->catalog);
  address("sales", "address of sales; default $CLUSTR_SALES, else 127.0.0.1:50052", &values->sales);
  address("bundles", "address of bundles; default $CLUSTR_BUNDLES, else 127.0.0.1:50053",
          &values->bundles);
  const auto file = [flags](std::string name, const std::string& help, std::string* target) {
    flags->Add(std::move(name), "FILE", help, [target](std::string_view value) {
      *target = value;
      return std::string(value.empty() ? "is empty; give a file" : "");
    });
  };
  file("ca",
       "speaks TLS with the servers; PEM file with what their certificates are signed by; default "
       "$CLUSTR_CA",
       &values->tls.authorities);
  file("cert", "PEM file with the certificate to show to the servers; default $CLUSTR_CERT",
       &values->tls.certificate);
  file("key", "PEM file with the private key of --cert; default $CLUSTR_KEY", &values->tls.key);
  flags->Add("output", "text|json|csv",
             "json prints answers as proto JSON, one per line; csv prints their rows",
             [values](std::string_view value) {
               values->output = value;
               if (value == "text" || value == "json" || value == "csv") return std::string();
               return absl::StrCat("\"", values->output, "\" is unknown; give text, json or csv");
             });
  flags->Add("timeout", "SECONDS", "deadline of each call except imports and exports; default 60",
             [values](std::string_view value) {
               const std::string text(value);
               char* end = nullptr;
               values->timeout_seconds = std::strtod(text.c_str(), &end);
               if (!text.empty() && *end == '\0' && values->timeout_seconds > 0 &&
                   values->timeout_seconds <= 1e6) {
                 return std::string();
               }
               return absl::StrCat("\"", text,
                                   "\" is not a number of seconds; give for example 60");
             });
  flags->Switch("help", "prints this description", &values->help);
  flags->Switch("version", "prints the version", &values->version);
}

int Fail(const std::string& command, const absl::Status& status) {
  std::cerr << "clustrctl" << (command.empty() ? "" : " ") << command << ": " << status.message()
            << '\n';
  if (ExitCodeOf(status) == ExitCode::kUsage) {
    std::cerr << "`clustrctl " << command << (command.empty() ? "" : " ")
              << "--help` shows the usage\n";
  }
  return static_cast<int>(ExitCodeOf(status));
}

int RunCommand(const CommandEntry& entry, const std::vector<std::string>& arguments,
               GlobalFlags* globals, FlagSet flags) {
  const std::unique_ptr<Command> command = entry.make();
  FlagSet own_flags;
  command->DefineFlags(&own_flags);
  const size_t width = TerminalWidth();
  const std::string help = CommandHelp(entry, own_flags, flags, width);
  flags.Append(std::move(own_flags));
  const auto others = flags.Parse(arguments);
  if (globals->help) {
    std::cout << help;
    return static_cast<int>(ExitCode::kOk);
  }
  if (!others.ok()) return Fail(entry.name, others.status());
  const auto credentials = CredentialsOf(globals->tls);
  if (!credentials.ok()) return Fail(entry.name, credentials.status());
  Context context{.catalog = Connect("catalog", globals->catalog, *credentials),
                  .sales = Connect("sales", globals->sales, *credentials),
                  .bundles = Connect("bundles", globals->bundles, *credentials),
                  .json = globals->output == "json",
                  .csv = globals->output == "csv",
                  .width = width,
                  .timeout_seconds = globals->timeout_seconds,
                  .flags = &flags};
  if (auto* connecting = dynamic_cast<ConnectingCommand*>(command.get())) {
    connecting->UseCredentials(*credentials);
  }
  const absl::StatusOr<ExitCode> result = command->Run(*others, context);
  std::cout.flush();
  if (result.ok()) return static_cast<int>(*result);
  return Fail(entry.name,
              absl::Status(result.status().code(), context.WithFlagNames(std::string_view(
                                                       result.status().message().data(),
                                                       result.status().message().size()))));
}

// `-h` is --help.
std::vector<std::string> WithLongHelp(std::vector<std::string> arguments) {
  for (std::string& argument : arguments) {
    if (argument == "--") break;
    if (argument == "-h") argument = "--help";
  }
  return arguments;
}

// `help` is --help, and `help rules` is `rules --help`.
void TurnHelpIntoFlag(std::vector<std::string>* words, GlobalFlags* globals) {
  if (words->empty() || words->front() != "help") return;
  words->erase(words->begin());
  if (words->empty()) {
    globals->help = true;
  } else {
    words->push_back("--help");
  }
}

int Main(const std::vector<std::string>& given) {
  const std::vector<std::string> arguments = WithLongHelp(given);
  GlobalFlags globals{.catalog = EnvironmentOr("CLUSTR_CATALOG", "127.0.0.1:50051"),
                      .sales = EnvironmentOr("CLUSTR_SALES", "127.0.0.1:50052"),
                      .bundles = EnvironmentOr("CLUSTR_BUNDLES", "127.0.0.1:50053"),
                      .tls = {EnvironmentOr("CLUSTR_CA", ""), EnvironmentOr("CLUSTR_CERT", ""),
                              EnvironmentOr("CLUSTR_KEY", "")}};
  FlagSet flags;
  DefineGlobalFlags(&flags, &globals);
  auto rest = flags.ParseLeading(arguments);
  if (!rest.ok()) return Fail("", rest.status());
  TurnHelpIntoFlag(&*rest, &globals);
  if (globals.version) {
    std::cout << "clustrctl " << CLUSTR_VERSION << '\n';
    return static_cast<int>(ExitCode::kOk);
  }
  if (rest->empty()) {
    if (globals.help) {
      std::cout << Overview(flags, TerminalWidth());
      return static_cast<int>(ExitCode::kOk);
    }
    return Fail("", absl::InvalidArgumentError("a command is missing"));
  }
  for (const CommandEntry& entry : AllCommands()) {
    if (entry.name != rest->front()) continue;
    return RunCommand(entry, {rest->begin() + 1, rest->end()}, &globals, std::move(flags));
  }
  std::vector<std::string> names;
  for (const CommandEntry& entry : AllCommands()) names.push_back(entry.name);
  return Fail("",
              absl::InvalidArgumentError(absl::StrCat(
                  "\"", rest->front(), "\" is not a command; give one of those that --help lists",
                  DidYouMean(rest->front(), names))));
}

}  // namespace
}  // namespace clustr::ctl

int main(int argc, char** argv) {
  const int code = clustr::ctl::Main({argv + 1, argv + argc});
  std::cout.flush();
  if (std::cout) return code;
  std::cerr << "clustrctl: the output could not be written, so it is not complete; check the disk "
               "or program that it goes to\n";
  return static_cast<int>(clustr::ctl::ExitCode::kRefusedOrUnreachable);
}
