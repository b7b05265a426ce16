#ifndef CLUSTR_TESTS_COMMON_STORAGE_RANDOM_LISTS_H_
#define CLUSTR_TESTS_COMMON_STORAGE_RANDOM_LISTS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/storage/table.h"
#include "google/protobuf/message.h"
#include "tests/common/storage/list_twin.h"
#include "tests/testing/edited_model.h"

namespace clustr::storage {

// Random products, and random filters and orders of them, with odd texts, extreme numbers and many
// equal and missing values. To be inherited by tests, which also keep the products in a database.
class RandomLists {
 protected:
  RandomLists();

  // A product without an id.
  TwinRow AnyRow();
  // A filter with at most `depth` levels of AND, OR and NOT.
  TwinFilter AnyFilter(int depth);
  TwinOrder AnyOrder();
  static std::string OrderText(const TwinOrder& order);

  std::unique_ptr<google::protobuf::Message> ToMessage(const TwinRow& row) const;

  // Ids of the matching rows in rows_, in order, after `after` if it is not null.
  std::vector<int64_t> Wanted(const TwinFilter& filter, const TwinOrder& order,
                              const TwinRow* after) const;

  template <class T>
  T Any(const std::vector<T>& values) {
    return values[random_() % values.size()];
  }

  // Product with a double and a signed number, which no model has so far.
  const testing::EditedModel model_;
  const Table table_;
  std::mt19937_64 random_;
  std::map<int64_t, TwinRow> rows_;  // The products in the database, by id.

 private:
  std::string AnyText();
  int64_t AnyNumber();
  double AnyReal();
  int64_t AnyCents();
  TwinFilter AnyComparison();
};

}  // namespace clustr::storage

#endif  // CLUSTR_TESTS_COMMON_STORAGE_RANDOM_LISTS_H_
