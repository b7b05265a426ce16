#include "tools/clustrctl/flat/book/order_book.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/clustrctl/flat/kinds/guest_words.h"

namespace clustr::ctl {

namespace {

// Whether a customer's code is one that tills give to nobody in particular: `0`, `000`, `99999`.
bool StandsForNobody(const std::string& code) {
  const bool is_nines = code.size() >= 3 && code.find_first_not_of('9') == std::string::npos;
  return is_nines || code.find_first_not_of("0-") == std::string::npos;
}

}  // namespace

std::string WithOrWithoutHash(const std::string& code) {
  return code.starts_with('#') ? code.substr(1) : "#" + code;
}

std::string FoldedCase(const std::string& code) { return absl::AsciiStrToLower(code); }

const std::string& OrderBook::NameOf(uint32_t product) const {
  const auto& given = products[product].names;
  if (given.empty()) return product_codes.text(product);
  const auto most_frequent = std::max_element(
      given.begin(), given.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return names.text(most_frequent->first);
}

int64_t OrderBook::return_rows() const {
  return std::count_if(returns.begin(), returns.end(),
                       [](const FlatReturn& given) { return !given.is_of_line; });
}

void OrderBook::FoldGuests(const std::string& guest) {
  std::vector<bool> is_guest(customer_codes.size());
  bool any = false;
  for (uint32_t i = 0; i < customer_codes.size(); ++i) {
    const std::string& code = customer_codes.text(i);
    FlatCustomer& customer = customers[i];
    const bool by_code = absl::EqualsIgnoreCase(code, guest) || IsCodeOfGuest(code);
    const bool is_called_guest = !customer.guest_name.empty() && !customer.has_own_name;
    if (!by_code && !(is_called_guest && StandsForNobody(code))) {
      // Shops give everybody who buys without an account such a name beside the e-mail address.
      if (is_called_guest && !absl::StrContains(code, '@')) {
        notes.Add(Note::kNamedLikeGuest, absl::StrCat(code, " (", customer.guest_name, ")"));
      }
      continue;
    }
    is_guest[i] = true;
    any = true;
    customer.first_row = 0;
    if (code == guest) continue;
    notes.Add(Note::kGuestWord,
              by_code ? code : absl::StrCat(code, " (", customer.guest_name, ")"));
  }
  if (!any) return;
  const auto fold = [&](uint32_t* customer) {
    if (*customer != CodeBook::kNone && is_guest[*customer]) *customer = CodeBook::kNone;
  };
  for (FlatOrder& order : orders) fold(&order.customer);
  for (FlatReturn& given : returns) fold(&given.customer);
}

}  // namespace clustr::ctl
