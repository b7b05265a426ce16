#ifndef CLUSTR_TESTS_BENCH_SERVICE_COMMAND_H_
#define CLUSTR_TESTS_BENCH_SERVICE_COMMAND_H_

#include <memory>

#include "absl/status/status.h"
#include "tests/bench/service/report.h"
#include "tools/clustrctl/flags.h"

namespace clustr::bench {

// A subcommand of clustr-bench. Every subcommand except empty-server ends by itself, in bounded
// time.
class Command {
 public:
  virtual ~Command() = default;
  virtual void DefineFlags(ctl::FlagSet* flags) = 0;
  // Measures, and adds the figures to the report. An error says why there is nothing to report.
  virtual absl::Status Run(Report* report) = 0;
};

std::unique_ptr<Command> MakeEmptyServerCommand();
std::unique_ptr<Command> MakeUnaryCommand();
std::unique_ptr<Command> MakePurchasesCommand();
std::unique_ptr<Command> MakeStreamSalesCommand();
std::unique_ptr<Command> MakeFreshnessCommand();
std::unique_ptr<Command> MakeRulesCommand();
std::unique_ptr<Command> MakeBundlesCommand();
std::unique_ptr<Command> MakeMemoryCommand();
std::unique_ptr<Command> MakeReadyCommand();
std::unique_ptr<Command> MakeStorageCommand();

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_COMMAND_H_
