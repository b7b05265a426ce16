#include "tools/clustrctl/question_flags.h"

#include "absl/strings/str_cat.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {

void DefinePopulationFlags(FlagSet* flags, bundles::v1::Population* population) {
  flags->Field("gender", population, "genders", "customers of this gender; \"\" for unset");
  flags->Field("min-age", population, "min_age", "customers of this age and older");
  flags->Field("max-age", population, "max_age", "customers of this age and younger");
  flags->Field("income", population, "income_levels", "customers of this income level");
  flags->Field("segment", population, "customer_segments", "customers of this segment");
  flags->Field("preference", population, "shopping_preferences", "customers of this preference");
  flags->Field("city", population, "cities", "customers of this city");
  flags->Field("channel", population, "channels", "purchases of this channel");
  flags->Field("payment-type", population, "payment_types", "purchases of this payment type");
  DefineDayFlags(flags, population);
}

void DefineDayFlags(FlagSet* flags, google::protobuf::Message* request) {
  flags->Field("from", request, "start_date", "purchases from this day, YYYY-MM-DD");
  flags->Field("to", request, "end_date", "purchases to this day, YYYY-MM-DD");
}

void DefineThresholdFlags(FlagSet* flags, bundles::v1::RuleThresholds* thresholds) {
  flags->Field("min-support", thresholds, "min_support", "0 to 1; default 0.005");
  flags->Field("min-confidence", thresholds, "min_confidence", "0 to 1; default 0");
  flags->Field("min-lift", thresholds, "min_lift", "default 1");
  flags->Field("min-count", thresholds, "min_count", "baskets with both sides; default 2");
  flags->Field("max-p-value", thresholds, "max_p_value", "0 to 1; default no test");
  flags->Field("max-items", thresholds, "max_items", "products of a rule, 2 to 8; default 4");
  flags->Field("max-consequents", thresholds, "max_consequents", "products on the right");
}

void DefineRevisionFlags(FlagSet* flags, google::protobuf::Message* request) {
  flags->Field("min-sales-revision", request, "min_sales_revision",
               "wait until this sales revision counts");
  flags->Field("min-catalog-revision", request, "min_catalog_revision",
               "wait until this catalog revision counts");
}

void PrintIfEmpty(const bundles::v1::Provenance& provenance, std::ostream& out) {
  if (provenance.basket_count() > 0) return;
  out << "the population is empty; `clustrctl populations` lists the values\n";
}

std::string DescribeProvenance(const bundles::v1::Provenance& provenance) {
  const int64_t behind = provenance.sales_head_revision() - provenance.sales_revision();
  return absl::StrCat(WithSeparators(provenance.basket_count()), " baskets, sales revision ",
                      provenance.sales_revision(),
                      behind > 0 ? absl::StrCat(" (", behind, " behind)") : "",
                      ", catalog revision ", provenance.catalog_revision(),
                      provenance.model_id().empty() ? "" : ", model " + provenance.model_id());
}

}  // namespace clustr::ctl
