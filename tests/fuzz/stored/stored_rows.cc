#include "tests/fuzz/stored/stored_rows.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/schema/text.h"
#include "google/protobuf/stubs/logging.h"
#include "tests/fuzz/calls/any_call.h"
#include "tests/fuzz/calls/call_rules.h"
#include "tests/fuzz/calls/request_maker.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/message_maker.h"
#include "tests/fuzz/stored/damage.h"
#include "tests/testing/program_server.h"
#include "tests/testing/temp_folder.h"

namespace clustr::fuzz {
namespace {

constexpr int kMaxCalls = 3;

std::vector<const google::protobuf::MethodDescriptor*> Exports(const std::string& package) {
  std::vector<const google::protobuf::MethodDescriptor*> exports;
  for (const auto* method : MethodsOf(package)) {
    if (absl::StartsWith(method->name(), "Export")) exports.push_back(method);
  }
  return exports;
}

// Calls each method once with the plainest message.
void CallPlainly(const CallRules& rules,
                 const std::vector<const google::protobuf::MethodDescriptor*>& methods,
                 MessageMaker* maker) {
  for (const auto* method : methods) {
    Input none(nullptr, 0);
    MessageMaker plain(&none);
    rules.Call(NextRequests({method}, &none, &plain), maker);
  }
}

void CheckProblems(testing::ProgramServer& server, const std::vector<DamagedCell>& damaged,
                   const std::string& about) {
  ops::v1::GetStatusResponse status;
  server.program().AddStatus(&status);
  for (const std::string& problem : status.problems()) {
    Check(schema::IsUtf8(problem), "a problem is UTF-8", about);
  }
  for (const DamagedCell& cell : damaged) {
    const auto rows = status.row_counts().find(cell.table);
    if (!cell.broken_text || rows == status.row_counts().end()) continue;
    const bool named = std::any_of(
        status.problems().begin(), status.problems().end(),
        [&](const std::string& problem) { return absl::StrContains(problem, cell.table); });
    Check(named, "a text that is not UTF-8 is named among the problems", about);
  }
}

}  // namespace

void RunStored(const StoredService& service, const uint8_t* data, size_t size) {
  google::protobuf::SetLogHandler(nullptr);  // It reports each text that is not UTF-8.
  Input input(data, size);
  const testing::TempFolder folder;
  std::ofstream(folder.File("copy.db"), std::ios::binary) << service.database;
  const std::vector<DamagedCell> damaged = DamageCells(folder.File("copy.db"), input);
  const std::string about = absl::StrJoin(damaged, ", ",
                                          [](std::string* out, const DamagedCell& cell) {
                                            absl::StrAppend(out, cell.Text());
                                          }) +
                            ": ";
  const auto make = [&] { return service.make(folder.DatabaseUrl("copy.db")); };
  if (const auto program = make(); !program.ok()) {
    Check(!program.status().message().empty() && !absl::IsInternal(program.status()),
          "a server that does not start says why",
          absl::StrCat(about, program.status().ToString()));
    return;
  }
  testing::ProgramServer server(make);
  const CallRules rules(server.channel(), about);
  MessageMaker maker(&input);
  CallPlainly(rules, Exports(service.package), &maker);  // Reads every row.
  CheckProblems(server, damaged, about);
  const auto methods = MethodsOf(service.package);
  CallPlainly(rules, methods, &maker);
  for (int calls = 0; calls < kMaxCalls && !input.empty(); ++calls) {
    rules.Call(NextRequests(methods, &input, &maker), &maker);
  }
  server.Restart();
  CallPlainly(rules, methods, &maker);
}

std::string ReadFile(const std::string& path) {
  std::stringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

}  // namespace clustr::fuzz
