#include "services/bundles/training/ranker/fit_trees.h"

#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "services/bundles/training/ranker/library_trees.h"

namespace clustr::training {
namespace {

using products::BoostedTrees;

constexpr size_t kCheckedRows = 1'000;
constexpr double kMaxDifference = 1e-4;

absl::Status Checked(int result) {
  if (result == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("XGBoost: ", XGBGetLastError()));
}

absl::Status SetParameters(const TreeOptions& options, BoosterHandle booster) {
  const std::pair<const char*, std::string> parameters[] = {
      {"objective", "binary:logistic"},
      {"tree_method", "hist"},
      {"nthread", "1"},
      {"verbosity", "0"},
      {"max_depth", absl::StrCat(options.depth)},
      {"eta", absl::StrCat(options.rate)},
      {"min_child_weight", absl::StrCat(options.min_cover)},
      {"base_score", "0.5"}};
  for (const auto& [name, value] : parameters) {
    if (absl::Status set = Checked(XGBoosterSetParam(booster, name, value.c_str())); !set.ok()) {
      return set;
    }
  }
  return absl::OkStatus();
}

absl::Status Boost(int trees, const Wanted& wanted, BoosterHandle booster, DMatrixHandle matrix) {
  for (int i = 0; i < trees; ++i) {
    if (absl::Status status = wanted(); !status.ok()) return status;
    if (absl::Status status = Checked(XGBoosterUpdateOneIter(booster, i, matrix)); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

// Compares the trees with the library's own predictions for the first rows.
absl::Status CheckSums(const TreeRows& rows, const BoostedTrees& trees, BoosterHandle booster) {
  if (!products::ValidTrees(trees, rows.feature_count)) {
    return absl::InternalError("XGBoost's trees are not understood");
  }
  const size_t count = std::min(kCheckedRows, rows.labels.size());
  DMatrixHandle matrix = nullptr;
  absl::Status made = Checked(XGDMatrixCreateFromMat(rows.features.data(), count,
                                                     rows.feature_count, NAN, &matrix));
  if (!made.ok()) return made;
  const absl::Cleanup freed = [&] { XGDMatrixFree(matrix); };
  const char* kMargins =
      R"({"type": 1, "training": false, "iteration_begin": 0, "iteration_end": 0,
          "strict_shape": false})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* margins = nullptr;
  absl::Status predicted = Checked(
      XGBoosterPredictFromDMatrix(booster, matrix, kMargins, &shape, &dimensions, &margins));
  if (!predicted.ok()) return predicted;
  std::vector<float> sums;
  products::SumTrees(trees,
                     absl::MakeConstSpan(rows.features).first(count * rows.feature_count),
                     rows.feature_count, &sums);
  for (size_t i = 0; i < count; ++i) {
    if (std::fabs(sums[i] - margins[i]) <= kMaxDifference) continue;
    return absl::InternalError(absl::StrCat("the trees sum to ", sums[i], " for row ", i,
                                            ", but XGBoost predicts ", margins[i]));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BoostedTrees> FitTrees(const TreeRows& rows, const TreeOptions& options,
                                      const Wanted& wanted) {
  const auto ones = std::count(rows.labels.begin(), rows.labels.end(), 1.0f);
  if (ones == 0 || static_cast<size_t>(ones) == rows.labels.size()) return BoostedTrees{};
  DMatrixHandle matrix = nullptr;
  absl::Status status = Checked(XGDMatrixCreateFromMat(rows.features.data(), rows.labels.size(),
                                                       rows.feature_count, NAN, &matrix));
  if (!status.ok()) return status;
  const absl::Cleanup matrix_freed = [&] { XGDMatrixFree(matrix); };
  for (const auto& [name, values] : {std::pair("label", &rows.labels), {"weight", &rows.weights}}) {
    status = Checked(XGDMatrixSetFloatInfo(matrix, name, values->data(), values->size()));
    if (!status.ok()) return status;
  }
  BoosterHandle booster = nullptr;
  status = Checked(XGBoosterCreate(&matrix, 1, &booster));
  if (!status.ok()) return status;
  const absl::Cleanup booster_freed = [&] { XGBoosterFree(booster); };
  status = SetParameters(options, booster);
  if (status.ok()) status = Boost(options.trees, wanted, booster, matrix);
  if (!status.ok()) return status;
  bst_ulong size = 0;
  const char* json = nullptr;
  status =
      Checked(XGBoosterSaveModelToBuffer(booster, R"({"format": "json"})", &size, &json));
  if (!status.ok()) return status;
  auto trees = ReadLibraryTrees({json, size});
  if (!trees.ok()) return trees;
  status = CheckSums(rows, *trees, booster);
  if (!status.ok()) return status;
  return trees;
}

}  // namespace clustr::training
