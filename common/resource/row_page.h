#ifndef CLUSTR_COMMON_RESOURCE_ROW_PAGE_H_
#define CLUSTR_COMMON_RESOURCE_ROW_PAGE_H_

#include <cstdint>
#include <memory>

#include "absl/functional/function_ref.h"
#include "google/protobuf/message.h"

namespace clustr::resource {

// Fills the rows of an answer from a listing until the answer holds `max_rows` rows or
// storage::kMaxPageBytes. Used by one thread.
class RowPage {
 public:
  // Called once for each row of the answer after it was read; `previous` is the row before it, or
  // nullptr.
  using Complete = absl::FunctionRef<void(const google::protobuf::Message* previous,
                                          google::protobuf::Message* row)>;

  // Borrows the answer and `complete`; `rows_field` is its list of rows, which is empty.
  RowPage(int64_t max_rows, google::protobuf::Message* answer,
          const google::protobuf::FieldDescriptor* rows_field, Complete complete);

  // The message to read the next row into. Once the page is full this is a message outside of the
  // answer.
  google::protobuf::Message* Next();

  // To be called after the last row was read.
  void End();

  // Number of rows in the answer.
  int64_t rows() const { return rows_; }
  // True if a row did not fit, so there is another page.
  bool full() const { return full_; }
  // The last row in the answer, which has at least one.
  const google::protobuf::Message& last() const;

 private:
  void CompleteLast();

  const int64_t max_rows_;
  google::protobuf::Message& answer_;
  const google::protobuf::FieldDescriptor& rows_field_;
  const Complete complete_;
  int64_t rows_ = 0;
  size_t bytes_ = 0;
  bool full_ = false;
  std::unique_ptr<google::protobuf::Message> beyond_;
};

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_ROW_PAGE_H_
