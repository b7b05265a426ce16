#include "services/bundles/models/model_keeper.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace clustr::bundles {
namespace {

constexpr absl::string_view kTrained = "trained-";

}  // namespace

std::string TrainedId(int64_t number) { return absl::StrCat(kTrained, number); }

int64_t NumberOfTrained(absl::string_view model_id) {
  int64_t number = 0;
  if (!absl::ConsumePrefix(&model_id, kTrained) || !absl::SimpleAtoi(model_id, &number)) return 0;
  return std::max<int64_t>(0, number);
}

int64_t NumberOfModelFile(absl::string_view name) {
  return absl::ConsumeSuffix(&name, kModelSuffix) ? NumberOfTrained(name) : 0;
}

}  // namespace clustr::bundles
