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

// The role of a column in a file of order lines.
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

// The name of a role, as in --columns.
const char* RoleName(Role role);

// The field that a column of this role fills. The rules of the field apply to the column.
const google::protobuf::FieldDescriptor& RoleField(Role role);

// All role names, for --help: `order, product, ...`.
std::string RoleNames();

// The name of the column of each role, indexed by the role; empty where none was given.
using ColumnNames = std::array<std::string, kRoleCount>;

// Parses `order=Bestellnummer,product=Artikel`. INVALID_ARGUMENT, with the remedy, for an unknown
// role, a role that is given twice, or a pair without a column name.
absl::StatusOr<ColumnNames> ParseColumnNames(std::string_view text);

// Maps roles to the columns of a file. Names are compared without regard to case and surrounding
// spaces. Immutable and thread-safe.
class FlatColumns {
 public:
  // A role without a column in `names` gets the column with the name of the role, or with its name
  // in UCI Online Retail (I or II). FAILED_PRECONDITION, with the remedy, if a given column is
  // missing or occurs twice, if two columns fit one role or one column fits two, or if order,
  // product, quantity, price or date has no column.
  static absl::StatusOr<FlatColumns> Bind(absl::Span<const std::string> header,
                                          const ColumnNames& names);

  bool Has(Role role) const { return place_[static_cast<size_t>(role)] >= 0; }

  // The cell of a role without surrounding spaces; empty if the role has no column.
  std::string_view Cell(absl::Span<const std::string_view> cells, Role role) const;

  // The name of the role's column in the header; the name of the role if it has none.
  std::string Name(Role role) const;

  // True if the column of dates has the name that it has in UCI Online Retail, where the month
  // comes first.
  bool has_uci_dates() const;

  // Columns without a role, in the order of the file.
  const std::vector<std::string>& ignored() const { return ignored_; }

 private:
  std::array<int, kRoleCount> place_;  // Index of the role's column in the header; -1 if none.
  std::vector<std::string> header_;
  std::vector<std::string> ignored_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_COLUMNS_H_
