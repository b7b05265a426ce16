// Measures servers that are already running: `clustr-bench COMMAND [flags]`. Writes the figures to
// standard output, one JSON line each, and to standard error as a table.

#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "tests/bench/service/command.h"

namespace clustr::bench {
namespace {

struct Entry {
  std::string name;
  std::string summary;
  std::function<std::unique_ptr<Command>()> make;
};

const std::vector<Entry>& Entries() {
  static const auto* entries = new std::vector<Entry>{
      {"empty-server", "serves a call that does nothing, until SIGTERM", MakeEmptyServerCommand},
      {"unary", "measures a unary read, alternating with the empty call", MakeUnaryCommand},
      {"purchases", "measures RecordPurchase by many clients", MakePurchasesCommand},
      {"stream-sales", "measures StreamSales from revision 0, counted and indexed",
       MakeStreamSalesCommand},
      {"freshness", "measures the time until a rule counts an acknowledged purchase",
       MakeFreshnessCommand},
      {"rules", "measures ListAssociationRules over random populations", MakeRulesCommand},
      {"bundles", "measures RecommendBundles with any mixture of bounds", MakeBundlesCommand},
      {"memory", "measures the memory per line in bundles", MakeMemoryCommand},
      {"ready", "measures how long bundles takes to answer and to catch up", MakeReadyCommand},
      {"storage", "measures SQLite, the disk and SOCI alone", MakeStorageCommand},
  };
  return *entries;
}

int Fail(const std::string& message) {
  std::cerr << "clustr-bench: " << message << '\n';
  return 2;
}

int Main(const std::vector<std::string>& arguments) {
  const std::string name = arguments.empty() ? "--help" : arguments[0];
  if (name == "--help") {
    std::cout << "clustr-bench COMMAND [flags]; clustr-bench COMMAND --help describes a command\n";
    for (const Entry& entry : Entries()) {
      std::cout << "  " << entry.name << std::string(14 - entry.name.size(), ' ') << entry.summary
                << '\n';
    }
    return 0;
  }
  for (const Entry& entry : Entries()) {
    if (entry.name != name) continue;
    const auto command = entry.make();
    bool help = false;
    ctl::FlagSet flags;
    command->DefineFlags(&flags);
    flags.Switch("help", "describes the command", &help);
    const auto rest = flags.Parse({arguments.begin() + 1, arguments.end()});
    if (!rest.ok()) return Fail(std::string(rest.status().message()));
    if (!rest->empty()) return Fail("\"" + rest->front() + "\" is not a flag; see --help");
    if (help) {
      std::cout << entry.name << ": " << entry.summary << "\n\n" << flags.Help();
      return 0;
    }
    Report report(&std::cout);
    if (const absl::Status status = command->Run(&report); !status.ok()) {
      return Fail(name + ": " + std::string(status.message()));
    }
    report.PrintTable(std::cerr);
    return 0;
  }
  return Fail("\"" + name + "\" is unknown; see --help");
}

}  // namespace
}  // namespace clustr::bench

int main(int argc, char** argv) { return clustr::bench::Main({argv + 1, argv + argc}); }
