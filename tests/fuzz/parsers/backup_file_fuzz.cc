// Files of `clustrctl backup`: the input decides the contents of a backup, whose chunks are then
// numbered and sealed as they must be, and changes bytes of the file. The file is refused in words,
// or every chunk of it is there and passes the check of the server.

#include <algorithm>
#include <string>

#include "clustr/ops/v1/backup.pb.h"
#include "common/backup/backup_check.h"
#include "common/backup/chunk_chain.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"
#include "tests/fuzz/messages/message_maker.h"
#include "tests/fuzz/parsers/memory_file.h"
#include "tools/clustrctl/commands/backup/backup_file.h"

namespace clustr::fuzz {
namespace {

using ops::v1::BackupContent;

// Makes the contents of a backup, mostly as the server would.
class Contents {
 public:
  Contents(Input* input, const char* service) : input_(*input), maker_(input), service_(service) {}

  // True if everything so far is as it must be.
  bool good() const { return good_; }

  std::string Next(size_t place, size_t count) {
    BackupContent content;
    if (input_.OneIn(12)) {
      maker_.Fill(&content);
      good_ = false;
    } else if (place == 0) {
      content.mutable_header()->set_format(backup::kFormat);
      content.mutable_header()->set_service(service_);
    } else if (place + 1 == count) {
      content.mutable_end()->set_row_count(rows_);
      content.mutable_end()->set_data_sha256(data_.Digest());
      return content.SerializeAsString();
    } else if (place == 1 || input_.OneIn(3)) {
      FillTable(content.mutable_table());
    } else {
      FillRows(content.mutable_rows());
    }
    std::string bytes = content.SerializeAsString();
    if (place > 0 && table_.shop_data()) data_.Add(bytes);
    return bytes;
  }

 private:
  void FillTable(ops::v1::BackupTable* table) {
    table->set_name("products");
    table->set_shop_data(input_.OneIn(2));
    for (size_t columns = 1 + input_.Below(3); columns > 0; --columns) {
      table->add_columns()->set_type(input_.Any({"BIGINT NOT NULL", "TEXT", "DOUBLE PRECISION"}));
    }
    table_ = *table;
  }

  void FillRows(ops::v1::BackupRows* rows) {
    const size_t count = 1 + input_.Below(3);
    rows->set_row_count(static_cast<int32_t>(count));
    for (const auto& column : table_.columns()) {
      ops::v1::BackupCells* cells = rows->add_columns();
      const size_t missing = input_.OneIn(16) ? 1 : 0;
      good_ = good_ && missing == 0;
      for (size_t i = missing; i < count; ++i) {
        if (column.type() == "TEXT") {
          cells->add_texts(input_.Bytes(3));
        } else if (column.type() == "DOUBLE PRECISION") {
          cells->add_reals(input_.Byte());
        } else {
          cells->add_integers(input_.Byte());
        }
      }
      if (!input_.OneIn(4)) continue;
      const size_t null = input_.Below(4);
      good_ = good_ && null < count;
      cells->add_nulls(static_cast<int32_t>(null));
    }
    rows_ += static_cast<int64_t>(count);
  }

  Input& input_;
  MessageMaker maker_;
  const char* const service_;
  bool good_ = true;
  ops::v1::BackupTable table_;
  backup::Sha256 data_;
  int64_t rows_ = 0;
};

// A backup of one service; `good` stays as it is if the backup must be accepted.
std::string Chunks(Input* input, const char* service, bool* good) {
  Contents contents(input, service);
  backup::ChunkChain chain;
  std::string chunks;
  const size_t count = 3 + input->Below(6);
  for (size_t i = 0; i < count; ++i) {
    ops::v1::BackupChunk chunk;
    chain.Seal(contents.Next(i, count), &chunk);
    const std::string bytes = chunk.SerializeAsString();
    for (int k = 0; k < 4; ++k) chunks.push_back(static_cast<char>(bytes.size() >> 8 * k));
    chunks += bytes;
  }
  *good = *good && contents.good();
  return chunks;
}

// Returns whether the file is accepted.
bool CheckFile(const std::string& bytes) {
  const MemoryFile file(bytes);
  double last = 0;
  const auto sections = ctl::CheckBackupFile(file.path(), [&](double share) {
    Check(share >= last && share <= 1, "progress rises to 1");
    last = share;
  });
  if (!sections.ok()) {
    Check(absl::IsFailedPrecondition(sections.status()), "a backup is refused with its code",
          sections.status().ToString());
    Check(sections.status().message().size() > file.path().size() + 2, "and in words");
    return false;
  }
  for (const ctl::BackupSection& section : *sections) {
    int64_t chunks = 0;
    const absl::Status read = ctl::ReadSection(
        file.path(), section, [&](const ops::v1::BackupChunk&) { return ++chunks > 0; });
    Check(read.ok() && chunks == section.chunks, "a checked backup can be read", read.ToString());
  }
  return true;
}

void Run(Input input) {
  bool good = true;
  const bool both = input.OneIn(3);
  std::string file = both ? "clustr-backup 1: catalog sales\n" : "clustr-backup 1: catalog\n";
  file += Chunks(&input, "catalog", &good);
  if (both) {
    const bool wrong = input.OneIn(8);
    file += Chunks(&input, wrong ? "catalog" : "sales", &good);
    good = good && !wrong;
  }
  if (input.OneIn(8)) {
    file += Chunks(&input, "sales", &good);
    good = false;
  }
  Check(CheckFile(file) || !good, "a good backup is accepted");
  for (size_t changes = input.Below(4); changes > 0; --changes) {
    file[input.Below(std::min<size_t>(file.size(), 65'536))] = static_cast<char>(input.Byte());
  }
  if (input.OneIn(4)) file.resize(input.Below(std::min<size_t>(file.size(), 65'536)));
  CheckFile(file);
  CheckFile(input.Rest());
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
