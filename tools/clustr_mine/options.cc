#include "tools/clustr_mine/options.h"

#include <functional>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace clustr::mine {
namespace {

// Sets what a flag stands for; false if the value is none that it takes.
using Setter = std::function<bool(const std::string& value)>;

Setter Integer(int64_t* target) {
  return [target](const std::string& value) { return absl::SimpleAtoi(value, target); };
}

Setter Integer(int* target) {
  return [target](const std::string& value) { return absl::SimpleAtoi(value, target); };
}

Setter Real(double* target) {
  return [target](const std::string& value) { return absl::SimpleAtod(value, target); };
}

Setter Switch(bool* target) {
  return [target](const std::string& value) {
    *target = value != "false";
    return value.empty() || value == "true" || value == "false";
  };
}

Setter ItemList(std::vector<uint32_t>* target) {
  return [target](const std::string& value) {
    for (const std::string& item : std::vector<std::string>(absl::StrSplit(value, ','))) {
      if (!absl::SimpleAtoi(item, &target->emplace_back())) return false;
    }
    return true;
  };
}

template <typename T>
Setter OneOf(std::map<std::string, T> values, T* target) {
  return [values, target](const std::string& value) {
    const auto found = values.find(value);
    if (found != values.end()) *target = found->second;
    return found != values.end();
  };
}

std::map<std::string, Setter> Flags(Options* o) {
  return {
      {"min-count", Integer(&o->min_count)},
      {"min-support", Real(&o->min_support)},
      {"target", OneOf<mining::Target>({{"all", mining::Target::kAll},
                                        {"closed", mining::Target::kClosed},
                                        {"maximal", mining::Target::kMaximal}},
                                       &o->target)},
      {"top", [o](const std::string& value) { return absl::SimpleAtoi(value, &o->top.emplace()); }},
      {"min-size", Integer(&o->min_size)},
      {"max-size", Integer(&o->max_size)},
      {"items", ItemList(&o->items)},
      {"rules", Switch(&o->rules)},
      {"min-confidence", Real(&o->min_confidence)},
      {"min-lift", Real(&o->min_lift)},
      {"max-consequents", Integer(&o->max_consequents)},
      {"antecedents", ItemList(&o->antecedents)},
      {"consequents", ItemList(&o->consequents)},
      {"measure",
       [o](const std::string& value) {
         o->measure = value;
         return true;
       }},
      {"only-improving", Switch(&o->only_improving)},
      {"threads", Integer(&o->threads)},
      {"limit", Integer(&o->limit)},
      {"max-memory", Integer(&o->max_memory_bytes)},
      {"max-seconds", Real(&o->max_seconds)},
      {"output",
       [o](const std::string& value) {
         // A format or a place: `--output=json` writes objects to the standard output.
         if (value == "json") {
           o->format = Format::kJson;
         } else {
           o->output = value;
         }
         return !value.empty();
       }},
      {"help", Switch(&o->help)},
      {"version", Switch(&o->version)}};
}

}  // namespace

const char kUsage[] = R"(Usage: clustr-mine FILE|- [flags]
Finds the frequent itemsets, or the association rules, of a file in FIMI format: a basket a line,
items as numbers; also compressed as .gz or .xz.

  --min-count=N         itemsets in at least N baskets (default 1)
  --min-support=S       and in at least a share S of the non-empty baskets
  --target=all|closed|maximal
  --top=K               the K of highest count; with --rules, by --measure
  --min-size=N --max-size=N    items of a set, or of both sides of a rule
  --items=A,B           only itemsets with all of these
  --rules               association rules instead of itemsets
  --min-confidence=C --min-lift=L --max-consequents=N
  --antecedents=A,B --consequents=C    only rules with all of these on that side
  --only-improving      no rule that is no better than with fewer antecedents
  --measure=NAME        of --top: lift (default), confidence, support, leverage, conviction,
                        zhangs_metric, jaccard, certainty, kulczynski
  --threads=N           default 1
  --limit=N             more results are refused, with the least count that fits
  --max-memory=BYTES --max-seconds=S
  --output=-|FILE|none|json

Lines are `item item (count)` and `a => c (count_ab count_a count_b)`, in an order that depends on
the baskets alone. The last line of the standard error is JSON: what was found and what it took.
Exit code: 0; 2 usage; 3 the file cannot be read, or the results not written; 4 a limit.
)";

absl::StatusOr<Options> ParseOptions(const std::vector<std::string_view>& arguments) {
  Options options;
  const std::map<std::string, Setter> flags = Flags(&options);
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string argument(arguments[i]);
    if (argument.size() < 3 || argument.compare(0, 2, "--") != 0) {
      if (!options.file.empty()) {
        return absl::InvalidArgumentError(
            absl::StrCat(argument, ": a second file; give one, or none but -"));
      }
      options.file = argument;
      continue;
    }
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
    const auto flag = flags.find(name);
    if (flag == flags.end()) {
      return absl::InvalidArgumentError(absl::StrCat("--", name, ": no such flag; see --help"));
    }
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (!flag->second(value)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", name, ": `", value, "` is no value that it takes; see --help"));
    }
  }
  if (options.file.empty() && !options.help && !options.version) {
    return absl::InvalidArgumentError("no file; give one, or - for the standard input");
  }
  return options;
}

}  // namespace clustr::mine
