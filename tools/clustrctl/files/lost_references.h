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

// Finds the dangling references of an export: rows that an import elsewhere would refuse because
// the row they refer to was deleted. Sales keeps its purchases, while catalog may delete the
// products, customers and days in them. Stores the ids of catalog's rows and of the rows found,
// about 10 bytes each. It does not store the other ids of sales, whose references among its own
// rows never dangle. Not thread-safe.
class LostReferences {
 public:
  // Checks the next row, whose id must be set. All rows of a table must come after those of the
  // tables that it refers to. O(1).
  void Add(const google::protobuf::Message& row);

  // One line for each field that refers to a deleted row, or to a row found here: `2 rows of sales
  // refer to products that catalog no longer has; an import elsewhere refuses them`. Empty if there
  // is none.
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
    absl::flat_hash_set<int64_t> ids;   // All ids, if the table refers to no other.
    absl::flat_hash_set<int64_t> lost;  // Ids of the rows found, if the table refers to others.
  };

  Table& TableOf(const google::protobuf::Descriptor& row);

  std::deque<Table> tables_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_LOST_REFERENCES_H_
