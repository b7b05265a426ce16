#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_FEATURE_TABLE_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_FEATURE_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace clustr::products {

// A table of numbers, one row for each product that is ranked and one column for each feature,
// stored column by column, so that one test of a tree reads numbers that lie side by side. A
// column has room for more than kLanes further rows, and for a multiple of kLanes in all.
class FeatureTable {
 public:
  static constexpr size_t kLanes = 16;

  // Makes all numbers 0. Keeps the memory.
  void Reset(size_t row_count, size_t column_count) {
    row_count_ = row_count;
    stride_ = (row_count / kLanes + 2) * kLanes;
    values_.assign(stride_ * column_count, 0);
    is_constant_.assign(column_count, 0);
  }

  size_t row_count() const { return row_count_; }
  size_t column_count() const { return is_constant_.size(); }
  // The room of a column, in numbers.
  size_t stride() const { return stride_; }

  // The whole column; the numbers from row_count() on have no meaning.
  absl::Span<float> column(size_t column) {
    is_constant_[column] = 0;
    return absl::MakeSpan(values_).subspan(column * stride_, stride_);
  }
  absl::Span<const float> column(size_t column) const {
    return absl::MakeConstSpan(values_).subspan(column * stride_, stride_);
  }
  // Gives all rows the same number.
  void Fill(size_t column, float value) {
    const absl::Span<float> all = this->column(column);
    std::fill(all.begin(), all.end(), value);
    is_constant_[column] = 1;
  }
  // For each column 1 if it was filled, and not asked for to be changed since.
  absl::Span<const uint8_t> is_constant() const { return is_constant_; }

  // Appends the numbers of one row. O(columns).
  void AppendRow(size_t row, std::vector<float>* numbers) const {
    for (size_t at = row; at < values_.size(); at += stride_) numbers->push_back(values_[at]);
  }

 private:
  size_t row_count_ = 0;
  size_t stride_ = 0;
  std::vector<float> values_;
  std::vector<uint8_t> is_constant_;  // By column.
};

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_FEATURE_TABLE_H_
