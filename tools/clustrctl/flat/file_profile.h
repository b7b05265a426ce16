#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_PROFILE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_PROFILE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/book/refusals.h"
#include "tools/clustrctl/flat/file/order_file.h"
#include "tools/clustrctl/flat/returns/stored_comparison.h"

namespace clustr::ctl {

// What a file of order lines holds, and how it was understood, for --validate-only. Borrows its
// arguments.
class FileProfile {
 public:
  FileProfile(const OrderFile& file, const OrderBook& book, const Refusals& refused);

  // Adds how the file compares with what is stored. `comparison` must outlive this.
  void Compare(const StoredComparison& comparison);

  // Prints figures, columns with examples, and what will be refused: one line for equal faults.
  void Print(const Context& context) const;

  // Prints the same as one JSON object, with `notes`.
  void PrintJson(const std::vector<std::string>& notes, const Context& context) const;

 private:
  struct Column {
    std::string role;
    std::string name;
    std::string reading;   // How its values are read: `day first`.
    std::string examples;  // `2.55, 3.39`.
  };

  void CountOrders();
  void DescribeColumns();
  std::string ReadingOf(Role role) const;

  const OrderFile& file_;
  const OrderBook& book_;
  const Refusals& refused_;
  const StoredComparison* comparison_ = nullptr;
  std::vector<std::pair<std::string, std::string>> figures_;
  std::vector<Column> columns_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_PROFILE_H_
