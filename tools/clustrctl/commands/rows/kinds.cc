#include "tools/clustrctl/commands/rows/kinds.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "clustr/catalog/v1/customer_service.pb.h"
#include "clustr/catalog/v1/product_service.pb.h"
#include "clustr/catalog/v1/timeframe_service.pb.h"
#include "clustr/sales/v1/sale_service.pb.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "tools/clustrctl/nearest_name.h"

namespace clustr::ctl {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

namespace {

const std::vector<Kind>& Kinds() {
  const auto service = [](const Descriptor* message) { return message->file()->service(0); };
  static const auto* const kKinds = new std::vector<Kind>{
      {"product", "products", "", service(catalog::v1::GetProductRequest::descriptor()),
       &Context::catalog},
      {"customer", "customers", "", service(catalog::v1::GetCustomerRequest::descriptor()),
       &Context::catalog},
      {"timeframe", "timeframes", "", service(catalog::v1::GetTimeframeRequest::descriptor()),
       &Context::catalog},
      {"transaction", "transactions", "", service(sales::v1::GetTransactionRequest::descriptor()),
       &Context::sales},
      {"sale", "sales", "", service(sales::v1::GetSaleRequest::descriptor()), &Context::sales},
      {"rule", "rules", "rules", service(bundles::v1::GetAssociationRuleRequest::descriptor()),
       &Context::bundles},
  };
  return *kKinds;
}

const MethodDescriptor* MethodNamed(const google::protobuf::ServiceDescriptor& service,
                                    const char* prefix) {
  for (int i = 0; i < service.method_count(); ++i) {
    if (absl::StartsWith(service.method(i)->name(), prefix)) return service.method(i);
  }
  return nullptr;
}

// The first field of the type that is a message, or a list of messages.
const FieldDescriptor& MessageField(const Descriptor& type, bool repeated) {
  int i = 0;
  while (type.field(i)->message_type() == nullptr || type.field(i)->is_repeated() != repeated) ++i;
  return *type.field(i);
}

}  // namespace

const MethodDescriptor* Kind::get() const { return MethodNamed(*service, "Get"); }
const MethodDescriptor* Kind::list() const { return MethodNamed(*service, "List"); }
const FieldDescriptor& Kind::row_field() const {
  return MessageField(*get()->output_type(), /*repeated=*/false);
}
const FieldDescriptor& Kind::rows_field() const {
  return MessageField(*list()->output_type(), /*repeated=*/true);
}

std::string KindNames(bool listed_only) {
  std::string names;
  for (const Kind& kind : Kinds()) {
    if (listed_only && !kind.command.empty()) continue;
    absl::StrAppend(&names, names.empty() ? "" : ", ", kind.name);
  }
  return names;
}

absl::StatusOr<const Kind*> FindKind(const std::string& name) {
  std::vector<std::string> names;
  for (const Kind& kind : Kinds()) {
    if (name == kind.name || name == kind.plural) return &kind;
    names.push_back(kind.name);
  }
  return absl::InvalidArgumentError(absl::StrCat(Quoted(name), " is no kind of row; give one of ",
                                                 KindNames(/*listed_only=*/false),
                                                 DidYouMean(name, names)));
}

MessagePtr NewMessage(const Descriptor& type) {
  return MessagePtr(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

absl::Status CallMethod(const Context& context, const Service& server,
                        const MethodDescriptor& method, const Message& request, Message* response) {
  grpc::ClientContext call;
  SetTimeout(context.timeout_seconds, &call);
  const grpc::Slice sent(request.SerializeAsString());
  const grpc::ByteBuffer question(&sent, 1);
  grpc::GenericStub stub(server.channel);
  grpc::CompletionQueue queue;
  const auto reader = stub.PrepareUnaryCall(
      &call, absl::StrCat("/", method.service()->full_name(), "/", method.name()), question,
      &queue);
  reader->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  reader->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  CLUSTR_RETURN_IF_ERROR(ServiceError(server, status));
  std::vector<grpc::Slice> parts;
  std::string bytes;
  if (answer.Dump(&parts).ok()) {
    for (const grpc::Slice& part : parts) {
      bytes.append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
    if (response->ParseFromString(bytes)) return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      server.name, " at ", server.address, " sent an answer that is no ",
      response->GetDescriptor()->full_name(), "; use a clustrctl of the version of the server"));
}

}  // namespace clustr::ctl
