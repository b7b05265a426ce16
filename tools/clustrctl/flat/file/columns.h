#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_COLUMNS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_COLUMNS_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"

namespace clustr::ctl {

// What a column of a flat file of order lines can be.
enum class Role {
  kOrder,
  kProduct,
  kQuantity,
  kPrice,
  kDate,
  kDescription,
  kCustomer,
  kCity,
  kCategory,
  kBrand,
  kChannel,
  kPaymentType,
};
inline constexpr size_t kRoleCount = 12;

// Name of a role, as --columns has it.
const char* RoleName(Role role);

// The field that a column of this role fills: its rules are those of the column.
const google::protobuf::FieldDescriptor& RoleField(Role role);

// The roles in words, for --help: `order, product, ...`.
std::string RoleNames();

// For each role, by its place in the enumeration, the name of its column; empty where the caller
// names none.
using ColumnNames = std::array<std::string, kRoleCount>;

// Reads `order=Bestellnummer,product=Artikel`. INVALID_ARGUMENT, with the remedy, for an unknown
// role, one that is named twice, or a pair without a name.
absl::StatusOr<ColumnNames> ParseColumnNames(std::string_view text);

// Which column of a file has which role. Names are compared without regard to case and to spaces
// around. Immutable and thread-safe once made.
class FlatColumns {
 public:
  // A role that `names` does not name has the column that is called as the role, or as UCI Online
  // Retail (I or II) calls it. FAILED_PRECONDITION, with the remedy, if a column that is named is
  // not there or there twice, if two columns fit one role or one column two, or if one of order,
  // product, quantity, price and date has none.
  static absl::StatusOr<FlatColumns> Bind(absl::Span<const std::string> header,
                                          const ColumnNames& names);

  bool Has(Role role) const { return place_[static_cast<size_t>(role)] >= 0; }

  // The cell of a role without spaces around; empty where there is no such column.
  std::string_view Cell(absl::Span<const std::string_view> cells, Role role) const;

  // The column's name in the header; the role's where there is none.
  std::string Name(Role role) const;

  // True if the dates are in the column that UCI Online Retail has them in, which writes them
  // month first.
  bool has_uci_dates() const;

  // Columns without a role, in the order of the file.
  const std::vector<std::string>& ignored() const { return ignored_; }

 private:
  std::array<int, kRoleCount> place_;
  std::vector<std::string> header_;
  std::vector<std::string> ignored_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_COLUMNS_H_
