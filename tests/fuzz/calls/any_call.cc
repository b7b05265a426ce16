#include "tests/fuzz/calls/any_call.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/rpc/status.h"
#include "google/protobuf/descriptor_database.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/models.h"

namespace clustr::fuzz {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

namespace {

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToBytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// One call, whose operations follow one another.
class AnyCall {
 public:
  AnyCall(const std::shared_ptr<grpc::Channel>& channel, const MethodDescriptor& method,
          absl::Duration timeout)
      : stub_(channel) {
    context_.set_wait_for_ready(true);
    context_.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(timeout));
    stream_ = stub_.PrepareCall(
        &context_, absl::StrCat("/", method.service()->full_name(), "/", method.name()), &queue_);
    stream_->StartCall(nullptr);
    Wait();
  }

  bool Write(const std::string& bytes) {
    stream_->Write(ToBuffer(bytes), nullptr);
    return Wait();
  }
  void WritesDone() {
    stream_->WritesDone(nullptr);
    Wait();
  }
  bool Read(std::string* bytes) {
    grpc::ByteBuffer buffer;
    stream_->Read(&buffer, nullptr);
    if (!Wait()) return false;
    *bytes = ToBytes(buffer);
    return true;
  }
  void Cancel() { context_.TryCancel(); }
  grpc::Status Finish() {
    grpc::Status status;
    stream_->Finish(&status, nullptr);
    Wait();
    return status;
  }

 private:
  bool Wait() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
};

}  // namespace

std::vector<const MethodDescriptor*> MethodsOf(const std::string& package) {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::sort(files.begin(), files.end());
  const std::string folder = absl::StrReplaceAll(package, {{".", "/"}}) + "/";
  std::vector<const MethodDescriptor*> methods;
  for (const std::string& name : files) {
    if (!absl::StartsWith(name, folder)) continue;
    const auto& file = *DescriptorPool::generated_pool()->FindFileByName(name);
    for (int i = 0; i < file.service_count(); ++i) {
      const auto& service = *file.service(i);
      for (int k = 0; k < service.method_count(); ++k) methods.push_back(service.method(k));
    }
  }
  return methods;
}

Answer Ask(const std::shared_ptr<grpc::Channel>& channel, const MethodDescriptor& method,
           const std::vector<std::string>& requests, const CallLimits& limits) {
  Answer answer;
  AnyCall call(channel, method, limits.timeout);
  for (const std::string& request : requests) {
    if (!call.Write(request)) break;
  }
  call.WritesDone();
  bool enough = false;
  for (std::string bytes; !enough && call.Read(&bytes);) {
    std::unique_ptr<Message> message = NewMessage(*method.output_type());
    Check(message->ParseFromString(bytes), "an answer is a message of its type",
          method.full_name());
    answer.messages.push_back(std::move(message));
    enough = answer.messages.size() >= limits.max_messages;
  }
  if (enough) call.Cancel();
  const grpc::Status status = call.Finish();
  if (!(enough && status.error_code() == grpc::StatusCode::CANCELLED)) {
    answer.status = rpc::FromGrpc(status);
  }
  return answer;
}

}  // namespace clustr::fuzz
