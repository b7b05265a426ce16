#include "services/bundles/rule_service/rule_import_stream.h"

#include <utility>

#include "common/base/call_state.h"
#include "common/rpc/arrival.h"
#include "common/rpc/call.h"
#include "common/rpc/connections/connection.h"
#include "common/rpc/status.h"
#include "common/rpc/stream_in.h"
#include "common/schema/refused_field.h"
#include "common/schema/unknown_fields.h"
#include "grpcpp/impl/codegen/proto_utils.h"

namespace clustr::bundles {

using v1::ImportRulesRequest;
using v1::ImportRulesResponse;

RuleImportStream::RuleImportStream(const grpc::CallbackServerContext& context,
                                   grpc::ByteBuffer* response, const Parts& parts,
                                   RuleSets* rule_sets, ThreadPool* pool,
                                   absl::StatusOr<CallSlots::Slot> slot, PauseWatch* pauses)
    : under_way_(context, rpc::MethodOf<ImportRulesRequest>()),
      context_(context),
      response_(response),
      parts_(parts),
      pool_(*pool),
      deadline_(rpc::DeadlineOf(context)),
      slot_(std::move(slot)),
      pauses_(*pauses),
      import_(rule_sets),
      pause_(
          pauses, [this] { End(pauses_.TooLong("sent")); },
          rpc::Connection::ArrivedFrom(context.peer())) {
  if (!under_way_.admitted().ok()) {
    End(under_way_.admitted());
  } else if (!slot_.ok()) {
    End(slot_.status());
  } else {
    ReadNext();
  }
}

void RuleImportStream::ReadNext() {
  pause_.Begin();
  StartRead(&bytes_);
}

void RuleImportStream::OnReadDone(bool ok) {
  if (!pause_.End()) return;
  if (!ok) return pool_.Run([this] { Store(); });
  under_way_.AddReceived(bytes_.Length());
  if (!grpc::SerializationTraits<ImportRulesRequest>::Deserialize(&bytes_, &message_).ok()) {
    return End(rpc::UndecodableMessage(message_count_ + 1, *ImportRulesRequest::descriptor()));
  }
  schema::DropUnknownFields(&message_);
  pool_.Run([this] { Process(); });
}

void RuleImportStream::Process() {
  if (absl::Status status = import_.Check(message_); !status.ok()) return End(status);
  if (message_count_++ > 0) return TakeRules();
  parts_.states.Await(
      RevisionsOf(import_.header()), {deadline_, &cancelled_, {}},
      [this] {
        return CallOrigin{rpc::PeerOf(context_), message_.ByteSizeLong()};
      },
      [this](const absl::Status& visible) {
        if (!visible.ok()) return End(visible);
        pool_.Run([this] {
          import_.Begin(parts_.states.newest()->shop);
          TakeRules();
        });
      });
}

void RuleImportStream::TakeRules() {
  if (absl::Status status = import_.Take(message_); !status.ok()) return End(status);
  ReadNext();
}

void RuleImportStream::Store() {
  if (cancelled_ || context_.IsCancelled()) return End(GoneError(true));
  absl::Status status = import_.Finish(&answer_);
  if (status.ok()) {
    under_way_.Cover(&answer_);
    bool own_buffer = false;
    grpc::SerializationTraits<ImportRulesResponse>::Serialize(answer_, response_, &own_buffer);
  }
  End(status);
}

void RuleImportStream::End(const absl::Status& status) {
  // What the header says may be refused after the last message, which has none.
  if (!status.ok() && !message_.has_header()) *message_.mutable_header() = import_.header();
  const absl::Status told = schema::WithFacts(status, message_);
  under_way_.AddSent(response_->Length());
  under_way_.End(told, nullptr, &answer_);
  Finish(rpc::ToGrpc(told));
}

}  // namespace clustr::bundles
