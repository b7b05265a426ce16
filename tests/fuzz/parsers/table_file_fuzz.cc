// The files of `clustrctl import`: CSV and JSON Lines, plain or gzip. The first byte selects the
// format and the second one the model; the rest is the file. Rows are numbered without a gap, and
// each is read or refused in words. What was read is written as a file and read again.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/importing/csv_rows.h"
#include "common/importing/json_rows.h"
#include "common/schema/annotations.h"
#include "common/schema/text.h"
#include "common/schema/validator.h"
#include "google/protobuf/util/message_differencer.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"
#include "tests/fuzz/messages/models.h"
#include "tests/fuzz/parsers/memory_file.h"
#include "tests/testing/temp_folder.h"
#include "tools/clustrctl/files/row_writer.h"

namespace clustr::fuzz {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using Rows = std::vector<std::unique_ptr<Message>>;

absl::StatusOr<std::unique_ptr<importing::RowSource>> Open(const std::string& path,
                                                           const Descriptor& model, bool json) {
  return json ? importing::JsonRows::Open(path, model) : importing::CsvRows::Open(path, model);
}

void CheckRefusal(const common::v1::RowError& error) {
  for (const auto& violation : error.violations()) {
    Check(!violation.description().empty() && schema::IsUtf8(violation.description()),
          "a bad row is explained", violation.description());
  }
}

// Reads a file to its end, and returns its good rows.
Rows ReadAll(const std::string& path, const Descriptor& model, bool json) {
  Rows rows;
  const auto source = Open(path, model, json);
  if (!source.ok()) {
    Check(!source.status().message().empty(), "a file that cannot be read is explained");
    return rows;
  }
  for (int64_t number = 1;; ++number) {
    std::unique_ptr<Message> row = NewMessage(model);
    common::v1::RowError error;
    size_t bytes = 0;
    const absl::StatusOr<bool> more = (*source)->Next(row.get(), &error, &bytes);
    if (!more.ok() || !*more) return rows;
    Check(error.row() == number, "rows are numbered", absl::StrCat(error.row()));
    CheckRefusal(error);
    if (error.violations().empty()) rows.push_back(std::move(row));
  }
}

// Writes rows that the servers would accept as they are, and reads them back.
void CheckCopy(const Rows& rows, const Descriptor& model, bool json) {
  static const testing::TempFolder folder;  // Destroyed at the end of the program.
  const schema::Validator validator(model);
  const std::string path = folder.File("copy");
  auto writer = ctl::RowWriter::Create(path, schema::InputFields(model),
                                       json ? ctl::RowFormat::kJsonLines : ctl::RowFormat::kCsv);
  Check(writer.ok(), "a copy can be written");
  std::vector<const Message*> written;
  for (const auto& row : rows) {
    std::vector<Violation> violations;
    validator.Check(*row, "", &violations);
    if (!violations.empty()) continue;
    Check(writer->Write(*row).ok(), "a row can be written");
    written.push_back(row.get());
  }
  Check(writer->Close().ok(), "a copy can be finished");
  if (written.empty()) return;
  const Rows copies = ReadAll(path, model, json);
  Check(copies.size() == written.size(), "a copy has all rows");
  for (size_t i = 0; i < copies.size(); ++i) {
    Check(google::protobuf::util::MessageDifferencer::Equals(*copies[i], *written[i]),
          "a row survives its file",
          absl::StrCat(written[i]->ShortDebugString(), " / ", copies[i]->ShortDebugString()));
  }
}

void Run(Input input) {
  const bool json = input.Below(2) == 1;
  const Descriptor& model = AnyModel(input);
  const MemoryFile file(input.Rest());
  CheckCopy(ReadAll(file.path(), model, json), model, json);
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
