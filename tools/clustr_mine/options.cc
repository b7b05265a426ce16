#include "tools/clustr_mine/options.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace clustr::mine {
namespace {

// Sets the option of a flag. Returns "", or the values that the flag takes if `value` is not one.
using Setter = std::function<std::string(const std::string& value)>;

template <typename T>
Setter Integer(T* target, T min) {
  return [=](const std::string& value) {
    const bool taken = absl::SimpleAtoi(value, target) && *target >= min;
    return taken ? "" : absl::StrCat("give a whole number of at least ", min);
  };
}

Setter Real(double* target) {
  return [=](const std::string& value) {
    const bool taken = absl::SimpleAtod(value, target) && std::isfinite(*target) && *target >= 0;
    return taken ? "" : "give a number of at least 0";
  };
}

// A share of a whole: 0.01 or 1%. The hundredth is taken in the decimals, so that 0.7% is exactly
// what 0.007 is.
Setter Share(double* target) {
  return [=](const std::string& value) {
    const bool percent = !value.empty() && value.back() == '%';
    const bool exponent = value.find_first_of("eE") != std::string::npos;
    const std::string number =
        percent ? absl::StrCat(value.substr(0, value.size() - 1), "e-2") : value;
    const bool taken =
        !(percent && exponent) && absl::SimpleAtod(number, target) && *target >= 0 && *target <= 1;
    return taken ? "" : "give a share from 0 to 1, or from 0% to 100%";
  };
}

Setter Switch(bool* target) {
  return [=](const std::string& value) {
    *target = value != "false";
    return value.empty() || value == "true" || value == "false" ? "" : "give true or false";
  };
}

Setter ItemList(std::vector<std::string>* target) {
  return [=](const std::string& value) {
    for (const std::string& item : std::vector<std::string>(absl::StrSplit(value, ','))) {
      if (item.empty()) return "give numbers or names of items, separated by commas";
      target->push_back(item);
    }
    return "";
  };
}

template <typename T>
Setter OneOf(std::map<std::string, T> values, T* target) {
  return [values, target](const std::string& value) -> std::string {
    const auto found = values.find(value);
    if (found != values.end()) {
      *target = found->second;
      return "";
    }
    std::string names;
    for (const auto& [name, meaning] : values)
      absl::StrAppend(&names, names.empty() ? "" : ", ", name);
    return absl::StrCat("give one of ", names);
  };
}

// The conviction of a rule is undefined if the rule has no exception.
double ConvictionOrInfinity(const mining::RuleCounts& counts) {
  return mining::Conviction(counts).value_or(std::numeric_limits<double>::infinity());
}

std::map<std::string, Setter> Flags(Options* o) {
  using Measure = double (*)(const mining::RuleCounts&);
  return {{"min-count", Integer<int64_t>(&o->min_count, 1)},
          {"min-support", Share(&o->min_support)},
          {"target", OneOf<mining::Target>({{"all", mining::Target::kAll},
                                            {"closed", mining::Target::kClosed},
                                            {"maximal", mining::Target::kMaximal}},
                                           &o->target)},
          {"top",
           [o](const std::string& value) { return Integer<int64_t>(&o->top.emplace(), 1)(value); }},
          {"min-size", Integer(&o->min_size, 1)},
          {"max-size", Integer(&o->max_size, 1)},
          {"items", ItemList(&o->items)},
          {"names",
           [o](const std::string& value) {
             o->names = value;
             return value.empty() ? "give a file" : "";
           }},
          {"rules", Switch(&o->rules)},
          {"min-confidence", Share(&o->min_confidence)},
          {"min-lift", Real(&o->min_lift)},
          {"max-consequents", Integer(&o->max_consequents, 1)},
          {"antecedents", ItemList(&o->antecedents)},
          {"consequents", ItemList(&o->consequents)},
          {"measure", OneOf<Measure>({{"lift", mining::Lift},
                                      {"confidence", mining::Confidence},
                                      {"support", mining::Support},
                                      {"leverage", mining::Leverage},
                                      {"conviction", ConvictionOrInfinity},
                                      {"zhangs_metric", mining::ZhangsMetric},
                                      {"jaccard", mining::Jaccard},
                                      {"certainty", mining::Certainty},
                                      {"kulczynski", mining::Kulczynski}},
                                     &o->measure)},
          {"only-improving", Switch(&o->only_improving)},
          {"threads", Integer(&o->threads, 1)},
          {"limit", Integer<int64_t>(&o->limit, 0)},
          {"max-memory", Integer<int64_t>(&o->max_memory_bytes, 1)},
          {"max-seconds", Real(&o->max_seconds)},
          {"output",
           [o](const std::string& value) {
             // The value is a format or a file: `--output=json` alone writes to the standard
             // output.
             if (value == "json") {
               o->format = Format::kJson;
             } else {
               o->output = value;
             }
             return value.empty() ? "give -, a file, none or json" : "";
           }},
          {"help", Switch(&o->help)},
          {"version", Switch(&o->version)}};
}

absl::Status Refusal(absl::string_view flag, absl::string_view value, absl::string_view remedy) {
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag, ": `", value, "` is refused; ", remedy));
}

// Refuses flags that would have no effect, sizes that nothing can have, and unbounded results.
absl::Status CheckTogether(const Options& options,
                           const std::map<std::string, std::string>& given) {
  if (options.min_size > options.max_size) {
    return Refusal("max-size", absl::StrCat(options.max_size), "give at least --min-size");
  }
  for (const char* flag : {"min-confidence", "min-lift", "max-consequents", "antecedents",
                           "consequents", "measure", "only-improving"}) {
    const auto at = given.find(flag);
    if (!options.rules && at != given.end()) {
      return Refusal(flag, at->second, "the flag applies to rules only; add --rules");
    }
  }
  if (options.rules && options.target != mining::Target::kAll) {
    return Refusal("target", given.at("target"),
                   "rules are made of all itemsets; leave the flag out");
  }
  if (options.rules && !options.items.empty()) {
    return Refusal("items", given.at("items"), "for rules, give --antecedents or --consequents");
  }
  if (!given.contains("min-count") && !given.contains("min-support") && !options.top) {
    return absl::InvalidArgumentError(
        "no threshold; give --min-count=N, --min-support=S or --top=K; --min-count=1 lists every "
        "subset of every basket");
  }
  return absl::OkStatus();
}

}  // namespace

const char kUsage[] = R"(Usage: clustr-mine FILE|- [flags]
Finds the frequent itemsets, or the association rules, of a file of baskets, one per line. Items are
numbers (FIMI), or any names, such as barcodes; they are separated by commas, semicolons, tabs or
bars, or else by blanks. Names may stand in double quotes. Lines that begin with @, % or # are
comments; @ITEM=1=milk (SPMF) names an item. Files that end in .gz or .xz are decompressed; - is the
standard input.

One of the first three flags is required; --min-count=1 lists every subset of every basket.

Itemsets
  --min-count=N         minimum number of baskets with the itemset
  --min-support=S       minimum share of the non-empty baskets, such as 0.01 or 1%
  --top=K               only the K itemsets of highest count; with --rules, the K best by --measure
  --target=all|closed|maximal    default all. Closed: no superset has the same count. Maximal: no
                        superset is frequent.
  --min-size=N --max-size=N      number of items in an itemset, or in both sides of a rule
  --items=A,B           only itemsets that contain all of these items
  --names=FILE          writes names for numbers: each line of FILE is `number name`, or a name alone,
                        whose item is the number of the line

Rules
  --rules               finds association rules instead of itemsets
  --min-confidence=C --min-lift=L --max-consequents=N
  --antecedents=A,B --consequents=C    only rules that contain all of these items on that side
  --only-improving      omits a rule if dropping some antecedents gives at least its confidence
  --measure=NAME        ranking for --top: lift (default), confidence, support, leverage,
                        conviction, zhangs_metric, jaccard, certainty, kulczynski

Limits and output
  --threads=N           default 1
  --limit=N             fails if there are more results; for itemsets, the message names a
                        min_count that fits
  --max-memory=BYTES --max-seconds=S    limits of the search, which fails beyond them
  --output=-|FILE|none|json    json writes one object per line; default -

Results are lines `item item (count)` and `a => c (count_ab count_a count_b)`; their order depends
on the baskets only. The last line on the standard error is JSON with what was found and its cost.
Exit codes: 0 success; 2 wrong usage; 3 the file cannot be read or the results cannot be written;
4 a limit was reached.
)";

absl::StatusOr<Options> ParseOptions(const std::vector<std::string_view>& arguments) {
  Options options;
  const std::map<std::string, Setter> flags = Flags(&options);
  std::map<std::string, std::string> given;
  for (const std::string_view view : arguments) {
    const std::string argument(view);
    if (argument == "-" || argument.empty() || argument[0] != '-') {
      if (!options.file.empty()) {
        return absl::InvalidArgumentError(absl::StrCat(argument, ": a second file; give only one"));
      }
      options.file = argument;
      continue;
    }
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const auto flag = flags.find(name.substr(std::min<size_t>(2, name.size())));
    if (name[1] != '-' || flag == flags.end()) {
      return absl::InvalidArgumentError(absl::StrCat(name, ": no such flag; see --help"));
    }
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (const std::string remedy = flag->second(value); !remedy.empty()) {
      return Refusal(flag->first, value, remedy);
    }
    given[flag->first] = value;
  }
  if (options.help || options.version) return options;
  if (options.file.empty()) {
    return absl::InvalidArgumentError("no file; give one, or - for the standard input");
  }
  if (absl::Status status = CheckTogether(options, given); !status.ok()) return status;
  return options;
}

}  // namespace clustr::mine
