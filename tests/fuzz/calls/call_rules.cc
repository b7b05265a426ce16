#include "tests/fuzz/calls/call_rules.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/schema/annotations.h"
#include "common/schema/field.h"
#include "google/protobuf/util/message_differencer.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/models.h"

namespace clustr::fuzz {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::util::MessageDifferencer;

namespace {

constexpr absl::Duration kShortWait = absl::Milliseconds(150);

bool IsWrite(const Requests& requests) {
  return requests.method->input_type()->FindFieldByName("request_id") != nullptr;
}

// Sets a text field that the message has.
void SetText(Message* message, const char* name, const std::string& value) {
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(name);
  message->GetReflection()->SetString(message, field, value);
}

// A unary method of the service that takes the id of a row of `model` and returns the row.
const MethodDescriptor* Getter(const google::protobuf::ServiceDescriptor& service,
                               const Descriptor& model) {
  for (int i = 0; i < service.method_count(); ++i) {
    const MethodDescriptor& method = *service.method(i);
    const FieldDescriptor* id = schema::IdField(model);
    if (!absl::StartsWith(method.name(), "Get") || method.input_type()->field_count() == 0)
      continue;
    if (method.input_type()->field(0)->name() != id->name()) continue;
    if (method.output_type()->field(0)->message_type() == &model) return &method;
  }
  return nullptr;
}

}  // namespace

void CallRules::CheckStatus(const Requests& requests, const absl::Status& status) const {
  if (status.ok() || (MayWait(requests) && absl::IsDeadlineExceeded(status))) return;
  const std::string about = absl::StrCat(damage_, requests.Text(), " -> ", status.ToString());
  fuzz::Check(!absl::IsUnknown(status) && !absl::IsDeadlineExceeded(status),
              "a call is answered in time", about);
  // gRPC itself answers what it cannot decode.
  if (!requests.decodable()) return;
  const ErrorReason reason = ReasonOf(status);
  fuzz::Check(reason != common::v1::ERROR_REASON_UNSPECIFIED, "an error has a reason", about);
  fuzz::Check(CodeOf(reason) == status.code(), "a reason has its code", about);
  fuzz::Check(!status.message().empty(), "an error has a text", about);
}

Answer CallRules::AskOnce(const Requests& requests) const {
  CallLimits limits;
  if (MayWait(requests)) limits.timeout = kShortWait;
  Answer answer = Ask(channel_, *requests.method, requests.bytes, limits);
  CheckStatus(requests, answer.status);
  return answer;
}

void CallRules::Call(const Requests& requests, MessageMaker* maker) const {
  const std::vector<int64_t> before = revisions_ == nullptr ? std::vector<int64_t>() : revisions_();
  const Answer answer = AskOnce(requests);
  for (const auto& message : answer.messages) maker->Remember(*message);
  if (revisions_ == nullptr) return;
  if (requests.method->client_streaming() || !requests.decodable()) return;
  const Message& request = *requests.messages[0];
  if (requests.method->server_streaming()) return;
  fuzz::Check(answer.status.ok() == (answer.messages.size() == 1), "a unary call has one answer",
              requests.Text());
  const bool changes = answer.status.ok() && !BoolField(request, "validate_only") &&
                       !BoolField(*answer.messages[0], "replayed");
  fuzz::Check(changes || revisions_() == before,
              "a call that is refused or only checks changes nothing",
              absl::StrCat(requests.Text(), " -> ", answer.status.ToString()));
  if (!answer.status.ok()) return;
  if (IsWrite(requests) && changes) {
    CheckStored(requests, *answer.messages[0]);
    if (!TextField(request, "request_id").empty()) CheckRepeated(requests, *answer.messages[0]);
  }
  if (!TextField(*answer.messages[0], "next_page_token").empty()) {
    CheckNextPage(requests, *answer.messages[0]);
  }
}

void CallRules::CheckRepeated(const Requests& requests, const Message& answer) const {
  const std::vector<int64_t> before = revisions_();
  const Answer again = AskOnce(requests);
  const std::string about = absl::StrCat(requests.Text(), " -> ", again.status.ToString());
  fuzz::Check(again.status.ok(), "a repeated request_id is answered", about);
  fuzz::Check(BoolField(*again.messages[0], "replayed"), "a repeated answer says so", about);
  const std::unique_ptr<Message> first(answer.New());
  first->CopyFrom(answer);
  first->GetReflection()->SetBool(first.get(), answer.GetDescriptor()->FindFieldByName("replayed"),
                                  true);
  fuzz::Check(MessageDifferencer::Equals(*first, *again.messages[0]),
              "a repeated request_id has the first answer", about);
  fuzz::Check(revisions_() == before, "a repeated request_id changes nothing", about);
}

void CallRules::CheckStored(const Requests& requests, const Message& answer) const {
  for (int i = 0; i < answer.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *answer.GetDescriptor()->field(i);
    if (field.is_repeated() || field.message_type() == nullptr) continue;
    if (schema::TableOptions(*field.message_type()) == nullptr) continue;
    const MethodDescriptor* getter = Getter(*requests.method->service(), *field.message_type());
    if (getter == nullptr) continue;
    const Message& row = answer.GetReflection()->GetMessage(answer, &field);
    const std::unique_ptr<Message> get = NewMessage(*getter->input_type());
    schema::SetInt64(get.get(), *get->GetDescriptor()->field(0),
                     schema::GetInt64(row, *schema::IdField(*field.message_type())));
    const Answer stored = Ask(channel_, *getter, {get->SerializeAsString()});
    const std::string about = absl::StrCat(requests.Text(), " -> ", row.ShortDebugString(), " / ",
                                           stored.status.ToString());
    fuzz::Check(stored.status.ok(), "a row that was written can be read", about);
    const Message& found = stored.messages[0]->GetReflection()->GetMessage(
        *stored.messages[0], getter->output_type()->field(0));
    fuzz::Check(MessageDifferencer::Equals(row, found), "a row is read as it was written",
                absl::StrCat(about, " ", found.ShortDebugString()));
  }
}

void CallRules::CheckNextPage(const Requests& requests, const Message& answer) const {
  const std::unique_ptr<Message> next(requests.messages[0]->New());
  next->CopyFrom(*requests.messages[0]);
  SetText(next.get(), "page_token", TextField(answer, "next_page_token"));
  const Answer page = Ask(channel_, *requests.method, {next->SerializeAsString()});
  fuzz::Check(
      page.status.ok() || ReasonOf(page.status) == common::v1::ERROR_REASON_PAGE_TOKEN_EXPIRED,
      "the next page can be read",
      absl::StrCat(next->ShortDebugString(), " -> ", page.status.ToString()));
}

}  // namespace clustr::fuzz
