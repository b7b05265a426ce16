#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "absl/strings/strip.h"
#include "tools/schema_dump/data_model_page.h"
#include "tools/schema_dump/reasons_table.h"
#include "tools/schema_dump/schema_listing.h"

namespace {

constexpr char kUsage[] = R"(Usage: clustr-schema-dump
       clustr-schema-dump --markdown=DESCRIPTOR_SET
       clustr-schema-dump --reasons=DESCRIPTOR_SET PAGE

Prints what follows from the models. Without arguments: SQL, rules and CSV columns
(proto/schema.golden). With --markdown: docs/data-model.md. With --reasons: PAGE, which is
docs/api.md, with its table of error reasons renewed. The comments come from a descriptor set with
source info.
)";

absl::StatusOr<std::string> ReadPage(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::InvalidArgumentError(std::string(path) + " cannot be read");
  }
  return text.str();
}

absl::StatusOr<std::string> Made(int argc, char** argv) {
  if (argc == 1) return clustr::schema_dump::SchemaListing();
  absl::string_view comments = argv[1];
  if (argc == 2 && absl::ConsumePrefix(&comments, "--markdown=")) {
    return clustr::schema_dump::DataModelPage(std::string(comments));
  }
  if (argc == 3 && absl::ConsumePrefix(&comments, "--reasons=")) {
    const auto page = ReadPage(argv[2]);
    if (!page.ok()) return page.status();
    return clustr::schema_dump::WithReasonsTable(*page, std::string(comments));
  }
  return absl::NotFoundError("usage");
}

}  // namespace

int main(int argc, char** argv) {
  const auto made = Made(argc, argv);
  if (absl::IsNotFound(made.status())) {
    std::cerr << kUsage;
    return 2;
  }
  if (!made.ok()) {
    std::cerr << "clustr-schema-dump: " << made.status().message() << "\n";
    return 1;
  }
  std::cout << *made;
  return 0;
}
