#include "tools/clustrctl/commands/completion.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/commands/rows/kinds.h"

namespace clustr::ctl {
namespace {

// The scripts ask `clustrctl COMMAND --help` for the flags, so that they never are out of date.
// `@` stands for the names of the commands, and `{list}` and `{get}` for the kinds of rows that
// these take.
constexpr char kBash[] = R"sh(_clustrctl() {
  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}
  if [ "$COMP_CWORD" -eq 1 ] && [ "${word#-}" = "$word" ]; then
    COMPREPLY=($(compgen -W "@" -- "$word"))
  elif [ "${word#-}" != "$word" ]; then
    [ "${command#-}" = "$command" ] || command=
    COMPREPLY=($(compgen -W "$(clustrctl $command --help 2>/dev/null | grep -oE '^  --[a-z-]+')" -- "$word"))
  elif [ "$COMP_CWORD" -eq 2 ] && [ "$command" = list ]; then
    COMPREPLY=($(compgen -W "{list}" -- "$word"))
  elif [ "$COMP_CWORD" -eq 2 ] && [ "$command" = get ]; then
    COMPREPLY=($(compgen -W "{get}" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _clustrctl clustrctl
)sh";

constexpr char kZsh[] = R"sh(#compdef clustrctl
_clustrctl() {
  if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then
    compadd -- @
  elif [[ $PREFIX == -* ]]; then
    local command=${words[2]}
    [[ $command == -* ]] && command=
    compadd -- $(clustrctl $command --help 2>/dev/null | grep -oE '^  --[a-z-]+')
  elif (( CURRENT == 3 )) && [[ ${words[2]} == list ]]; then
    compadd -- {list}
  elif (( CURRENT == 3 )) && [[ ${words[2]} == get ]]; then
    compadd -- {get}
  else
    _files
  fi
}
compdef _clustrctl clustrctl
)sh";

constexpr char kFish[] = R"sh(function __clustrctl_flags
  set -l words (commandline -opc)
  set -l command $words[2]
  string match -q -- '-*' "$command"; and set command
  clustrctl $command --help 2>/dev/null | string match -r '^  --[a-z-]+' | string trim
end
complete -c clustrctl -n __fish_use_subcommand -f -a '@'
complete -c clustrctl -n '__fish_seen_subcommand_from list' -f -a '{list}'
complete -c clustrctl -n '__fish_seen_subcommand_from get' -f -a '{get}'
complete -c clustrctl -n 'string match -q -- "-*" (commandline -ct)' -f -a '(__clustrctl_flags)'
)sh";

// `product customer` for `product, customer`.
std::string Words(const std::string& names) { return absl::StrReplaceAll(names, {{",", ""}}); }

class CompletionCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {}

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(
        CheckArgumentCount(arguments, 1, 1, "clustrctl completion bash|zsh|fish"));
    const std::string& shell = arguments[0];
    const char* script = shell == "bash"   ? kBash
                         : shell == "zsh"  ? kZsh
                         : shell == "fish" ? kFish
                                           : nullptr;
    if (script == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", shell, "\" is not a known shell; give bash, zsh or fish"));
    }
    const std::string names = absl::StrJoin(
        AllCommands(), " ",
        [](std::string* out, const CommandEntry& entry) { absl::StrAppend(out, entry.name); });
    context.out << absl::StrReplaceAll(script,
                                       {{"@", names},
                                        {"{list}", Words(KindNames(/*listed_only=*/true))},
                                        {"{get}", Words(KindNames(/*listed_only=*/false))}});
    return ExitCode::kOk;
  }
};

}  // namespace

std::unique_ptr<Command> MakeCompletionCommand() { return std::make_unique<CompletionCommand>(); }

}  // namespace clustr::ctl
