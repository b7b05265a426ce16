#ifndef CLUSTR_TOOLS_SCHEMA_DUMP_SCHEMA_LISTING_H_
#define CLUSTR_TOOLS_SCHEMA_DUMP_SCHEMA_LISTING_H_

#include <string>

#include "google/protobuf/descriptor.h"

namespace clustr::schema_dump {

// What follows from one model: its statements, its CSV columns, each field with its column and
// rules. Equal models give equal text.
std::string ListModel(const google::protobuf::Descriptor& model);

// The listing of every model, as proto/schema.golden has it.
std::string SchemaListing();

}  // namespace clustr::schema_dump

#endif  // CLUSTR_TOOLS_SCHEMA_DUMP_SCHEMA_LISTING_H_
