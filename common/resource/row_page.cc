#include "common/resource/row_page.h"

#include "common/storage/page_token.h"

namespace clustr::resource {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

RowPage::RowPage(int64_t max_rows, Message* answer, const FieldDescriptor* rows_field)
    : max_rows_(max_rows), answer_(*answer), rows_field_(*rows_field) {}

Message* RowPage::Next() {
  if (rows_ > 0 && !full_) bytes_ += last().ByteSizeLong();
  full_ = full_ || rows_ == max_rows_ || bytes_ >= storage::kMaxPageBytes;
  if (!full_) {
    ++rows_;
    return answer_.GetReflection()->AddMessage(&answer_, &rows_field_);
  }
  if (beyond_ == nullptr) beyond_.reset(last().New());
  return beyond_.get();
}

const Message& RowPage::last() const {
  return answer_.GetReflection()->GetRepeatedMessage(answer_, &rows_field_,
                                                     static_cast<int>(rows_) - 1);
}

}  // namespace clustr::resource
