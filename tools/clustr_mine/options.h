#ifndef CLUSTR_TOOLS_CLUSTR_MINE_OPTIONS_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/mining/base/search_query.h"
#include "services/bundles/mining/measures/measures.h"
#include "tools/clustr_mine/line_writer.h"

namespace clustr::mine {

// The command line.
struct Options {
  std::string file;
  int64_t min_count = 1;
  double min_support = 0;
  mining::Target target = mining::Target::kAll;
  std::optional<int64_t> top;  // Unset: all results.
  int min_size = 1;
  int max_size = INT32_MAX;
  bool rules = false;
  double min_confidence = 0;
  double min_lift = 0;
  int max_consequents = 0;
  // Must have the property falls_with_sides (mining::RankingMeasure).
  double (*measure)(const mining::RuleCounts&) = mining::Lift;
  bool only_improving = false;
  // Items, by their numbers or names in the file, that every itemset, or that side of every rule,
  // contains.
  std::vector<std::string> items;
  std::vector<std::string> antecedents;
  std::vector<std::string> consequents;
  std::string names;  // A file with names of items; empty if none is given.
  int threads = 1;
  int64_t limit = INT64_MAX;
  int64_t max_memory_bytes = INT64_MAX;
  double max_seconds = 0;  // 0: no limit.
  std::string output = "-";
  Format format = Format::kText;
  bool help = false;
  bool version = false;
};

// The text of --help.
extern const char kUsage[];

// Parses the command line. INVALID_ARGUMENT, with the flag, its value and the remedy, for an
// unknown flag, a bad value, a flag that would have no effect, and if none of --min-count,
// --min-support and
// --top bounds the results.
absl::StatusOr<Options> ParseOptions(const std::vector<std::string_view>& arguments);

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_OPTIONS_H_
