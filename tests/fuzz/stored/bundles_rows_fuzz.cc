// Damaged cells in the database of bundles: the rules that it restores, their floor, and its
// models. It follows an honest upstream, so it must soon serve again whatever it restored.

#include "absl/time/clock.h"
#include "services/bundles/bundles.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/stored/honest_upstream.h"
#include "tests/fuzz/stored/stored_rows.h"
#include "tests/testing/program_server.h"
#include "tests/testing/temp_folder.h"

namespace clustr::fuzz {
namespace {

absl::StatusOr<std::unique_ptr<rpc::Program>> Make(const std::string& url) {
  const std::string& upstream = HonestUpstream().address();
  return bundles::MakeBundles(
      *rpc::Flags::Parse(bundles::BundlesFlags(),
                         {"--database=" + url, "--catalog=" + upstream, "--sales=" + upstream}));
}

// The floor is stored when the server drains.
std::string Database() {
  const testing::TempFolder folder;
  testing::ProgramServer server([&] { return Make(folder.DatabaseUrl("bundles.db")); });
  ops::v1::GetStatusResponse status;
  for (int i = 0; i < 3000 && (status.revision() != 3 || !status.problems().empty()); ++i) {
    absl::SleepFor(absl::Milliseconds(10));
    status.Clear();
    server.program().AddStatus(&status);
  }
  Check(status.revision() == 3, "bundles reads the shop", status.ShortDebugString());
  server.Stop();
  return ReadFile(folder.File("bundles.db"));
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace clustr;
  static auto* const service =
      new fuzz::StoredService{"clustr.bundles.v1", fuzz::Database(), &fuzz::Make};
  fuzz::RunStored(*service, data, size);
  return 0;
}
