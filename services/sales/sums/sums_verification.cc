#include "services/sales/sums/sums_verification.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/sales/analytics/revenue_groups.h"
#include "services/sales/sums/sums_figures.h"

namespace clustr::sales {
namespace {

constexpr int kMaxDifferences = 100;
constexpr int kMaxTries = 10;
constexpr v1::RevenueDimension kDimensions[] = {
    v1::REVENUE_DIMENSION_PRODUCT_CATEGORY, v1::REVENUE_DIMENSION_PRODUCT_BRAND,
    v1::REVENUE_DIMENSION_CUSTOMER_SEGMENT, v1::REVENUE_DIMENSION_CHANNEL,
    v1::REVENUE_DIMENSION_PAYMENT_TYPE,     v1::REVENUE_DIMENSION_MONTH,
    v1::REVENUE_DIMENSION_CUSTOMER};

// Every figure of some days, from the sums or from a scan.
struct AllFigures {
  SummaryFigures summary;
  std::vector<ProductFigures> products;
  std::vector<std::vector<GroupFigures>> groups;  // In the order of kDimensions.
};

AllFigures FromSums(const SalesSums& sums, SalesSums::Period period) {
  AllFigures figures = {sums.SummaryOf(period), ProductsOf(sums, period), {}};
  for (const v1::RevenueDimension dimension : kDimensions) {
    figures.groups.push_back(GroupsOf(sums, dimension, period, std::numeric_limits<size_t>::max()));
  }
  return figures;
}

// Sums up the same from a scan. Knows nothing of the sums.
class ScannedFigures {
 public:
  explicit ScannedFigures(const CatalogReplica& replica) {
    groups_.reserve(std::size(kDimensions));
    for (const v1::RevenueDimension dimension : kDimensions) {
      groups_.emplace_back(dimension, AttributeOf(replica, dimension));
    }
  }
  void Add(const KeptPurchase& purchase) {
    summary_.Add(purchase);
    products_.Add(purchase);
    for (RevenueGroups& groups : groups_) groups.Add(purchase);
  }
  AllFigures Figures() const {
    AllFigures figures = {summary_.Figures(), products_.All(), {}};
    for (const RevenueGroups& groups : groups_) figures.groups.push_back(groups.All());
    return figures;
  }

 private:
  Summary summary_;
  ProductTotals products_;
  std::vector<RevenueGroups> groups_;
};

std::string Text(const SummaryFigures& figures) {
  std::ostringstream text;
  text << "revenue " << figures.revenue_cents << ", transactions " << figures.transaction_count
       << ", units " << figures.unit_count << ", customers " << figures.customer_count
       << ", products " << figures.product_count << ", amounts " << figures.amount_cents
       << ", smallest " << figures.min_cents << ", largest " << figures.max_cents;
  return text.str();
}

std::string Text(const ProductFigures& figures) {
  std::ostringstream text;
  text << "revenue " << figures.revenue_cents << ", units " << figures.unit_count;
  return text.str();
}

std::string Text(const GroupFigures& figures) {
  std::ostringstream text;
  text << "revenue " << figures.revenue_cents << ", transactions " << figures.transaction_count
       << ", units " << figures.unit_count;
  return text.str();
}

std::string KeyOf(const ProductFigures& figures) { return absl::StrCat(figures.product_sku); }
const std::string& KeyOf(const GroupFigures& figures) { return figures.key; }

class Comparison {
 public:
  explicit Comparison(v1::VerifySalesFiguresResponse* response) : response_(*response) {}

  // Compares two lists, in the order of their keys.
  template <class Figures>
  void Compare(const std::string& method, v1::RevenueDimension dimension,
               std::vector<Figures> served, std::vector<Figures> scanned) {
    const auto by_key = [](const Figures& a, const Figures& b) { return KeyOf(a) < KeyOf(b); };
    std::sort(served.begin(), served.end(), by_key);
    std::sort(scanned.begin(), scanned.end(), by_key);
    auto ours = served.begin();
    auto theirs = scanned.begin();
    while (ours != served.end() || theirs != scanned.end()) {
      const bool only_ours =
          theirs == scanned.end() || (ours != served.end() && by_key(*ours, *theirs));
      const bool only_theirs =
          ours == served.end() || (theirs != scanned.end() && by_key(*theirs, *ours));
      response_.set_compared_count(response_.compared_count() + 1);
      if (only_ours) {
        Differ(method, dimension, KeyOf(*ours), Text(*ours), "");
      } else if (only_theirs) {
        Differ(method, dimension, KeyOf(*theirs), "", Text(*theirs));
      } else if (!(*ours == *theirs)) {
        Differ(method, dimension, KeyOf(*ours), Text(*ours), Text(*theirs));
      }
      if (!only_theirs) ++ours;
      if (!only_ours) ++theirs;
    }
  }

  void Compare(const SummaryFigures& served, const SummaryFigures& scanned) {
    response_.set_compared_count(response_.compared_count() + 1);
    if (served == scanned) return;
    Differ("GetSalesSummary", v1::REVENUE_DIMENSION_UNSPECIFIED, "", Text(served), Text(scanned));
  }

 private:
  void Differ(const std::string& method, v1::RevenueDimension dimension, const std::string& key,
              std::string served, std::string scanned) {
    response_.set_difference_count(response_.difference_count() + 1);
    if (response_.differences_size() == kMaxDifferences) return;
    v1::FiguresDifference* difference = response_.add_differences();
    difference->set_method(method);
    difference->set_dimension(dimension);
    difference->set_key(key);
    difference->set_served(std::move(served));
    difference->set_scanned(std::move(scanned));
  }

  v1::VerifySalesFiguresResponse& response_;
};

void Fill(AllFigures served, AllFigures scanned, v1::VerifySalesFiguresResponse* response) {
  response->set_sums_kept(true);
  response->set_transaction_count(scanned.summary.transaction_count);
  Comparison comparison(response);
  comparison.Compare(served.summary, scanned.summary);
  comparison.Compare("ListTopProducts", v1::REVENUE_DIMENSION_UNSPECIFIED,
                     std::move(served.products), std::move(scanned.products));
  for (size_t i = 0; i < std::size(kDimensions); ++i) {
    comparison.Compare("QueryRevenue", kDimensions[i], std::move(served.groups[i]),
                       std::move(scanned.groups[i]));
  }
}

}  // namespace

absl::Status VerifySums(SumsFollower& follower, const CatalogReplica& replica, const Days& days,
                        const Caller& caller, v1::VerifySalesFiguresResponse* response) {
  for (int tries = 0; tries < kMaxTries; ++tries) {
    AllFigures served;
    std::optional<ScannedFigures> scanned;
    const auto from_sums = [&](const SalesSums& sums, const SumsFollower::State& state) {
      // If the replica is still at the attributes of the sums afterwards, it was so throughout.
      ScannedFigures empty(replica);
      const CatalogReplica::Versions versions = replica.versions();
      if (versions.products != sums.products_version() ||
          versions.customers != sums.customers_version()) {
        return;
      }
      served = FromSums(sums, PeriodOf(days));
      scanned.emplace(std::move(empty));
      response->set_revision(state.revision);
      response->set_catalog_revision(state.catalog_revision);
    };
    const auto by_scan = [&](storage::Session& session) {
      if (!scanned.has_value()) return absl::OkStatus();
      return ScanSales(
          session, days, LineDetail::kEach, [&] { return caller.Waits(); },
          [&](const KeptPurchase& purchase) { scanned->Add(purchase); });
    };
    CLUSTR_ASSIGN_OR_RETURN(const bool kept, follower.AskAndRead(caller, from_sums, by_scan));
    if (!kept && !follower.Problem().empty()) return absl::OkStatus();
    if (!kept) break;
    if (!scanned.has_value()) continue;
    Fill(std::move(served), scanned->Figures(), response);
    return absl::OkStatus();
  }
  return MakeError(common::v1::ERROR_REASON_STARTING,
                   "the sums are not at one state of sales and catalog yet; try again");
}

}  // namespace clustr::sales
