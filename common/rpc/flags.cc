#include "common/rpc/flags.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace clustr::rpc {
namespace {

std::string EnvironmentName(absl::string_view flag) {
  return absl::StrCat("CLUSTR_", absl::StrReplaceAll(absl::AsciiStrToUpper(flag), {{"-", "_"}}));
}

}  // namespace

absl::StatusOr<Flags> Flags::Parse(const std::vector<Flag>& flags,
                                   const std::vector<std::string>& arguments) {
  Flags parsed;
  for (const Flag& flag : flags) {
    const char* set = std::getenv(EnvironmentName(flag.name).c_str());
    parsed.values_[flag.name] = set != nullptr ? set : flag.default_value;
  }
  for (const std::string& argument : arguments) {
    absl::string_view rest = argument;
    const size_t equals = rest.find('=');
    if (!absl::ConsumePrefix(&rest, "--") || equals == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", argument, "\" is not of the form --name=value; see --help"));
    }
    const std::string name = argument.substr(2, equals - 2);
    const auto value = parsed.values_.find(name);
    if (value == parsed.values_.end()) {
      return absl::InvalidArgumentError(absl::StrCat("there is no flag --", name, "; see --help"));
    }
    value->second = argument.substr(equals + 1);
  }
  return parsed;
}

absl::StatusOr<int64_t> Flags::Integer(absl::string_view name, int64_t min, int64_t max) const {
  int64_t value = 0;
  if (!absl::SimpleAtoi((*this)[name], &value) || value < min || value > max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--", name, "=", (*this)[name], " is not a whole number from ", min, " to ", max));
  }
  return value;
}

std::string HelpText(absl::string_view program, absl::string_view purpose,
                     const std::vector<Flag>& flags) {
  std::string text = absl::StrCat(program, ": ", purpose, "\n\n");
  for (const Flag& flag : flags) {
    absl::StrAppend(&text, "  --", flag.name, "=", flag.default_value, "\n      ", flag.help, "\n");
  }
  absl::StrAppend(
      &text, "  --help, --version\n\nEach flag is also read from the environment, for example ",
      EnvironmentName(flags.front().name), "; the command line wins.\n");
  return text;
}

}  // namespace clustr::rpc
