#include "tools/clustrctl/print/bundle_table.h"

#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/rule_table.h"

namespace clustr::ctl {

BundleTable::BundleTable()
    : table_({{"BUNDLE", Align::kLeft},
              {"SCORE"},
              {"PRICE"},
              {"MARGIN"},
              {"LIFT"},
              {"CONFIDENCE"},
              {"SUPPORT"},
              {"COUNT"}}) {}

void BundleTable::Add(const bundles::v1::MLBundleRecommendation& bundle) {
  table_.Add({DescribeProducts(bundle.bundle(), bundle.external_ids(), bundle.product_names(), 0),
              Ratio(bundle.score()), Money(bundle.total_price()),
              bundle.has_total_margin() ? Money(bundle.total_margin()) : "", Ratio(bundle.lift()),
              Percent(bundle.confidence()), Percent(bundle.support()),
              WithSeparators(bundle.count())});
}

}  // namespace clustr::ctl
