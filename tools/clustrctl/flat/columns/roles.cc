#include "tools/clustrctl/flat/columns/roles.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

struct RoleEntry {
  const char* name;
  std::vector<std::string> uci_names;
  const Descriptor* model;
  int field;
};

const std::array<RoleEntry, kRoleCount>& Roles() {
  static const auto* const kRoles = new std::array<RoleEntry, kRoleCount>{{
      {"order",
       {"InvoiceNo", "Invoice"},
       Transaction::descriptor(),
       Transaction::kExternalIdFieldNumber},
      {"product", {"StockCode"}, Product::descriptor(), Product::kExternalIdFieldNumber},
      {"quantity", {}, Sale::descriptor(), Sale::kQuantityFieldNumber},
      {"price", {"UnitPrice"}, Sale::descriptor(), Sale::kUnitPriceFieldNumber},
      {"date", {"InvoiceDate"}, Transaction::descriptor(), Transaction::kPurchaseDateFieldNumber},
      {"description", {}, Product::descriptor(), Product::kProductNameFieldNumber},
      {"customer",
       {"CustomerID", "Customer ID"},
       Customer::descriptor(),
       Customer::kExternalIdFieldNumber},
      {"city", {"Country"}, Customer::descriptor(), Customer::kCityFieldNumber},
      {"category", {}, Product::descriptor(), Product::kCategoryFieldNumber},
      {"brand", {}, Product::descriptor(), Product::kBrandFieldNumber},
      {"channel", {}, Transaction::descriptor(), Transaction::kChannelFieldNumber},
      {"payment_type", {}, Transaction::descriptor(), Transaction::kPaymentTypeFieldNumber},
      {"total", {}, Sale::descriptor(), Sale::kLineTotalFieldNumber},
  }};
  return *kRoles;
}

std::string Stripped(std::string_view text) {
  return std::string(absl::StripAsciiWhitespace(absl::string_view(text.data(), text.size())));
}

// Splits at commas outside of double quotes. A part without `=` belongs to the name before it.
std::vector<std::string> SplitPairs(std::string_view text) {
  std::vector<std::string> pairs = {""};
  bool quoted = false;
  size_t start = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"') quoted = !quoted;
    if (i < text.size() && (text[i] != ',' || quoted)) continue;
    const std::string part(text.substr(start, i - start));
    const bool continues = start > 0 && part.find('=') == std::string::npos && !part.empty();
    if (continues) {
      pairs.back() += "," + part;
    } else if (start == 0) {
      pairs.back() = part;
    } else {
      pairs.push_back(part);
    }
    start = i + 1;
  }
  return pairs;
}

std::string WithoutQuotes(std::string name) {
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
    return name.substr(1, name.size() - 2);
  }
  return name;
}

}  // namespace

const char* RoleName(Role role) { return Roles()[static_cast<size_t>(role)].name; }

const google::protobuf::FieldDescriptor& RoleField(Role role) {
  const RoleEntry& entry = Roles()[static_cast<size_t>(role)];
  return *entry.model->FindFieldByNumber(entry.field);
}

const std::vector<std::string>& UciNames(Role role) {
  return Roles()[static_cast<size_t>(role)].uci_names;
}

std::string RoleNames() {
  return absl::StrJoin(Roles(), ", ", [](std::string* out, const RoleEntry& role) {
    absl::StrAppend(out, role.name);
  });
}

absl::Status ParseColumnNames(std::string_view text, ColumnNames* names) {
  for (const std::string& pair : SplitPairs(text)) {
    const size_t equals = std::min(pair.find('='), pair.size());
    const std::string role = Stripped(std::string_view(pair).substr(0, equals));
    const std::string name =
        WithoutQuotes(Stripped(std::string_view(pair).substr(std::min(equals + 1, pair.size()))));
    const auto entry = std::find_if(Roles().begin(), Roles().end(),
                                    [&](const RoleEntry& entry) { return role == entry.name; });
    if (entry == Roles().end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          Quoted(role), " is not a role; give role=column pairs with the roles ", RoleNames()));
    }
    std::string& target = (*names)[entry - Roles().begin()];
    if (name.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the column of ", role, " is missing; give ", role, "=NAME"));
    }
    if (!target.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(role, " is given twice; give it once"));
    }
    target = name;
  }
  return absl::OkStatus();
}

}  // namespace clustr::ctl
