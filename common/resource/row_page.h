#ifndef CLUSTR_COMMON_RESOURCE_ROW_PAGE_H_
#define CLUSTR_COMMON_RESOURCE_ROW_PAGE_H_

#include <cstdint>
#include <memory>

#include "google/protobuf/message.h"

namespace clustr::resource {

// Fills the rows of an answer from a listing until the answer holds `max_rows` rows or
// storage::kMaxPageBytes. Used by one thread.
class RowPage {
 public:
  // Borrows the answer; `rows_field` is its list of rows, which is empty.
  RowPage(int64_t max_rows, google::protobuf::Message* answer,
          const google::protobuf::FieldDescriptor* rows_field);

  // The message to read the next row into. Once the page is full this is a message outside of the
  // answer.
  google::protobuf::Message* Next();

  // Number of rows in the answer.
  int64_t rows() const { return rows_; }
  // True if a row did not fit, so there is another page.
  bool full() const { return full_; }
  // The last row in the answer, which has at least one.
  const google::protobuf::Message& last() const;

 private:
  const int64_t max_rows_;
  google::protobuf::Message& answer_;
  const google::protobuf::FieldDescriptor& rows_field_;
  int64_t rows_ = 0;
  size_t bytes_ = 0;
  bool full_ = false;
  std::unique_ptr<google::protobuf::Message> beyond_;
};

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_ROW_PAGE_H_
