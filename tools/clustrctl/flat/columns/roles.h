#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ROLES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ROLES_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
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
  kTotal,
  kReturned,   // Units of the line that came back.
  kCancelled,  // Units of the line that were never sold.
  kOriginal,   // The order whose goods the row takes back.
  kTime,       // The time of day, where the column of the date has none.
};
inline constexpr size_t kRoleCount = 17;

// The name of a role, as in --columns.
const char* RoleName(Role role);

// The field that a column of this role fills. The rules of the field apply to the column.
const google::protobuf::FieldDescriptor& RoleField(Role role);

// The names that the role's column also has where no form of a shop system fits: those of UCI
// Online Retail (I and II), and what can mean nothing else.
const std::vector<std::string>& OtherNames(Role role);

// Whether a column with this name holds the names of customers; or anything about a person, which
// is no product.
bool NamesACustomer(std::string_view column);
bool NamesAPerson(std::string_view column);

// Whether a column with this name may hold times of day, but also durations or hours worked:
// `time`, `Zeit`, `hora`.
bool NamesATimePlainly(std::string_view column);

// All role names, for --help: `order, product, ...`.
std::string RoleNames();

// The name of the column of each role, indexed by the role; empty where none was given.
using ColumnNames = std::array<std::string, kRoleCount>;

// Adds the pairs of `order=Bestellnummer,product=Artikel` to `names`. A name with a comma stands as
// it is if no role follows the comma, or in double quotes. INVALID_ARGUMENT, with the remedy, for
// an unknown role, a role that is given twice, or a pair without a column name.
absl::Status ParseColumnNames(std::string_view text, ColumnNames* names);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ROLES_H_
