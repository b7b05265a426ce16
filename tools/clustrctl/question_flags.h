#ifndef CLUSTR_TOOLS_CLUSTRCTL_QUESTION_FLAGS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_QUESTION_FLAGS_H_

#include <ostream>
#include <string>

#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "clustr/bundles/v1/population.pb.h"
#include "tools/clustrctl/flags.h"

// Flags that several questions to bundles or sales share, bound to the fields of their requests.
namespace clustr::ctl {

void DefinePopulationFlags(FlagSet* flags, bundles::v1::Population* population);
void DefineThresholdFlags(FlagSet* flags, bundles::v1::RuleThresholds* thresholds);

// --from and --to of a request with start_date and end_date.
void DefineDayFlags(FlagSet* flags, google::protobuf::Message* request);

// --min-sales-revision and --min-catalog-revision, which every request to bundles has.
void DefineRevisionFlags(FlagSet* flags, google::protobuf::Message* request);

// A line where no basket was counted, as of a population value that nobody has; else nothing.
void PrintIfEmpty(const bundles::v1::Provenance& provenance, std::ostream& out);

// What an answer was computed from, in one line for people.
std::string DescribeProvenance(const bundles::v1::Provenance& provenance);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_QUESTION_FLAGS_H_
