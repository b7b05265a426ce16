#include "tools/clustrctl/flat/return_sender.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/parallel_calls.h"
#include "tools/clustrctl/flat/return_matching.h"

namespace clustr::ctl {

using sales::v1::ReturnSaleRequest;
using sales::v1::ReturnSaleResponse;
using sales::v1::SaleService;

namespace {

// Whose lines a return can be matched with: a customer, or an order without one; and the product.
struct GroupKey {
  bool is_order;
  uint32_t owner;
  uint32_t product;

  bool operator==(const GroupKey&) const = default;
  template <class H>
  friend H AbslHashValue(H state, const GroupKey& key) {
    return H::combine(std::move(state), key.is_order, key.owner, key.product);
  }
};

struct Group {
  std::vector<std::pair<int32_t, const FlatReturn*>> returns;  // With their days.
  std::vector<std::pair<int32_t, FlatLine*>> lines;
};

GroupKey KeyOf(const OrderBook& book, uint32_t order, uint32_t product) {
  const uint32_t customer = book.orders[order].customer;
  if (customer == book.guest) return {true, order, product};
  return {false, customer, product};
}

template <class Entry>
void SortByDayAndRow(std::vector<std::pair<int32_t, Entry*>>* entries) {
  std::sort(entries->begin(), entries->end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second->row) < std::pair(b.first, b.second->row);
  });
}

std::string WhyUnmatched(const ReturnedUnits& units, const GroupKey& key, const Group& group) {
  const std::string count = absl::StrCat(-units.quantity);
  if (group.lines.empty() && key.is_order) {
    return absl::StrCat(count,
                        " names no customer, and its order has no line of this product; name "
                        "the customer, or register it with `clustrctl return`");
  }
  if (group.lines.empty() || group.lines.front().first > units.day) {
    return absl::StrCat(count,
                        " matches no earlier line of this product and customer in the file; "
                        "add the purchase to the file, or register the return with "
                        "`clustrctl return`");
  }
  return absl::StrCat(count,
                      " is more than what is left of the earlier lines of this product and "
                      "customer; correct it, or add the purchase to the file");
}

void MatchGroup(const std::string& column, const GroupKey& key, Group* group, SentReturns* sent) {
  SortByDayAndRow(&group->lines);
  SortByDayAndRow(&group->returns);
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
  for (size_t i = 0; i < returns.size(); ++i) {
    switch (returns[i].outcome) {
      case ReturnOutcome::kNew:
        ++sent->registered;
        break;
      case ReturnOutcome::kRegistered:
        ++sent->unchanged;
        break;
      case ReturnOutcome::kUnmatched:
        sent->unmatched.Add(group->returns[i].second->row, column,
                            WhyUnmatched(returns[i], key, *group));
        break;
    }
  }
}

}  // namespace

void MatchReturns(const FlatColumns& columns, OrderBook* book, SentReturns* sent) {
  absl::flat_hash_map<GroupKey, Group> groups;
  for (const FlatReturn& row : book->returns) {
    groups[KeyOf(*book, row.order, row.product)].returns.emplace_back(book->orders[row.order].day,
                                                                      &row);
  }
  for (uint32_t number = 0; number < book->orders.size() && !groups.empty(); ++number) {
    FlatOrder& order = book->orders[number];
    for (FlatLine& line : order.lines) {
      if (line.sale_id == 0) continue;
      const auto group = groups.find(KeyOf(*book, number, line.product));
      if (group != groups.end()) group->second.lines.emplace_back(order.day, &line);
    }
  }
  for (auto& [key, group] : groups) MatchGroup(columns.Name(Role::kQuantity), key, &group, sent);
}

absl::Status SendReturns(const Context& context, OrderBook* book, Refusals* refusals) {
  std::vector<FlatLine*> lines;
  for (FlatOrder& order : book->orders) {
    for (FlatLine& line : order.lines) {
      if (line.claimed > line.registered) lines.push_back(&line);
    }
  }
  const auto stub = SaleService::NewStub(context.sales.channel);
  return ForEachInParallel("returns", lines.size(), [&](size_t i) -> absl::Status {
    const FlatLine& line = *lines[i];
    ReturnSaleRequest request;
    ReturnSaleResponse response;
    request.set_sale_id(line.sale_id);
    request.set_quantity(line.claimed - line.registered);
    request.set_request_id(
        absl::StrFormat("r%x-%x-%x", line.sale_id, line.revision, request.quantity()));
    const grpc::Status status = CallAgain(*stub, &SaleService::Stub::ReturnSale,
                                          context.timeout_seconds, request, &response);
    if (IsRefusal(status)) {
      refusals->Add(line.row, "returned_quantity", status.error_message());
      return absl::OkStatus();
    }
    return ServiceError(context.sales, status);
  });
}

}  // namespace clustr::ctl
