#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_UNITS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_UNITS_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "tools/clustrctl/flat/book/notes.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/values/amount_text.h"

namespace clustr::ctl {

// What a row says about units and money.
struct Units {
  int32_t quantity = 0;       // At least 1; 0 only if the total is below 0.
  bool is_return = false;     // Quantity, price or total is below 0.
  bool is_by_amount = false;  // A return whose quantity is not below 0.
  int64_t price_cents = 0;    // Price of one unit; at least 0.
  int32_t total_offset = 0;   // Total of the line, less quantity * price, in cents.
  int32_t cancelled = 0;      // Units that were ordered beside these, and cancelled.
  int32_t returned = 0;       // Of these units, how many came back as the same row says.
  bool is_cancelled = false;  // No unit was sold.
};

// Decimal marks of quantity, price and total.
struct Marks {
  DecimalMark quantity = DecimalMark::kDot;
  DecimalMark price = DecimalMark::kDot;
  DecimalMark total = DecimalMark::kDot;
};

// Reads quantity, price and total of rows. Without a column of quantities, each row is one unit.
// Without a price, it follows from the total; without either, it is 0. If price and total disagree
// by more than a cent per unit, or the price has a fraction of a cent, the total is right. Goods
// that are weighed (a quantity of 0.345) count as one unit at the total of the line. Units that the
// row says were cancelled are taken off its quantity and, in proportion, its total. Not
// thread-safe.
class UnitsReader {
 public:
  UnitsReader(const FlatColumns* columns, Marks marks, Notes* notes)
      : columns_(*columns), marks_(marks), notes_(*notes) {}

  using Refuse = absl::FunctionRef<void(Role, std::string)>;

  // Sets `units`, or calls `refuse` for each wrong cell, with the remedy, and returns false.
  bool Read(absl::Span<const std::string_view> cells, Units* units, Refuse refuse);

  // The currency that the amounts are in, as the file writes it; empty if it does not say.
  const std::string& currency() const { return currency_; }

 private:
  struct Number {
    bool given = false;
    Decimal value;
    std::string_view text;
    bool is_measured = false;  // It has a measure, such as kg.
    std::string scratch;       // Holds `text` if it is written otherwise in the file.
  };

  bool ReadNumber(Role role, absl::Span<const std::string_view> cells, DecimalMark mark,
                  Number* number, Refuse refuse);
  bool IsNetOfReturns() const;
  bool TakeCancelled(absl::Span<const std::string_view> cells, Number* quantity, Number* total,
                     Units* units, Refuse refuse);
  bool ReadReturned(absl::Span<const std::string_view> cells, const Number& quantity,
                    bool is_weighed, Units* units, Refuse refuse);
  bool CheckCurrency(Role role, std::string_view text, std::string_view currency, Refuse refuse);
  bool ReadQuantity(const Number& number, Units* units, bool* is_weighed, Refuse refuse) const;
  bool SetTotal(const Number& price, const Number& total, bool is_weighed, Units* units,
                Refuse refuse);
  bool SetPrice(const Number& price, const Number& quantity, bool is_weighed, Units* units,
                Refuse refuse);

  const FlatColumns& columns_;
  const Marks marks_;
  Notes& notes_;
  std::string currency_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_UNITS_H_
