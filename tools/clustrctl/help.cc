#include "tools/clustrctl/help.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/commands/examples.h"
#include "tools/clustrctl/print/wrap_text.h"

namespace clustr::ctl {
namespace {

constexpr size_t kNameWidth = 16;

// `lists rules` as `Lists rules.`
std::string Sentence(std::string text) {
  text[0] = absl::ascii_toupper(static_cast<unsigned char>(text[0]));
  return text + ".";
}

}  // namespace

std::string Overview(const FlagSet& flags, size_t width) {
  std::string text = "Usage: clustrctl COMMAND [arguments] [flags]\n\nCommands\n";
  for (const CommandEntry& entry : AllCommands()) {
    absl::StrAppend(&text, "  ", entry.name, std::string(kNameWidth - entry.name.size(), ' '),
                    WrapText(entry.summary, kNameWidth + 2, width), "\n");
  }
  absl::StrAppend(
      &text, "\nFlags\n", flags.Help(width), "\n",
      WrapText("`clustrctl help COMMAND` describes a command, with examples.", 0, width), "\n",
      WrapText("Exit codes: 0 success; 1 rows failed or rules differ; 2 wrong usage; "
               "3 a service refused the call or is unreachable; 4 a limit was "
               "reached; 5 status found a problem.",
               0, width == 0 ? 100 : width),
      "\n");
  return text;
}

std::string CommandHelp(const CommandEntry& entry, const FlagSet& own, const FlagSet& global,
                        size_t width) {
  std::string text = absl::StrCat("Usage: clustrctl ", entry.name,
                                  entry.arguments.empty() ? "" : " ", entry.arguments, " [flags]\n",
                                  WrapText(Sentence(entry.summary), 0, width), "\n\nExamples\n");
  for (const char* example : ExamplesOf(entry.name)) absl::StrAppend(&text, "  ", example, "\n");
  const std::string own_help = own.Help(width);
  if (!own_help.empty()) absl::StrAppend(&text, "\nFlags\n", own_help);
  absl::StrAppend(&text, "\nFlags of every command\n", global.Help(width));
  return text;
}

}  // namespace clustr::ctl
