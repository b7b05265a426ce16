#include "tools/clustrctl/flat/returns/book_returns.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace clustr::ctl {
namespace {

std::string WhyUnmatched(const FlatReturn& row, const ReturnKey& key, bool any_line) {
  const std::string count = absl::StrCat(-row.quantity);
  if (key.is_order && !any_line) {
    return absl::StrCat(count,
                        " names no customer, and its order has no line of this product; name the "
                        "customer, or register it with `clustrctl return`");
  }
  if (!any_line) {
    return absl::StrCat(count,
                        " matches no earlier line of this product and customer; import the "
                        "purchase as well, or leave the row out");
  }
  return absl::StrCat(count,
                      " is more than what is left of the earlier lines of this product and "
                      "customer; correct it, or import the other purchase as well");
}

}  // namespace

BookReturns::BookReturns(const FlatColumns* columns, OrderBook* book)
    : columns_(*columns), book_(*book) {
  for (const FlatReturn& row : book_.returns) {
    const FlatOrder& order = book_.orders[row.order];
    groups_[KeyOf(order, row.order, row.product)].returns.emplace_back(order.day, &row);
  }
  for (auto& [key, group] : groups_) {
    std::sort(group.returns.begin(), group.returns.end(), [](const auto& a, const auto& b) {
      return std::pair(a.first, a.second->row) < std::pair(b.first, b.second->row);
    });
  }
}

ReturnKey BookReturns::KeyOf(const FlatOrder& order, uint32_t number, uint32_t product) const {
  if (order.customer == book_.guest) return {true, number, product};
  return {false, order.customer, product};
}

std::vector<ReturnKey> BookReturns::MatchInFile() {
  for (uint32_t number = 0; number < book_.orders.size() && !groups_.empty(); ++number) {
    FlatOrder& order = book_.orders[number];
    for (FlatLine& line : order.lines) {
      if (line.sale_id == 0) continue;
      const auto group = groups_.find(KeyOf(order, number, line.product));
      if (group != groups_.end()) group->second.lines.emplace_back(order.day, &line);
    }
  }
  std::vector<ReturnKey> open;
  for (auto& [key, group] : groups_) {
    Match(&group);
    const auto& outcomes = group.outcomes;
    const bool all =
        std::find(outcomes.begin(), outcomes.end(), ReturnOutcome::kUnmatched) == outcomes.end();
    if (!all && !key.is_order) open.push_back(key);
  }
  return open;
}

void BookReturns::MatchWithEarlier(const std::vector<ReturnKey>& keys) {
  for (FlatOrder& order : book_.earlier) {
    for (FlatLine& line : order.lines) {
      const auto group = groups_.find({false, order.customer, line.product});
      if (group != groups_.end()) group->second.lines.emplace_back(order.day, &line);
    }
  }
  for (const ReturnKey& key : keys) Match(&groups_[key]);
}

void BookReturns::Match(Group* group) {
  std::sort(group->lines.begin(), group->lines.end(), [](const auto& a, const auto& b) {
    const auto place = [](const auto& entry) {
      return std::tuple(entry.first, entry.second->row, entry.second->sale_id);
    };
    return place(a) < place(b);
  });
  std::vector<ReturnableLine> lines;
  for (const auto& [day, line] : group->lines) {
    lines.push_back({day, line->price_cents, line->quantity, line->registered});
  }
  std::vector<ReturnedUnits> returns;
  for (const auto& [day, row] : group->returns) {
    returns.push_back({day, row->price_cents, row->quantity});
  }
  MatchReturns(absl::MakeSpan(lines), absl::MakeSpan(returns));
  for (size_t i = 0; i < lines.size(); ++i) {
    group->lines[i].second->claimed = static_cast<int32_t>(lines[i].claimed);
  }
  group->outcomes.clear();
  for (const ReturnedUnits& units : returns) group->outcomes.push_back(units.outcome);
}

void BookReturns::Report(MatchedReturns* report) const {
  for (const auto& [key, group] : groups_) {
    for (size_t i = 0; i < group.returns.size(); ++i) {
      const auto& [day, row] = group.returns[i];
      if (group.outcomes[i] == ReturnOutcome::kNew) ++report->registered;
      if (group.outcomes[i] == ReturnOutcome::kRegistered) ++report->unchanged;
      if (group.outcomes[i] != ReturnOutcome::kUnmatched) continue;
      const bool any_line = !group.lines.empty() && group.lines.front().first <= day;
      report->unmatched.Add(row->row, columns_.Name(Role::kQuantity),
                            WhyUnmatched(*row, key, any_line));
    }
  }
}

}  // namespace clustr::ctl
