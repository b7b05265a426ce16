#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/nearest_name.h"

namespace clustr::ctl {
namespace {

// The flags that may come before or after the name of the command.
struct GlobalFlags {
  std::string catalog;
  std::string sales;
  std::string bundles;
  std::string output = "text";
  double timeout_seconds = 60;
  bool help = false;
  bool version = false;
};

std::string EnvironmentOr(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

void DefineGlobalFlags(FlagSet* flags, GlobalFlags* values) {
  const auto address = [flags](std::string name, const std::string& help, std::string* target) {
    flags->Add(std::move(name), "HOST:PORT", help, [target](std::string_view value) {
      *target = value;
      if (!value.empty()) return std::string();
      return std::string("is empty; give HOST:PORT");
    });
  };
  address("catalog", "address of catalog; default $CLUSTR_CATALOG, else 127.0.0.1:50051",
          &values->catalog);
  address("sales", "address of sales; default $CLUSTR_SALES, else 127.0.0.1:50052", &values->sales);
  address("bundles", "address of bundles; default $CLUSTR_BUNDLES, else 127.0.0.1:50053",
          &values->bundles);
  flags->Add("output", "text|json", "json prints responses as proto JSON, one per line",
             [values](std::string_view value) {
               values->output = value;
               if (value == "text" || value == "json") return std::string();
               return absl::StrCat("\"", values->output, "\" is unknown; give text or json");
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

std::string Usage(const CommandEntry& entry) {
  return absl::StrCat("Usage: clustrctl ", entry.name, entry.arguments.empty() ? "" : " ",
                      entry.arguments, " [flags]");
}

// `lists rules` as `Lists rules.`
std::string Sentence(std::string text) {
  text[0] = absl::ascii_toupper(static_cast<unsigned char>(text[0]));
  return text + ".";
}

void PrintOverview(const FlagSet& flags) {
  std::cout << "Usage: clustrctl COMMAND [arguments] [flags]\n\nCommands\n";
  for (const CommandEntry& entry : AllCommands()) {
    std::cout << "  " << entry.name << std::string(16 - entry.name.size(), ' ') << entry.summary
              << '\n';
  }
  std::cout << "\nFlags\n"
            << flags.Help()
            << "\n`clustrctl COMMAND --help` describes a command.\nExit codes: 0 success; 1 rows "
               "failed or rules differ; 2 wrong usage; 3 a service refused the call or is\n"
               "unreachable; 4 a limit was reached.\n";
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
  const std::string help =
      absl::StrCat(Usage(entry), "\n", Sentence(entry.summary), "\n\n", own_flags.Help(),
                   "\nFlags of every command\n", flags.Help());
  flags.Append(std::move(own_flags));
  const auto others = flags.Parse(arguments);
  if (globals->help) {
    std::cout << help;
    return static_cast<int>(ExitCode::kOk);
  }
  if (!others.ok()) return Fail(entry.name, others.status());
  Context context{.catalog = Connect("catalog", globals->catalog),
                  .sales = Connect("sales", globals->sales),
                  .bundles = Connect("bundles", globals->bundles),
                  .json = globals->output == "json",
                  .timeout_seconds = globals->timeout_seconds};
  const absl::StatusOr<ExitCode> result = command->Run(*others, context);
  std::cout.flush();
  return result.ok() ? static_cast<int>(*result) : Fail(entry.name, result.status());
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
                      .bundles = EnvironmentOr("CLUSTR_BUNDLES", "127.0.0.1:50053")};
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
      PrintOverview(flags);
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

int main(int argc, char** argv) { return clustr::ctl::Main({argv + 1, argv + argc}); }
