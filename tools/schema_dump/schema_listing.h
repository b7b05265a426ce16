#ifndef CLUSTR_TOOLS_SCHEMA_DUMP_SCHEMA_LISTING_H_
#define CLUSTR_TOOLS_SCHEMA_DUMP_SCHEMA_LISTING_H_

#include <string>

#include "google/protobuf/descriptor.h"

namespace clustr::schema_dump {

// Lists what is derived from a model: its SQL statements, its CSV columns, and each field with its
// column and rules. Equal models give equal text.
std::string ListModel(const google::protobuf::Descriptor& model);

// Lists every model, as in proto/schema.golden.
std::string SchemaListing();

}  // namespace clustr::schema_dump

#endif  // CLUSTR_TOOLS_SCHEMA_DUMP_SCHEMA_LISTING_H_
