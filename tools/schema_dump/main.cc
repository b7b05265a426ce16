#include <iostream>
#include <string>

#include "absl/strings/strip.h"
#include "tools/schema_dump/data_model_page.h"
#include "tools/schema_dump/schema_listing.h"

int main(int argc, char** argv) {
  if (argc == 1) {
    std::cout << clustr::schema_dump::SchemaListing();
    return 0;
  }
  absl::string_view comments = argv[1];
  if (argc != 2 || !absl::ConsumePrefix(&comments, "--markdown=")) {
    std::cerr
        << "Usage: clustr-schema-dump [--markdown=DESCRIPTOR_SET]\n"
           "Lists what follows from the models: SQL, rules, CSV columns (proto/schema.golden); "
           "with --markdown\ndocs/data-model.md, its comments from a descriptor set with "
           "source info.\n";
    return 2;
  }
  const auto page = clustr::schema_dump::DataModelPage(std::string(comments));
  if (!page.ok()) {
    std::cerr << "clustr-schema-dump: " << page.status().message() << "\n";
    return 1;
  }
  std::cout << *page;
  return 0;
}
