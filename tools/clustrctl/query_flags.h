#ifndef CLUSTR_TOOLS_CLUSTRCTL_QUERY_FLAGS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_QUERY_FLAGS_H_

#include <ostream>
#include <string>

#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "clustr/bundles/v1/population.pb.h"
#include "tools/clustrctl/flags.h"

// Flags that several requests to bundles or sales share, each bound to a field of the request.
namespace clustr::ctl {

void DefinePopulationFlags(FlagSet* flags, bundles::v1::Population* population);
void DefineThresholdFlags(FlagSet* flags, bundles::v1::RuleThresholds* thresholds);

// --from and --to, for a request with start_date and end_date.
void DefineDayFlags(FlagSet* flags, google::protobuf::Message* request);

// --min-sales-revision and --min-catalog-revision; every request to bundles has these fields.
void DefineRevisionFlags(FlagSet* flags, google::protobuf::Message* request);

// Prints a hint if the population has no basket, for example because nobody has one of its values.
void PrintIfEmpty(const bundles::v1::Provenance& provenance, std::ostream& out);

// Describes in one line what a response was computed from.
std::string DescribeProvenance(const bundles::v1::Provenance& provenance);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_QUERY_FLAGS_H_
