#include "services/bundles/training/ranker/fit_trees.h"

#include <xgboost/c_api.h>

#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/bundles/products/ranker/tree_shares.h"
#include "services/bundles/training/ranker/library_trees.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::training {
namespace {

constexpr size_t kFeatures = 5;

absl::Status Always() { return absl::OkStatus(); }

// Rows whose label depends on three of the features, some of them missing.
TreeRows RandomRows(uint64_t seed, size_t count) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> real(0, 1);
  TreeRows rows;
  rows.feature_count = kFeatures;
  for (size_t i = 0; i < count; ++i) {
    float x[kFeatures];
    for (float& value : x) value = real(random);
    rows.labels.push_back(real(random) < (x[0] > 0.5 ? 0.6f : 0.1f) + 0.3f * x[1] * x[2] ? 1 : 0);
    rows.weights.push_back(real(random) < 0.2 ? 8 : 1);
    if (real(random) < 0.3) x[random() % kFeatures] = std::nanf("");
    rows.features.insert(rows.features.end(), x, x + kFeatures);
  }
  return rows;
}

double LogLoss(const TreeRows& rows, const std::vector<float>& sums) {
  double loss = 0;
  for (size_t i = 0; i < sums.size(); ++i) {
    loss += rows.weights[i] * std::log1p(std::exp(rows.labels[i] > 0 ? -sums[i] : sums[i]));
  }
  return loss;
}

TEST(FitTreesTest, LearnsWhatTheRowsShowAndAlwaysTheSame) {
  const TreeRows rows = RandomRows(1, 4'000);
  const auto trees = FitTrees(rows, {}, Always);
  ASSERT_TRUE(trees.ok()) << trees.status();
  EXPECT_EQ(trees->roots.size(), 60u);
  EXPECT_EQ(*FitTrees(rows, {}, Always), *trees);
  const TreeRows others = RandomRows(2, 4'000);
  std::vector<float> sums;
  products::SumTrees(*trees, others.features, kFeatures, &sums);
  const std::vector<float> none(sums.size(), -0.5f);
  EXPECT_LT(LogLoss(others, sums), 0.95 * LogLoss(others, none));
}

TEST(FitTreesTest, OneKindOfLabelTeachesNothing) {
  TreeRows rows = RandomRows(1, 50);
  for (const float label : {0.0f, 1.0f}) {
    rows.labels.assign(50, label);
    const auto trees = FitTrees(rows, {}, Always);
    ASSERT_TRUE(trees.ok());
    EXPECT_TRUE(trees->roots.empty());
  }
  EXPECT_TRUE(FitTrees({kFeatures, {}, {}, {}}, {}, Always)->roots.empty());
}

TEST(FitTreesTest, StopsWhenItIsNoLongerWanted) {
  int asked = 0;
  const auto trees = FitTrees(RandomRows(1, 500), {}, [&] {
    return ++asked == 5 ? absl::CancelledError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(trees.status(), absl::CancelledError("enough"));
}

// What the library itself says of a model: its predictions, or the shares of the features.
std::vector<float> Predict(BoosterHandle booster, const TreeRows& rows, bool shares) {
  DMatrixHandle matrix = nullptr;
  EXPECT_EQ(XGDMatrixCreateFromMat(rows.features.data(), rows.labels.size(), kFeatures, NAN,
                                   &matrix),
            0);
  const char* const config =
      shares ? R"({"type": 2, "training": false, "iteration_begin": 0, "iteration_end": 0,
                   "strict_shape": false})"
             : R"({"type": 1, "training": false, "iteration_begin": 0, "iteration_end": 0,
                   "strict_shape": false})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  EXPECT_EQ(XGBoosterPredictFromDMatrix(booster, matrix, config, &shape, &dimensions, &values), 0);
  const size_t count = rows.labels.size() * (shares ? kFeatures + 1 : 1);
  std::vector<float> copied(values, values + count);
  XGDMatrixFree(matrix);
  return copied;
}

TEST(LibraryTreesTest, SumAndShareLikeTheLibrary) {
  ForEachSeed(10, [](uint64_t seed) {
    const TreeRows rows = RandomRows(seed, 600);
    DMatrixHandle matrix = nullptr;
    ASSERT_EQ(XGDMatrixCreateFromMat(rows.features.data(), rows.labels.size(), kFeatures, NAN,
                                     &matrix),
              0);
    ASSERT_EQ(XGDMatrixSetFloatInfo(matrix, "label", rows.labels.data(), rows.labels.size()), 0);
    BoosterHandle booster = nullptr;
    ASSERT_EQ(XGBoosterCreate(&matrix, 1, &booster), 0);
    for (const auto& [name, value] :
         {std::pair("objective", "binary:logistic"), {"tree_method", "hist"}, {"nthread", "1"},
          {"verbosity", "0"}, {"max_depth", "5"}, {"gamma", "0.5"}}) {
      ASSERT_EQ(XGBoosterSetParam(booster, name, value), 0);
    }
    for (int i = 0; i < 20; ++i) ASSERT_EQ(XGBoosterUpdateOneIter(booster, i, matrix), 0);
    bst_ulong size = 0;
    const char* json = nullptr;
    ASSERT_EQ(XGBoosterSaveModelToBuffer(booster, R"({"format": "json"})", &size, &json), 0);
    const auto trees = ReadLibraryTrees({json, size});
    ASSERT_TRUE(trees.ok()) << trees.status();
    ASSERT_TRUE(products::ValidTrees(*trees, kFeatures));
    std::vector<float> sums;
    products::SumTrees(*trees, rows.features, kFeatures, &sums);
    const std::vector<float> theirs = Predict(booster, rows, false);
    const std::vector<float> their_shares = Predict(booster, rows, true);
    for (size_t i = 0; i < sums.size(); ++i) {
      ASSERT_NEAR(sums[i], theirs[i], 1e-5) << i;
      const auto row = absl::MakeConstSpan(rows.features).subspan(i * kFeatures, kFeatures);
      const std::vector<double> shares = products::TreeShares(*trees, row);
      for (size_t k = 0; k <= kFeatures; ++k) {
        ASSERT_NEAR(shares[k], their_shares[i * (kFeatures + 1) + k], 1e-4) << i << " " << k;
      }
    }
    XGBoosterFree(booster);
    XGDMatrixFree(matrix);
  });
}

TEST(LibraryTreesTest, RefusesListsThatAreNoTree) {
  EXPECT_FALSE(ReadLibraryTrees(R"("default_left":[0])").ok());
  const auto lists = [](const char* left, const char* right) {
    return absl::StrCat(R"("default_left":[0,0,0],"left_children":[)", left,
                        R"(],"right_children":[)", right,
                        R"(],"split_conditions":[0.5,1,2],"split_indices":[0,0,0],)",
                        R"("sum_hessian":[2,1,1])");
  };
  EXPECT_TRUE(ReadLibraryTrees(lists("1,-1,-1", "2,-1,-1")).ok());
  EXPECT_FALSE(ReadLibraryTrees(lists("1,-1", "2,-1")).ok());
  EXPECT_FALSE(ReadLibraryTrees(lists("1,0,-1", "2,0,-1")).ok()) << "a circle";
  EXPECT_FALSE(ReadLibraryTrees(lists("7,-1,-1", "8,-1,-1")).ok());
  EXPECT_FALSE(ReadLibraryTrees(lists("x,-1,-1", "2,-1,-1")).ok());
}

}  // namespace
}  // namespace clustr::training
