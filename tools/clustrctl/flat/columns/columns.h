#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_COLUMNS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_COLUMNS_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/roles.h"

namespace clustr::ctl {

// Maps roles to the columns of a file. A column that is named exactly as given wins over one that
// differs in case; surrounding spaces do not count. Immutable and thread-safe.
class FlatColumns {
 public:
  // A role without a column in `names` gets that of the preset that the header fits or, without a
  // preset, the column with the name of the role or with its name in UCI Online Retail (I or II),
  // or else one that shops call so: see ColumnsKnownAs. The column of the order may be a key of
  // several columns, `till+receipt+date`; without a column it is made of the customer and the date.
  // `has_day` says that all rows have a day that stands in no column. FAILED_PRECONDITION, with the
  // remedy, if a given column is missing or occurs twice, if two columns fit one role or one column
  // fits two, or if there is neither product nor description, no date, or neither order nor
  // customer.
  static absl::StatusOr<FlatColumns> Bind(absl::Span<const std::string> header,
                                          const ColumnNames& names, bool has_day = false);

  // The columns that a preset or the default names give to `header`, as a measure of how much it
  // looks like a header. Bind may still refuse it.
  static int CountRoles(absl::Span<const std::string> header, const ColumnNames& names);

  bool Has(Role role) const { return place_[static_cast<size_t>(role)] >= 0; }

  // The cell of a role as it stands in the row; empty if the role has no column, or the row is too
  // short to have it.
  std::string_view Cell(absl::Span<const std::string_view> cells, Role role) const {
    const int place = place_[static_cast<size_t>(role)];
    return place < 0 || static_cast<size_t>(place) >= cells.size() ? std::string_view()
                                                                   : cells[place];
  }

  // The name of the role's column in the header; the name of the role if it has none.
  std::string Name(Role role) const;

  // The columns that together are the key of an order, if it is not one column.
  const std::vector<int>& order_key() const { return order_key_; }
  // Whether the column of orders was chosen by a name that lines may have as well, such as
  // `sale_id`, and customer and day could be the order instead.
  bool order_may_be_of_line() const { return order_may_be_of_line_; }
  // Takes customer and day for the order, since each row has another value in its column.
  void TakeKeyForOrder();
  // Index of the role's column in the header; -1 if none.
  int place(Role role) const { return place_[static_cast<size_t>(role)]; }

  const std::vector<std::string>& header() const { return header_; }
  // Indices of columns without a role, in the order of the file.
  const std::vector<size_t>& ignored() const { return ignored_; }
  // The name of the preset that the header fits, as `Shopify`; empty if none does.
  const std::string& preset() const { return preset_; }
  // What the user should know about the choice of columns: whole sentences.
  const std::vector<std::string>& notes() const { return notes_; }
  // Another column with the name of a role's column. All rows must have the same in both, or
  // nothing in one of them; who goes through the rows has to see to that.
  struct Twin {
    Role role;
    size_t place;
  };
  const std::vector<Twin>& twins() const { return twins_; }
  // Why the twins of a role's column cannot be told apart, with the remedy.
  std::string WhyTwins(Role role) const;
  // True if the column `total` was chosen by its name alone, so that its values should be compared
  // with quantity and price before it is believed.
  bool total_is_assumed() const { return total_is_assumed_; }
  // True if the column of times was chosen by its name alone, so that it should be given up if it
  // holds anything else.
  bool time_is_assumed() const { return time_is_assumed_; }
  // Gives up the column of a role.
  void Release(Role role);
  // Gives a role another column.
  void Move(Role role, size_t place);

 private:
  absl::Status BindRole(Role role, const ColumnNames& names);
  absl::Status BindByDefault(Role role);
  absl::Status CheckAlike(Role role, const std::vector<size_t>& found) const;
  void Take(Role role, const std::vector<size_t>& found);
  absl::Status BindOrderKey(const std::string& names);
  absl::Status BindKnownNames();
  bool IsTaken(size_t place) const;
  absl::Status CheckOwners() const;
  absl::Status CheckRequired(bool has_day) const;
  void AssumeOrderKey(bool has_day);
  void AssumeTime();
  void FindIgnored();

  std::array<int, kRoleCount> place_;
  std::vector<int> order_key_;
  bool order_may_be_of_line_ = false;
  std::vector<std::string> header_;
  std::vector<size_t> ignored_;
  std::string preset_;
  std::vector<std::string> notes_;
  std::vector<Twin> twins_;
  bool total_is_assumed_ = false;
  bool time_is_assumed_ = false;
};

// The columns with that name: those that are equal in case, or else those that are equal without
// regard to it. `Name#2` is the second column with the name `Name`, unless a column has that name
// itself. FAILED_PRECONDITION if there are fewer than two.
absl::StatusOr<std::vector<size_t>> FindColumns(absl::Span<const std::string> header,
                                                const std::string& name);

// The only column with that name. -1 if there is none; FAILED_PRECONDITION, with the places of all
// and how to choose one, if several have it.
absl::StatusOr<int> FindColumn(absl::Span<const std::string> header, const std::string& name);

// Whether a name says that a column is the total of a line.
bool NamesATotal(const std::string& name);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_COLUMNS_H_
