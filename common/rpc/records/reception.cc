#include "common/rpc/records/reception.h"

#include <optional>

namespace clustr::rpc {
namespace {

class Context final : public grpc::CallbackServerContext {
 public:
  explicit Context(Reception* reception) : reception_(reception) {}
  Reception* reception() const { return reception_; }
  const Admission& Admit(const Method& method) const {
    if (!admission_.has_value()) admission_ = reception_->gatekeeper->Admit(*this, method);
    return *admission_;
  }
  const Trace& trace() const {
    if (!trace_.has_value()) {
      Tracer* const tracer = reception_->tracer;
      trace_ = tracer == nullptr ? Trace::Of(*this) : tracer->Arrived(*this);
    }
    return *trace_;
  }

 private:
  Reception* const reception_;
  mutable std::optional<Admission> admission_;
  mutable std::optional<Trace> trace_;
};

class Contexts final : public grpc::ContextAllocator {
 public:
  explicit Contexts(Reception* reception) : reception_(reception) {}

  grpc::CallbackServerContext* NewCallbackServerContext() override {
    return new Context(reception_);
  }
  // gRPC 1.51 also gives back contexts of its own, those of calls to methods that do not exist. It
  // keeps them inside of another object.
  void Release(grpc::CallbackServerContext* context) override {
    delete dynamic_cast<Context*>(context);
  }

 private:
  Reception* const reception_;
};

}  // namespace

std::unique_ptr<grpc::ContextAllocator> ContextsOf(Reception* reception) {
  return std::make_unique<Contexts>(reception);
}

Reception* ReceptionOf(const grpc::ServerContextBase& context) {
  const auto* known = dynamic_cast<const Context*>(&context);
  return known == nullptr ? nullptr : known->reception();
}

Trace TraceOf(const grpc::ServerContextBase& context) {
  const auto* known = dynamic_cast<const Context*>(&context);
  return known == nullptr ? Trace::Of(context) : known->trace();
}

const Admission& Admit(const grpc::ServerContextBase& context, const Method& method) {
  static const auto* everybody = new Admission{absl::OkStatus(), "", Roles::All()};
  const auto* known = dynamic_cast<const Context*>(&context);
  return known == nullptr ? *everybody : known->Admit(method);
}

}  // namespace clustr::rpc
