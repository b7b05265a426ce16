// The links that training counts or fits, compared with their definitions in doubles.

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/training/links/cosine_links.h"
#include "services/bundles/training/links/linear_links.h"
#include "services/bundles/training/links/symmetric_inverse.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::training {
namespace {

using Matrix = std::vector<std::vector<double>>;

absl::Status Always() { return absl::OkStatus(); }

ProductSets RandomSets(uint64_t seed, size_t product_count) {
  std::mt19937_64 random(seed);
  ProductSets sets;
  const size_t count = random() % 60;
  for (size_t i = 0; i < count; ++i) {
    std::vector<ProductNumber> set;
    for (ProductNumber product = 0; product < product_count; ++product) {
      if (random() % 4 == 0) set.push_back(product);
    }
    sets.Add(set);
  }
  return sets;
}

// together(a, b) with the weight 1 / size^exponent, which is rounded to 1/256 if `rounded`.
Matrix Together(const ProductSets& sets, size_t product_count, double exponent, bool rounded,
                double* mean_weight) {
  Matrix sums(product_count, std::vector<double>(product_count));
  *mean_weight = 0;
  for (size_t i = 0; i < sets.size(); ++i) {
    double weight = std::pow(static_cast<double>(sets.set(i).size()), -exponent);
    if (rounded) weight = std::max(1.0, std::round(weight * 256)) / 256;
    *mean_weight += weight / static_cast<double>(sets.size());
    for (const ProductNumber a : sets.set(i)) {
      for (const ProductNumber b : sets.set(i)) sums[a][b] += weight;
    }
  }
  return sums;
}

// The inverse by Gauss-Jordan elimination.
Matrix PlainInverse(Matrix matrix) {
  const size_t size = matrix.size();
  for (size_t i = 0; i < size; ++i) {
    matrix[i].resize(2 * size);
    matrix[i][size + i] = 1;
  }
  for (size_t column = 0; column < size; ++column) {
    size_t pivot = column;
    for (size_t row = column; row < size; ++row) {
      if (std::abs(matrix[row][column]) > std::abs(matrix[pivot][column])) pivot = row;
    }
    std::swap(matrix[column], matrix[pivot]);
    const double divisor = matrix[column][column];
    for (double& value : matrix[column]) value /= divisor;
    for (size_t row = 0; row < size; ++row) {
      if (row == column) continue;
      const double factor = matrix[row][column];
      for (size_t k = 0; k < 2 * size; ++k) matrix[row][k] -= factor * matrix[column][k];
    }
  }
  for (auto& row : matrix) row.erase(row.begin(), row.begin() + static_cast<ptrdiff_t>(size));
  return matrix;
}

TEST(LinksTest, CosineLinksAgreeWithTheirDefinition) {
  ForEachSeed(30, [](uint64_t seed) {
    const size_t products = 1 + seed % 12;
    const ProductSets sets = RandomSets(seed, products);
    const double exponent = seed % 2 == 0 ? 1 : 0.5;
    double mean = 0;
    const Matrix together = Together(sets, products, exponent, false, &mean);
    const auto links = CosineLinks(sets, products, exponent, products, Always);
    ASSERT_TRUE(links.ok()) << links.status();
    for (ProductNumber a = 0; a < products; ++a) {
      for (ProductNumber b = 0; b < products; ++b) {
        const double norm = std::sqrt(together[a][a] * together[b][b]);
        const double expected = a == b || norm == 0 ? 0 : together[a][b] / norm;
        ASSERT_NEAR(links->WeightOf(a, b), expected, 1e-6) << a << " to " << b;
      }
    }
  });
}

TEST(LinksTest, RuleLinksAreConfidencesAndLifts) {
  ForEachSeed(30, [](uint64_t seed) {
    const size_t products = 1 + seed % 12;
    const ProductSets sets = RandomSets(seed, products);
    double mean = 0;
    const Matrix together = Together(sets, products, 0, false, &mean);
    const auto confidences = RuleLinks(sets, products, RuleMeasure::kConfidence, products, Always);
    const auto lifts = RuleLinks(sets, products, RuleMeasure::kLift, products, Always);
    for (ProductNumber a = 0; a < products; ++a) {
      for (ProductNumber b = 0; b < products; ++b) {
        const double confidence =
            a == b || together[a][a] == 0 ? 0 : together[a][b] / together[a][a];
        ASSERT_NEAR(confidences->WeightOf(a, b), confidence, 1e-6);
        const double lift =
            confidence == 0 ? 0 : confidence * static_cast<double>(sets.size()) / together[b][b];
        ASSERT_NEAR(lifts->WeightOf(a, b), lift, 1e-4);
      }
    }
  });
}

TEST(LinksTest, LinearLinksAreThoseOfTheInverse) {
  ForEachSeed(30, [](uint64_t seed) {
    const size_t products = 1 + seed % 12;
    const ProductSets sets = RandomSets(seed, products);
    const LinearOptions options = {.size_exponent = seed % 2 == 0 ? 0 : 0.5,
                                   .regularisation = 0.5 + static_cast<double>(seed % 5),
                                   .max_products = products,
                                   .max_links = products};
    double mean = 0;
    Matrix matrix = Together(sets, products, options.size_exponent, true, &mean);
    std::vector<bool> taken(products);
    for (const ProductNumber product : LinearProducts(sets, products, products)) {
      taken[product] = true;
    }
    for (ProductNumber a = 0; a < products; ++a) {
      for (ProductNumber b = 0; b < products; ++b) {
        if (!taken[a] || !taken[b]) matrix[a][b] = 0;
      }
      matrix[a][a] += sets.size() == 0 ? 1 : options.regularisation * mean;
    }
    const Matrix inverse = PlainInverse(matrix);
    const auto links = LinearLinks(sets, products, options, Always);
    ASSERT_TRUE(links.ok()) << links.status();
    for (ProductNumber a = 0; a < products; ++a) {
      for (ProductNumber b = 0; b < products; ++b) {
        const double expected =
            a == b || !taken[a] || !taken[b] ? 0 : -inverse[a][b] / inverse[b][b];
        ASSERT_NEAR(links->WeightOf(a, b), expected, 1e-4) << a << " to " << b;
      }
    }
  });
}

TEST(LinksTest, OnlyTheProductsInMostSetsTakePart) {
  ProductSets sets;
  sets.Add({0, 1, 3});
  sets.Add({1, 3});
  sets.Add({1, 2});
  sets.Add({2});
  EXPECT_EQ(LinearProducts(sets, 4, 10), (std::vector<ProductNumber>{1, 2, 3}));
  EXPECT_EQ(LinearProducts(sets, 4, 2), (std::vector<ProductNumber>{1, 2}));
}

TEST(LinksTest, ProductsWithoutLinearLinksTakeThoseOfTheirNeighbours) {
  products::ProductLinks linear;
  linear.AddRow({1}, {0.5f});
  linear.AddRow({0}, {0.25f});
  linear.AddRow({}, {});
  products::ProductLinks cosine;
  cosine.AddRow({1, 2}, {0.8f, 0.6f});
  cosine.AddRow({0}, {0.8f});
  cosine.AddRow({0}, {0.6f});
  const products::ProductLinks joint = WithCosine(linear, cosine, 0.5, 10);
  EXPECT_EQ(joint.WeightOf(0, 1), 0.5f);
  EXPECT_EQ(joint.WeightOf(0, 2), 0.3f);
  EXPECT_EQ(joint.WeightOf(1, 0), 0.25f);
  EXPECT_EQ(joint.WeightOf(2, 0), 0.3f);
}

TEST(LinksTest, HugeSetsAreNotPaired) {
  std::vector<ProductNumber> huge(kMaxPairedProducts + 1);
  for (size_t i = 0; i < huge.size(); ++i) huge[i] = static_cast<ProductNumber>(i);
  ProductSets sets;
  sets.Add(huge);
  sets.Add({});
  EXPECT_EQ(sets.size(), 0u);
}

TEST(LinksTest, StopsWhenItIsNoLongerWanted) {
  const ProductSets sets = RandomSets(3, 8);
  const auto unwanted = [] { return absl::CancelledError("enough"); };
  EXPECT_TRUE(absl::IsCancelled(CosineLinks(sets, 8, 1, 8, unwanted).status()));
  EXPECT_TRUE(absl::IsCancelled(LinearLinks(sets, 8, {}, unwanted).status()));
}

TEST(SymmetricInverseTest, AgreesWithEliminationBelowAndAboveTheSizeOfABlock) {
  for (const size_t size : {1, 5, 127, 128, 129, 300}) {
    std::mt19937_64 random(size);
    Matrix factor(size, std::vector<double>(size));
    for (auto& row : factor) {
      for (double& value : row) value = static_cast<double>(random() % 1000) / 1000 - 0.5;
    }
    Matrix plain(size, std::vector<double>(size));
    SymmetricMatrix matrix = {size, std::vector<float>(size * size)};
    for (size_t i = 0; i < size; ++i) {
      for (size_t j = 0; j < size; ++j) {
        for (size_t k = 0; k < size; ++k) plain[i][j] += factor[i][k] * factor[j][k];
        if (i == j) plain[i][j] += 10;
        if (i >= j) matrix.values[j * size + i] = static_cast<float>(plain[i][j]);
      }
    }
    ASSERT_TRUE(Invert(&matrix, Always).ok());
    const Matrix expected = PlainInverse(plain);
    for (size_t i = 0; i < size; ++i) {
      for (size_t j = 0; j < size; ++j) {
        ASSERT_NEAR(matrix.at(i, j), expected[i][j], 1e-4) << size << ": " << i << ", " << j;
      }
    }
  }
}

TEST(SymmetricInverseTest, RefusesWhatIsNotPositiveDefiniteAndStopsWhenUnwanted) {
  SymmetricMatrix matrix = {2, {1, 2, 0, 1}};
  EXPECT_TRUE(absl::IsInternal(Invert(&matrix, Always)));
  SymmetricMatrix empty;
  EXPECT_TRUE(Invert(&empty, Always).ok());
  SymmetricMatrix one = {1, {2}};
  EXPECT_TRUE(absl::IsCancelled(Invert(&one, [] { return absl::CancelledError("enough"); })));
}

}  // namespace
}  // namespace clustr::training
