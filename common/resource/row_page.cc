#include "common/resource/row_page.h"

#include "common/storage/page_token.h"

namespace clustr::resource {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

RowPage::RowPage(int64_t max_rows, Message* answer, const FieldDescriptor* rows_field,
                 Complete complete)
    : max_rows_(max_rows), answer_(*answer), rows_field_(*rows_field), complete_(complete) {}

Message* RowPage::Next() {
  if (rows_ > 0 && !full_) {
    CompleteLast();
    bytes_ += last().ByteSizeLong();
  }
  full_ = full_ || rows_ == max_rows_ || bytes_ >= storage::kMaxPageBytes;
  if (!full_) {
    ++rows_;
    return answer_.GetReflection()->AddMessage(&answer_, &rows_field_);
  }
  if (beyond_ == nullptr) beyond_.reset(last().New());
  return beyond_.get();
}

void RowPage::End() {
  if (rows_ > 0 && !full_) CompleteLast();
}

void RowPage::CompleteLast() {
  const google::protobuf::Reflection& reflection = *answer_.GetReflection();
  const int at = static_cast<int>(rows_) - 1;
  const Message* previous =
      at == 0 ? nullptr : &reflection.GetRepeatedMessage(answer_, &rows_field_, at - 1);
  complete_(previous, reflection.MutableRepeatedMessage(&answer_, &rows_field_, at));
}

const Message& RowPage::last() const {
  return answer_.GetReflection()->GetRepeatedMessage(answer_, &rows_field_,
                                                     static_cast<int>(rows_) - 1);
}

}  // namespace clustr::resource
