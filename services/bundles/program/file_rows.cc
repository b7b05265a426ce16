#include "services/bundles/program/file_rows.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace clustr::bundles {

using schema::CellType;

namespace {

constexpr size_t kPartBytes = 3 << 20;
constexpr char kCreate[] = R"sql(
    CREATE TABLE IF NOT EXISTS bundle_files (
      name TEXT NOT NULL,
      part BIGINT NOT NULL,
      revision BIGINT NOT NULL,
      content TEXT NOT NULL,
      PRIMARY KEY (name, part)))sql";

// The number of parts of the file.
int64_t CountParts(storage::Session& session, const std::string& name) {
  storage::Statement& query = session.Prepared("SELECT COUNT(*) FROM bundle_files WHERE name = :n",
                                               {CellType::kText}, {CellType::kInteger});
  query.SetText(0, name);
  query.Execute();
  int64_t parts = 0;
  while (query.Fetch()) parts = query.integer(0);
  return parts;
}

void DeleteParts(storage::Session& session, const std::string& name) {
  storage::Statement& remove =
      session.Prepared("DELETE FROM bundle_files WHERE name = :n", {CellType::kText});
  remove.SetText(0, name);
  remove.Change();
}

}  // namespace

std::string FileRowsTable() { return kCreate; }

std::vector<FileVersion> ListFileRows(storage::Session& session, absl::string_view suffix) {
  storage::Statement& query =
      session.Prepared("SELECT name, revision FROM bundle_files WHERE part = 0", {},
                       {CellType::kText, CellType::kInteger});
  query.Execute();
  std::vector<FileVersion> files;
  while (query.Fetch()) {
    if (absl::EndsWith(query.text(0), suffix)) files.push_back({query.text(0), query.integer(1)});
  }
  return files;
}

bool HasFileRows(storage::Session& session, const std::string& name) {
  return CountParts(session, name) > 0;
}

std::optional<std::string> ReadFileRows(storage::Session& session, const std::string& name) {
  const int64_t parts = CountParts(session, name);
  if (parts == 0) return std::nullopt;
  std::string bytes;
  // One part at a time, as the client of PostgreSQL holds all rows of a query.
  storage::Statement& query =
      session.Prepared("SELECT content FROM bundle_files WHERE name = :n AND part = :p",
                       {CellType::kText, CellType::kInteger}, {CellType::kText});
  for (int64_t part = 0; part < parts; ++part) {
    query.SetText(0, name);
    query.SetInteger(1, part);
    query.Execute();
    while (query.Fetch()) {
      std::string decoded;
      if (absl::Base64Unescape(query.text(0), &decoded)) bytes += decoded;
    }
  }
  return bytes;
}

KeptAs KeptAsFileRows(const std::string& name, absl::string_view what) {
  return {absl::StrCat(what, " in the database"),
          absl::StrCat("restore the database from a backup, or remove the rows of ", name,
                       " from its table bundle_files")};
}

void WriteFileRows(storage::WriteContext& context, const std::string& name,
                   absl::string_view bytes) {
  DeleteParts(context.session(), name);
  storage::Statement& insert = context.session().Prepared(
      "INSERT INTO bundle_files (name, part, revision, content) VALUES (:n, :p, :r, :c)",
      {CellType::kText, CellType::kInteger, CellType::kInteger, CellType::kText});
  int64_t part = 0;
  do {
    insert.SetText(0, name);
    insert.SetInteger(1, part++);
    insert.SetInteger(2, context.Revision());
    insert.SetText(3, absl::Base64Escape(bytes.substr(0, kPartBytes)));
    insert.Change();
    bytes.remove_prefix(std::min(kPartBytes, bytes.size()));
  } while (!bytes.empty());
  insert.SetText(3, "");  // The statement stays, but need not hold a part.
}

void RemoveFileRows(storage::WriteContext& context, const std::string& name) {
  DeleteParts(context.session(), name);
  context.Revision();
}

}  // namespace clustr::bundles
