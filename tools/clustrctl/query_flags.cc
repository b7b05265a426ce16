#include "tools/clustrctl/query_flags.h"

#include "absl/strings/str_cat.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {

void DefinePopulationFlags(FlagSet* flags, bundles::v1::Population* population) {
  flags->Field("gender", population, "genders", "customers of this gender; \"\" means unset");
  flags->Field("min-age", population, "min_age", "customers of this age or older");
  flags->Field("max-age", population, "max_age", "customers of this age or younger");
  flags->Field("income", population, "income_levels", "customers with this income level");
  flags->Field("segment", population, "customer_segments", "customers in this segment");
  flags->Field("preference", population, "shopping_preferences",
               "customers with this shopping preference");
  flags->Field("city", population, "cities", "customers in this city");
  flags->Field("channel", population, "channels", "purchases through this channel");
  flags->Field("payment-type", population, "payment_types", "purchases with this payment type");
  DefineDayFlags(flags, population);
}

void DefineDayFlags(FlagSet* flags, google::protobuf::Message* request) {
  flags->Field("from", request, "start_date", "purchases on or after this day, YYYY-MM-DD");
  flags->Field("to", request, "end_date", "purchases on or before this day, YYYY-MM-DD");
}

void DefineThresholdFlags(FlagSet* flags, bundles::v1::RuleThresholds* thresholds) {
  flags->Share("min-support", thresholds, "min_support",
               "minimum support, 0 to 1 or with %; default 0.5%");
  flags->Share("min-confidence", thresholds, "min_confidence",
               "minimum confidence, 0 to 1 or with %; default 0");
  flags->Field("min-lift", thresholds, "min_lift", "minimum lift; default 1");
  flags->Field("min-count", thresholds, "min_count",
               "minimum number of baskets with both sides; default 2");
  flags->Share("max-p-value", thresholds, "max_p_value",
               "maximum p-value, 0 to 1 or with %; default: no test");
  flags->Field("max-items", thresholds, "max_items",
               "maximum number of products in a rule, 2 to 8; default 4");
  flags->Field("max-consequents", thresholds, "max_consequents",
               "maximum number of products on the right");
  flags->Field("only-improving", thresholds, "only_improving",
               "leaves out rules that a simpler one is as confident as; default false");
}

void DefineRevisionFlags(FlagSet* flags, google::protobuf::Message* request) {
  flags->Field("min-sales-revision", request, "min_sales_revision",
               "waits until bundles has applied this sales revision");
  flags->Field("min-catalog-revision", request, "min_catalog_revision",
               "waits until bundles has applied this catalog revision");
}

void PrintIfEmpty(const bundles::v1::Provenance& provenance, std::ostream& out) {
  if (provenance.basket_count() > 0) return;
  out << "the population is empty; `clustrctl populations` lists the values\n";
}

std::string DescribeProvenance(const bundles::v1::Provenance& provenance) {
  const int64_t behind = provenance.sales_head_revision() - provenance.sales_revision();
  return absl::StrCat(WithSeparators(provenance.basket_count()), " baskets, sales revision ",
                      provenance.sales_revision(),
                      behind > 0 ? absl::StrCat(" (", WithSeparators(behind), " behind)") : "",
                      ", catalog revision ", provenance.catalog_revision(),
                      provenance.model_id().empty() ? "" : ", model " + provenance.model_id());
}

}  // namespace clustr::ctl
