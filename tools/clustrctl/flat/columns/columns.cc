#include "tools/clustrctl/flat/columns/columns.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/columns/known_names.h"
#include "tools/clustrctl/flat/columns/presets.h"

namespace clustr::ctl {
namespace {

constexpr size_t Index(Role role) { return static_cast<size_t>(role); }

absl::string_view Bare(const std::string& name) { return absl::StripAsciiWhitespace(name); }

// The columns with one of these names, without regard to case.
std::vector<size_t> Named(absl::Span<const std::string> header,
                          const std::vector<std::string>& names) {
  std::vector<size_t> found;
  for (size_t i = 0; i < header.size(); ++i) {
    if (std::any_of(names.begin(), names.end(), [&](const std::string& name) {
          return absl::EqualsIgnoreCase(Bare(header[i]), Bare(name));
        })) {
      found.push_back(i);
    }
  }
  return found;
}

// The names that columns of a role have if no preset fits.
std::vector<std::string> DefaultNames(Role role) {
  std::vector<std::string> names = OtherNames(role);
  names.emplace_back(RoleName(role));
  return names;
}

bool IsUci(absl::Span<const std::string> header) {
  return !Named(header, OtherNames(Role::kOrder)).empty() &&
         !Named(header, OtherNames(Role::kProduct)).empty() &&
         !Named(header, OtherNames(Role::kDate)).empty();
}

std::string NamesOf(absl::Span<const std::string> header) { return absl::StrJoin(header, ", "); }

// `2 columns are called "price": column 4 and column 5`.
std::string PlacesText(absl::Span<const std::string> header, const std::vector<size_t>& places) {
  return absl::StrCat(places.size(), " columns are called ", Quoted(header[places[0]]), ": ",
                      absl::StrJoin(places, " and ", [](std::string* out, size_t place) {
                        absl::StrAppend(out, "column ", place + 1);
                      }));
}

// `price#1 or price#2`.
std::string NumberedNames(const std::string& name, size_t count) {
  std::string names;
  for (size_t i = 1; i <= count; ++i) {
    absl::StrAppend(&names, i == 1 ? "" : " or ", Bare(name), "#", i);
  }
  return names;
}

}  // namespace

bool NamesATotal(const std::string& name) {
  static constexpr std::array<absl::string_view, 6> kNames = {
      "total", "line total", "line_total", "linetotal", "item total", "row total"};
  return std::any_of(kNames.begin(), kNames.end(), [&](absl::string_view total) {
    return absl::EqualsIgnoreCase(Bare(name), total);
  });
}

absl::StatusOr<std::vector<size_t>> FindColumns(absl::Span<const std::string> header,
                                                const std::string& name) {
  const std::vector<size_t> similar = Named(header, {name});
  std::vector<size_t> equal;
  for (const size_t i : similar) {
    if (Bare(header[i]) == Bare(name)) equal.push_back(i);
  }
  if (!similar.empty()) return equal.empty() ? similar : equal;
  const size_t mark = name.rfind('#');
  size_t number = 0;
  if (mark == std::string::npos || !absl::SimpleAtoi(name.substr(mark + 1), &number))
    return similar;
  CLUSTR_ASSIGN_OR_RETURN(const std::vector<size_t> all, FindColumns(header, name.substr(0, mark)));
  if (all.empty()) return all;
  if (number >= 1 && number <= all.size()) return std::vector<size_t>{all[number - 1]};
  return absl::FailedPreconditionError(
      absl::StrCat(Quoted(name), " is not among the columns, of which ", all.size(),
                   all.size() == 1 ? " is called " : " are called ", Quoted(name.substr(0, mark)),
                   "; choose a number from 1 to ", all.size()));
}

absl::StatusOr<int> FindColumn(absl::Span<const std::string> header, const std::string& name) {
  CLUSTR_ASSIGN_OR_RETURN(const std::vector<size_t> found, FindColumns(header, name));
  if (found.empty()) return -1;
  if (found.size() > 1) {
    return absl::FailedPreconditionError(
        absl::StrCat(PlacesText(header, found), "; name one of ",
                     NumberedNames(header[found[0]], found.size())));
  }
  return static_cast<int>(found[0]);
}

int FlatColumns::CountRoles(absl::Span<const std::string> header, const ColumnNames& names) {
  const Preset* preset = FindPreset(header);
  int count = 0;
  for (size_t i = 0; i < kRoleCount; ++i) {
    const Role role = static_cast<Role>(i);
    std::vector<std::string> wanted =
        preset != nullptr ? preset->NamesOf(role) : DefaultNames(role);
    if (!names[i].empty()) wanted = {names[i]};
    const bool is_known = preset == nullptr && names[i].empty() &&
                          !ColumnsKnownAs(role, header, [](size_t) { return false; }).empty();
    if (is_known || !Named(header, wanted).empty()) ++count;
  }
  return count;
}

absl::StatusOr<FlatColumns> FlatColumns::Bind(absl::Span<const std::string> header,
                                              const ColumnNames& given, bool has_day) {
  FlatColumns columns;
  columns.header_.assign(header.begin(), header.end());
  columns.place_.fill(-1);
  ColumnNames names = given;
  std::string& price = names[Index(Role::kPrice)];
  if (names[Index(Role::kTotal)].empty() && NamesATotal(price)) {
    columns.notes_.push_back(absl::StrCat(
        "the column ", Quoted(price),
        " is given as the price of one unit, but its name says that it is the total of the line, "
        "and so it is read; if it is the price of one unit, rename it"));
    names[Index(Role::kTotal)] = price;
    price.clear();
  }
  const Preset* preset = FindPreset(header);
  if (preset != nullptr) columns.preset_ = preset->name;
  if (preset == nullptr && IsUci(header)) columns.preset_ = "UCI Online Retail";
  // Given names first, since a preset does not take a column that has another role.
  for (const bool given_names : {true, false}) {
    for (size_t i = 0; i < kRoleCount; ++i) {
      if (names[i].empty() == given_names) continue;
      CLUSTR_RETURN_IF_ERROR(columns.BindRole(static_cast<Role>(i), names));
    }
  }
  CLUSTR_RETURN_IF_ERROR(columns.CheckOwners());
  if (preset == nullptr) CLUSTR_RETURN_IF_ERROR(columns.BindKnownNames());
  if (!columns.Has(Role::kOrder) && columns.order_key_.empty()) columns.AssumeOrderKey(has_day);
  // Returns may have no number but that of the purchase.
  if (!columns.Has(Role::kOrder) && columns.order_key_.empty()) {
    columns.place_[Index(Role::kOrder)] = columns.place(Role::kOriginal);
  }
  CLUSTR_RETURN_IF_ERROR(columns.CheckRequired(has_day));
  columns.total_is_assumed_ =
      columns.Has(Role::kTotal) && names[Index(Role::kTotal)].empty() && preset == nullptr;
  if (!columns.Has(Role::kTime)) columns.AssumeTime();
  columns.FindIgnored();
  return columns;
}

absl::Status FlatColumns::BindRole(Role role, const ColumnNames& names) {
  const std::string& name = names[Index(role)];
  if (!name.empty()) {
    CLUSTR_ASSIGN_OR_RETURN(const std::vector<size_t> found, FindColumns(header_, name));
    if (!found.empty()) {
      Take(role, found);
      return absl::OkStatus();
    }
    if (role == Role::kOrder && absl::StrContains(name, "+")) return BindOrderKey(name);
    return absl::FailedPreconditionError(absl::StrCat("there is no column ", Quoted(name),
                                                      " for the ", RoleName(role), "; name one of ",
                                                      NamesOf(header_)));
  }
  if (role == Role::kTime) return absl::OkStatus();  // See AssumeTime.
  const Preset* preset = FindPreset(header_);
  if (preset == nullptr) return BindByDefault(role);
  for (const std::string& candidate : preset->NamesOf(role)) {
    const std::vector<size_t> found = Named(header_, {candidate});
    const bool taken = !found.empty() && std::find(place_.begin(), place_.end(),
                                                   static_cast<int>(found[0])) != place_.end();
    if (found.empty() || taken) continue;
    Take(role, found);
    return absl::OkStatus();
  }
  // Plug-ins add such columns to any form.
  const bool is_of_any_form =
      role == Role::kReturned || role == Role::kCancelled || role == Role::kOriginal;
  return is_of_any_form ? BindByDefault(role) : absl::OkStatus();
}

absl::Status FlatColumns::BindByDefault(Role role) {
  std::vector<size_t> found = Named(header_, DefaultNames(role));
  // `Customer` beside `Customer ID` is a name, and a country stands in for a city.
  if (role == Role::kCustomer || role == Role::kCity) {
    const std::vector<size_t> better =
        role == Role::kCity ? Named(header_, {RoleName(role)}) : Named(header_, OtherNames(role));
    if (!better.empty()) found = better;
  }
  CLUSTR_RETURN_IF_ERROR(CheckAlike(role, found));
  if (!found.empty()) Take(role, found);
  return absl::OkStatus();
}

// Refuses columns of several names, since each may be that of the role.
absl::Status FlatColumns::CheckAlike(Role role, const std::vector<size_t>& found) const {
  const auto differs = std::find_if(found.begin(), found.end(), [&](size_t i) {
    return Bare(header_[i]) != Bare(header_[found[0]]);
  });
  if (differs != found.end()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the columns ",
        absl::StrJoin(
            found, " and ",
            [&](std::string* out, size_t i) { absl::StrAppend(out, Quoted(header_[i])); }),
        " all fit the role ", RoleName(role),
        "; rename all but one, or choose with --columns=", RoleName(role), "=NAME"));
  }
  return absl::OkStatus();
}

// Gives the first of some columns of one name to a role. The others are its twins.
void FlatColumns::Take(Role role, const std::vector<size_t>& found) {
  place_[Index(role)] = static_cast<int>(found[0]);
  for (size_t i = 1; i < found.size(); ++i) twins_.push_back({role, found[i]});
}

std::string FlatColumns::WhyTwins(Role role) const {
  std::vector<size_t> places = {static_cast<size_t>(place(role))};
  for (const Twin& twin : twins_) {
    if (twin.role == role) places.push_back(twin.place);
  }
  return absl::StrCat(PlacesText(header_, places), ". Choose one with --columns=", RoleName(role),
                      "=", NumberedNames(header_[places[0]], places.size()));
}

absl::Status FlatColumns::BindOrderKey(const std::string& names) {
  for (const absl::string_view part : absl::StrSplit(names, '+')) {
    const std::string name(absl::StripAsciiWhitespace(part));
    CLUSTR_ASSIGN_OR_RETURN(const int place, FindColumn(header_, name));
    if (place < 0) {
      return absl::FailedPreconditionError(absl::StrCat("there is no column ", Quoted(name),
                                                        " for the order, which is given as ", names,
                                                        "; name columns of ", NamesOf(header_)));
    }
    order_key_.push_back(place);
  }
  return absl::OkStatus();
}

bool FlatColumns::IsTaken(size_t place) const {
  const auto column = static_cast<int>(place);
  return std::find(place_.begin(), place_.end(), column) != place_.end() ||
         std::find(order_key_.begin(), order_key_.end(), column) != order_key_.end();
}

// Gives roles that have no column one that shops call as they are meant, and notes it.
absl::Status FlatColumns::BindKnownNames() {
  static constexpr auto kKnown =
      std::to_array<Role>({Role::kOrder, Role::kDate, Role::kCustomer, Role::kDescription,
                           Role::kProduct, Role::kQuantity, Role::kPrice, Role::kTotal,
                           Role::kCategory, Role::kBrand, Role::kPaymentType, Role::kChannel});
  std::vector<std::string> taken;
  for (const Role role : kKnown) {
    const bool has_key = role == Role::kOrder && !order_key_.empty();
    // Beside a price, the total of the line is left to the user, who knows what it includes; and
    // without a quantity, sales may be numbers of units.
    const bool leaves_total = role == Role::kTotal && (Has(Role::kPrice) || !Has(Role::kQuantity));
    if (Has(role) || has_key || leaves_total) continue;
    const std::vector<size_t> found = ColumnsKnownAs(role, header_, [&](size_t place) {
      // Beside a description, an item may be the number of the line.
      const bool is_line = role == Role::kProduct && Has(Role::kDescription) &&
                           absl::EqualsIgnoreCase(Bare(header_[place]), "item");
      const bool has_role =
          std::find(place_.begin(), place_.end(), static_cast<int>(place)) != place_.end();
      return is_line || has_role;
    });
    if (found.empty()) continue;
    CLUSTR_RETURN_IF_ERROR(CheckAlike(role, found));
    Take(role, found);
    taken.push_back(absl::StrCat(RoleName(role), " = ", Quoted(header_[found[0]])));
  }
  if (taken.empty()) return absl::OkStatus();
  order_may_be_of_line_ = absl::StartsWith(taken[0], absl::StrCat(RoleName(Role::kOrder), " = ")) &&
                          MayNumberLines(header_[place(Role::kOrder)]) && Has(Role::kCustomer) &&
                          Has(Role::kDate);
  notes_.push_back(absl::StrCat("columns were chosen by their names: ", absl::StrJoin(taken, ", "),
                                "; if one is another, choose it with --columns=ROLE=NAME"));
  return absl::OkStatus();
}

absl::Status FlatColumns::CheckOwners() const {
  for (size_t i = 0; i < kRoleCount; ++i) {
    for (size_t k = i + 1; k < kRoleCount; ++k) {
      if (place_[i] < 0 || place_[i] != place_[k]) continue;
      return absl::FailedPreconditionError(
          absl::StrCat("the column ", Quoted(header_[place_[i]]), " is given for ",
                       RoleName(static_cast<Role>(i)), " and for ", RoleName(static_cast<Role>(k)),
                       "; give one of them another column"));
    }
  }
  return absl::OkStatus();
}

void FlatColumns::AssumeOrderKey(bool has_day) {
  if (!Has(Role::kCustomer) || (!Has(Role::kDate) && !has_day)) return;
  order_key_ = {place(Role::kCustomer)};
  if (Has(Role::kDate)) order_key_.push_back(place(Role::kDate));
  notes_.push_back(
      absl::StrCat("no column is the order, so all rows of one customer (", Name(Role::kCustomer),
                   ") and day (", Has(Role::kDate) ? Name(Role::kDate) : "the one that --day gives",
                   ") make one order; if there is a column of order numbers, name it with "
                   "--columns=order=NAME"));
}

void FlatColumns::TakeKeyForOrder() {
  const std::string name = Quoted(Name(Role::kOrder));
  const std::string choice = absl::StrCat(RoleName(Role::kOrder), " = ", name);
  for (std::string& note : notes_) {
    note = absl::StrReplaceAll(note, {{absl::StrCat(choice, ", "), ""}});
  }
  std::erase_if(notes_, [&](const std::string& note) { return absl::StrContains(note, choice); });
  notes_.push_back(absl::StrCat(
      "the column ", name,
      " has another value in each row, as numbers of lines have, so all rows of "
      "one customer (",
      Name(Role::kCustomer), ") and day (", Name(Role::kDate),
      ") make one order; if it is the order, say --columns=order=", Name(Role::kOrder)));
  order_may_be_of_line_ = false;
  place_[Index(Role::kOrder)] = -1;
  order_key_ = {place(Role::kCustomer), place(Role::kDate)};
  FindIgnored();
}

// Takes the first column without a role that is called a time.
void FlatColumns::AssumeTime() {
  for (const size_t i : Named(header_, DefaultNames(Role::kTime))) {
    const auto column = static_cast<int>(i);
    if (IsTaken(i)) continue;
    place_[Index(Role::kTime)] = column;
    time_is_assumed_ = true;
    return;
  }
}

absl::Status FlatColumns::CheckRequired(bool has_day) const {
  const auto missing = [&](Role role) {
    return absl::FailedPreconditionError(absl::StrCat(
        "no column is called ", absl::StrJoin(DefaultNames(role), " or "), "; choose the ",
        RoleName(role), " with --columns=", RoleName(role), "=NAME from ", NamesOf(header_)));
  };
  // Customer and date may be the order.
  const bool lacks_order = !Has(Role::kOrder) && order_key_.empty();
  if (lacks_order && !(Has(Role::kCustomer) && !Has(Role::kDate))) return missing(Role::kOrder);
  if (!Has(Role::kProduct) && !Has(Role::kDescription)) return missing(Role::kProduct);
  if (!Has(Role::kDate) && !has_day) {
    return absl::FailedPreconditionError(
        absl::StrCat(missing(Role::kDate).message(),
                     "; if there is none, give the day of all rows with --day=YYYY-MM-DD"));
  }
  return absl::OkStatus();
}

void FlatColumns::FindIgnored() {
  ignored_.clear();
  for (size_t i = 0; i < header_.size(); ++i) {
    if (!IsTaken(i)) ignored_.push_back(i);
  }
}

void FlatColumns::Move(Role role, size_t place) {
  for (Twin& twin : twins_) {
    if (twin.role == role && twin.place == place)
      twin.place = static_cast<size_t>(place_[Index(role)]);
  }
  place_[Index(role)] = static_cast<int>(place);
  FindIgnored();
}

void FlatColumns::Release(Role role) {
  place_[Index(role)] = -1;
  FindIgnored();
}

std::string FlatColumns::Name(Role role) const {
  if (Has(role)) return header_[place(role)];
  if (role != Role::kOrder || order_key_.empty()) return RoleName(role);
  return absl::StrJoin(order_key_, "+",
                       [&](std::string* out, int place) { absl::StrAppend(out, header_[place]); });
}

}  // namespace clustr::ctl
