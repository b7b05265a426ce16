// The file of `clustrctl import --flat`: order lines as shops export them. Whatever the bytes are,
// the file is read or refused in words.

#include <optional>

#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"
#include "tests/fuzz/parsers/memory_file.h"
#include "tools/clustrctl/flat/file/order_file.h"

namespace clustr::fuzz {
namespace {

void Run(Input input) {
  ctl::FileSettings settings;
  settings.days.order = input.Any<std::optional<ctl::DayOrder>>(
      {std::nullopt, ctl::DayOrder::kDayFirst, ctl::DayOrder::kMonthFirst});
  const MemoryFile bytes(input.Rest());
  auto file = ctl::OrderFile::Open(bytes.path(), settings);
  Check(file.ok() || !file.status().message().empty(), "a refused file is explained");
  if (!file.ok()) return;
  ctl::OrderBook book;
  ctl::Refusals refusals;
  const absl::Status status = (*file)->Read([](int64_t, int64_t) {}, &book, &refusals);
  Check(status.ok() || !status.message().empty(), "a file that cannot be read is explained");
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
