#include "tools/clustrctl/files/export_stream.h"

#include "common/base/status_macros.h"
#include "common/schema/annotations.h"

namespace clustr::ctl {

using google::protobuf::Descriptor;
using google::protobuf::Message;

ExportedRows::ExportedRows(const Descriptor& request, const Descriptor& response)
    : rows_(RowsField(response)),
      id_(schema::IdField(row())),
      after_(request.FindFieldByName("after_" + id_->name())) {}

int ExportedRows::Count(const Message& response) const {
  return response.GetReflection()->FieldSize(response, rows_);
}

absl::Status ExportedRows::Take(const Message& response,
                                absl::FunctionRef<absl::Status(const Message&)> write,
                                Message* request) const {
  const Message* last = nullptr;
  for (int i = 0; i < Count(response); ++i) {
    last = &response.GetReflection()->GetRepeatedMessage(response, rows_, i);
    CLUSTR_RETURN_IF_ERROR(write(*last));
  }
  if (last == nullptr) return absl::OkStatus();
  request->GetReflection()->SetInt64(request, after_, last->GetReflection()->GetInt64(*last, id_));
  return absl::OkStatus();
}

}  // namespace clustr::ctl
