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
           "Prints what is derived from the models, SQL, rules and CSV columns, as "
           "proto/schema.golden. With\n--markdown, prints docs/data-model.md, with comments from "
           "a descriptor set that has source info.\n";
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
