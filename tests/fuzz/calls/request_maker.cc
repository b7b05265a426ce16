#include "tests/fuzz/calls/request_maker.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/storage/page_token.h"
#include "tests/fuzz/messages/models.h"

namespace clustr::fuzz {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

// The singular field of this name and type; null if there is none.
const FieldDescriptor* Find(const Message& message, const char* name,
                            FieldDescriptor::CppType type) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  return field != nullptr && !field->is_repeated() && field->cpp_type() == type ? field : nullptr;
}

// Gives the request a token that is well formed and belongs to it, but names any place.
void ForgeToken(Input& input, Message* request) {
  const auto* const field = Find(*request, "page_token", FieldDescriptor::CPPTYPE_STRING);
  if (field == nullptr || !input.OneIn(4)) return;
  const auto after = static_cast<int64_t>(input.OneIn(2) ? input.Word() : input.Below(8));
  const auto total = static_cast<int64_t>(input.OneIn(2) ? input.Word() : input.Below(8));
  request->GetReflection()->SetString(
      request, field,
      storage::EncodePageToken({after, total, input.Bytes(input.Below(32))}, *request));
}

// Changes some bytes, or takes the bytes of the input as they are.
void Spoil(Input& input, std::string* bytes) {
  if (input.OneIn(2)) {
    *bytes = input.Bytes(input.Below(256));
    return;
  }
  for (size_t changes = 1 + input.Below(4); changes > 0 && !bytes->empty(); --changes) {
    (*bytes)[input.Below(std::min<size_t>(bytes->size(), 65'536))] =
        static_cast<char>(input.Byte());
  }
}

bool MessageMayWait(const Message& request) {
  if (BoolField(request, "follow")) return true;
  const auto& reflection = *request.GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(request, &set);
  return std::any_of(set.begin(), set.end(), [&](const FieldDescriptor* field) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated()) {
      return MessageMayWait(reflection.GetMessage(request, field));
    }
    return absl::StartsWith(field->name(), "min_") && absl::EndsWith(field->name(), "_revision");
  });
}

}  // namespace

bool Requests::decodable() const {
  return std::all_of(messages.begin(), messages.end(),
                     [](const auto& message) { return message != nullptr; });
}

std::string Requests::Text() const {
  std::string text = absl::StrCat(method->full_name(), "(");
  for (size_t i = 0; i < bytes.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : "; ",
                    messages[i] != nullptr ? messages[i]->ShortDebugString()
                                           : absl::StrCat("bytes ", absl::CHexEscape(bytes[i])));
  }
  return text + ")";
}

Requests NextRequests(const std::vector<const google::protobuf::MethodDescriptor*>& methods,
                      Input* input, MessageMaker* maker) {
  Requests requests;
  requests.method = methods[input->Below(methods.size())];
  const bool spoilt = input->OneIn(8);
  const size_t count = requests.method->client_streaming() ? input->Below(4) : 1;
  for (size_t i = 0; i < count; ++i) {
    std::unique_ptr<Message> message = NewMessage(*requests.method->input_type());
    maker->Fill(message.get());
    ForgeToken(*input, message.get());
    std::string bytes = message->SerializeAsString();
    if (spoilt) Spoil(*input, &bytes);
    if (!message->ParseFromString(bytes)) message.reset();
    requests.bytes.push_back(std::move(bytes));
    requests.messages.push_back(std::move(message));
  }
  return requests;
}

bool MayWait(const Requests& requests) {
  return std::any_of(requests.messages.begin(), requests.messages.end(), [](const auto& message) {
    return message != nullptr && MessageMayWait(*message);
  });
}

std::string TextField(const Message& message, const char* name) {
  const auto* const field = Find(message, name, FieldDescriptor::CPPTYPE_STRING);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

bool BoolField(const Message& message, const char* name) {
  const auto* const field = Find(message, name, FieldDescriptor::CPPTYPE_BOOL);
  return field != nullptr && message.GetReflection()->GetBool(message, field);
}

}  // namespace clustr::fuzz
