#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_ROWS_KINDS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_ROWS_KINDS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tools/clustrctl/command.h"

// The kinds of rows that `get` and `list` know. Everything about a kind is read from the descriptor
// of its service, so that a new field of a model needs no change here.
namespace clustr::ctl {

using MessagePtr = std::unique_ptr<google::protobuf::Message>;

struct Kind {
  std::string name;     // `product`
  std::string plural;   // `products`, as `list` also accepts.
  std::string command;  // The command that lists the rows, where `list` does not; usually empty.
  const google::protobuf::ServiceDescriptor* service;
  Service Context::*server;

  // The methods GetProduct and ListProducts; null if there is none.
  const google::protobuf::MethodDescriptor* get() const;
  const google::protobuf::MethodDescriptor* list() const;
  // The field of GetProductResponse that is the row, and that of ListProductsResponse.
  const google::protobuf::FieldDescriptor& row_field() const;
  const google::protobuf::FieldDescriptor& rows_field() const;
  const google::protobuf::Descriptor& row() const { return *row_field().message_type(); }
};

// The kind of that name or plural. INVALID_ARGUMENT, with the names and the nearest one, if there
// is none.
absl::StatusOr<const Kind*> FindKind(const std::string& name);

// The names of all kinds, or of those that `list` lists: `product, customer`.
std::string KindNames(bool listed_only);

// A new request or answer of a method.
MessagePtr NewMessage(const google::protobuf::Descriptor& type);

// Makes a unary call of a method that is known by its descriptor alone.
absl::Status CallMethod(const Context& context, const Service& server,
                        const google::protobuf::MethodDescriptor& method,
                        const google::protobuf::Message& request,
                        google::protobuf::Message* response);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_ROWS_KINDS_H_
