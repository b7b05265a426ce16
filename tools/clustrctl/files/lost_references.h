#ifndef CLUSTR_TOOLS_CLUSTRCTL_FILES_LOST_REFERENCES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FILES_LOST_REFERENCES_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clustr::ctl {

// Finds the rows of an export that an import elsewhere would refuse, as what they refer to was
// deleted: sales keeps what was bought, catalog need not keep what it was. Keeps the ids of catalog
// and of the rows found, about 10 bytes each; none of what else sales holds, which keeps references
// among its own rows whole. Not thread-safe.
class LostReferences {
 public:
  // Takes the next row, whose id is set; each table comes after those that it refers to. O(1).
  void Add(const google::protobuf::Message& row);

  // One line for each field that refers to rows that are missing or found themselves: `2 rows of
  // sales refer to products that catalog no longer has; an import elsewhere refuses them`. Empty if
  // there is none.
  std::vector<std::string> Describe() const;

 private:
  struct Table;
  struct Reference {
    const google::protobuf::FieldDescriptor* field;
    Table* target;
    int64_t lost_count = 0;
  };
  struct Table {
    const google::protobuf::Descriptor* row;
    std::vector<Reference> references;
    absl::flat_hash_set<int64_t> ids;   // All, in a table that refers to nothing.
    absl::flat_hash_set<int64_t> lost;  // Found, in a table that refers to others.
  };

  Table& TableOf(const google::protobuf::Descriptor& row);

  std::deque<Table> tables_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_LOST_REFERENCES_H_
