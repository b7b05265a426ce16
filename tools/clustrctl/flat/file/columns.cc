#include "tools/clustrctl/flat/file/columns.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/base/errors.h"

namespace clustr::ctl {
namespace {

using catalog::v1::Customer;
using catalog::v1::Product;
using google::protobuf::Descriptor;
using sales::v1::Sale;
using sales::v1::Transaction;

constexpr char kUciDate[] = "InvoiceDate";

struct RoleEntry {
  const char* name;
  std::vector<std::string> uci_names;
  const Descriptor* model;
  int field;
  bool required;
};

const std::array<RoleEntry, kRoleCount>& Roles() {
  static const auto* const kRoles = new std::array<RoleEntry, kRoleCount>{{
      {"order",
       {"InvoiceNo", "Invoice"},
       Transaction::descriptor(),
       Transaction::kExternalIdFieldNumber,
       true},
      {"product", {"StockCode"}, Product::descriptor(), Product::kExternalIdFieldNumber, true},
      {"quantity", {}, Sale::descriptor(), Sale::kQuantityFieldNumber, true},
      {"price", {"UnitPrice"}, Sale::descriptor(), Sale::kUnitPriceFieldNumber, true},
      {"date", {kUciDate}, Transaction::descriptor(), Transaction::kPurchaseDateFieldNumber, true},
      {"description", {}, Product::descriptor(), Product::kProductNameFieldNumber, false},
      {"customer",
       {"CustomerID", "Customer ID"},
       Customer::descriptor(),
       Customer::kExternalIdFieldNumber,
       false},
      {"city", {"Country"}, Customer::descriptor(), Customer::kCityFieldNumber, false},
      {"category", {}, Product::descriptor(), Product::kCategoryFieldNumber, false},
      {"brand", {}, Product::descriptor(), Product::kBrandFieldNumber, false},
      {"channel", {}, Transaction::descriptor(), Transaction::kChannelFieldNumber, false},
      {"payment_type", {}, Transaction::descriptor(), Transaction::kPaymentTypeFieldNumber, false},
  }};
  return *kRoles;
}

bool SameName(const std::string& a, const std::string& b) {
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(a), absl::StripAsciiWhitespace(b));
}

// The columns with one of these names, quoted. Sets `place` to the index of the first.
std::vector<std::string> FindColumns(absl::Span<const std::string> header,
                                     const std::vector<std::string>& names, int* place) {
  std::vector<std::string> found;
  for (size_t i = 0; i < header.size(); ++i) {
    const bool fits = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return SameName(header[i], name);
    });
    if (!fits) continue;
    if (found.empty()) *place = static_cast<int>(i);
    found.push_back(Quoted(header[i]));
  }
  return found;
}

}  // namespace

const char* RoleName(Role role) { return Roles()[static_cast<size_t>(role)].name; }

const google::protobuf::FieldDescriptor& RoleField(Role role) {
  const RoleEntry& entry = Roles()[static_cast<size_t>(role)];
  return *entry.model->FindFieldByNumber(entry.field);
}

std::string RoleNames() {
  return absl::StrJoin(Roles(), ", ", [](std::string* out, const RoleEntry& role) {
    absl::StrAppend(out, role.name);
  });
}

absl::StatusOr<ColumnNames> ParseColumnNames(std::string_view text) {
  ColumnNames names;
  for (const absl::string_view pair :
       absl::StrSplit(absl::string_view(text.data(), text.size()), ',')) {
    const std::pair<std::string, std::string> split = absl::StrSplit(pair, absl::MaxSplits('=', 1));
    const std::string role(absl::StripAsciiWhitespace(split.first));
    const std::string name(absl::StripAsciiWhitespace(split.second));
    const auto entry = std::find_if(Roles().begin(), Roles().end(),
                                    [&](const RoleEntry& entry) { return role == entry.name; });
    if (entry == Roles().end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          Quoted(role), " is not a role; give role=column pairs with the roles ", RoleNames()));
    }
    std::string& target = names[entry - Roles().begin()];
    if (name.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the column of ", role, " is missing; give ", role, "=NAME"));
    }
    if (!target.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(role, " is given twice; give it once"));
    }
    target = name;
  }
  return names;
}

absl::StatusOr<FlatColumns> FlatColumns::Bind(absl::Span<const std::string> header,
                                              const ColumnNames& names) {
  FlatColumns columns;
  columns.header_.assign(header.begin(), header.end());
  columns.place_.fill(-1);
  std::vector<const char*> role_of(header.size(), nullptr);
  for (size_t i = 0; i < kRoleCount; ++i) {
    const RoleEntry& role = Roles()[i];
    std::vector<std::string> wanted = {names[i]};
    if (names[i].empty()) {
      wanted = role.uci_names;
      wanted.push_back(role.name);
    }
    const auto found = FindColumns(header, wanted, &columns.place_[i]);
    if (found.size() > 1) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the columns ", absl::StrJoin(found, " and "), " all fit the role ", role.name,
          "; rename all but one, or choose with --columns=", role.name, "=NAME"));
    }
    if (found.empty() && !names[i].empty()) {
      return absl::FailedPreconditionError(absl::StrCat("there is no column ", Quoted(names[i]),
                                                        " for the ", role.name, "; name one of ",
                                                        absl::StrJoin(header, ", ")));
    }
    if (found.empty() && role.required) {
      return absl::FailedPreconditionError(absl::StrCat(
          "no column is called ", absl::StrJoin(wanted, " or "), "; choose the ", role.name,
          " with --columns=", role.name, "=NAME from ", absl::StrJoin(header, ", ")));
    }
    if (found.empty()) continue;
    const char*& owner = role_of[columns.place_[i]];
    if (owner != nullptr) {
      return absl::FailedPreconditionError(absl::StrCat("the column ", found[0], " is given for ",
                                                        owner, " and for ", role.name,
                                                        "; give one of them another column"));
    }
    owner = role.name;
  }
  for (size_t i = 0; i < header.size(); ++i) {
    if (role_of[i] == nullptr) columns.ignored_.push_back(header[i]);
  }
  return columns;
}

std::string_view FlatColumns::Cell(absl::Span<const std::string_view> cells, Role role) const {
  if (!Has(role)) return {};
  const std::string_view cell = cells[place_[static_cast<size_t>(role)]];
  const size_t first = cell.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return cell.substr(first, cell.find_last_not_of(' ') - first + 1);
}

std::string FlatColumns::Name(Role role) const {
  return Has(role) ? header_[place_[static_cast<size_t>(role)]] : RoleName(role);
}

bool FlatColumns::has_uci_dates() const { return SameName(Name(Role::kDate), kUciDate); }

}  // namespace clustr::ctl
