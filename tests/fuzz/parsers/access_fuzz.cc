// What says who calls and in which trace: policies, files of tokens and key sets, which operators
// write, and bearer tokens and trace headers, which strangers send. Each is read, or refused in
// words. A token that was changed never gives another subject, and a trace has a valid place,
// whatever its header was.

#include <cjose/cjose.h>

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/access/jwt.h"
#include "common/rpc/access/policy.h"
#include "common/rpc/access/tokens.h"
#include "common/rpc/tracing/trace.h"
#include "common/schema/text.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"

namespace clustr::fuzz {
namespace {

const rpc::JwtClaims kClaims = {"https://shop.example", "clustr"};
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

void CheckWords(const absl::Status& refused) {
  const std::string text(refused.message());
  Check(!text.empty() && schema::IsUtf8(text), "a refusal is explained", text);
}

// A key set with one key, and a token that it has signed. Made anew in each process.
struct Signed {
  std::string keys;
  std::string token;
};

Signed Sign() {
  cjose_jwk_t* const key = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, nullptr);
  cjose_jwk_set_kid(key, "k", 1, nullptr);
  char* const shown = cjose_jwk_to_json(key, false, nullptr);
  cjose_header_t* const header = cjose_header_new(nullptr);
  cjose_header_set(header, CJOSE_HDR_ALG, CJOSE_HDR_ALG_ES256, nullptr);
  cjose_header_set(header, CJOSE_HDR_KID, "k", nullptr);
  const std::string claims =
      R"({"iss":"https://shop.example","aud":"clustr","sub":"till","exp":1800000000})";
  cjose_jws_t* const token = cjose_jws_sign(
      key, header, reinterpret_cast<const uint8_t*>(claims.data()), claims.size(), nullptr);
  const char* text = nullptr;
  Check(cjose_jws_export(token, &text, nullptr), "a token is signed");
  Signed made = {absl::StrCat("{\"keys\":[", shown, "]}"), text};
  free(shown);
  cjose_jws_release(token);
  cjose_header_release(header);
  cjose_jwk_release(key);
  return made;
}

void RunPolicy(Input& input) {
  const std::string principal = input.Line();
  const auto policy = rpc::Policy::Parse(input.Rest());
  if (!policy.ok()) return CheckWords(policy.status());
  const rpc::Roles roles = policy->RolesOf(principal);
  Check(roles.Has(options::v1::ROLE_READER) || !roles.Has(options::v1::ROLE_WRITER),
        "who may write may read", principal);
}

void RunTokens(Input& input) {
  const std::string token = input.Line();
  const auto tokens = rpc::Tokens::Parse(input.Rest());
  if (!tokens.ok()) return CheckWords(tokens.status());
  if (const auto name = tokens->NameOf(token)) Check(!name->empty(), "a token has a name");
}

void RunKeys(Input& input) {
  const auto keys = rpc::JwtKeys::Parse(input.Rest(), kClaims);
  if (!keys.ok()) CheckWords(keys.status());
}

// The good token with up to four changed places, or any text.
void RunToken(Input& input) {
  static const auto* const made = new Signed(Sign());
  static const auto* const keys =
      new std::shared_ptr<const rpc::JwtKeys>(*rpc::JwtKeys::Parse(made->keys, kClaims));
  std::string token = made->token;
  if (input.OneIn(2)) {
    token = input.Rest();
  } else {
    for (size_t changes = input.Below(5); changes > 0; --changes) {
      const size_t place = input.Below(65'536) % token.size();
      token.replace(place, input.Below(3), input.Bytes(input.Below(3)));
    }
  }
  const absl::StatusOr<std::string> subject = (*keys)->SubjectOf(token, kNow);
  if (!subject.ok()) return CheckWords(subject.status());
  Check(*subject == "till", "only the signed subject is found", *subject);
}

bool IsHex(absl::string_view text, size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), absl::ascii_isxdigit) &&
         text.find_first_not_of('0') != absl::string_view::npos;
}

void RunTrace(Input& input) {
  const std::string state = input.Line();
  const std::string parent = input.Rest();
  const rpc::Trace trace = rpc::Trace::Under(parent, state);
  Check(IsHex(trace.trace_id, 32) && IsHex(trace.span_id, 16), "a trace has a valid place", parent);
  Check(trace.state.size() <= 512, "what is passed on is bounded", state);
  const rpc::Trace next = rpc::Trace::Under(trace.Traceparent(), trace.state);
  Check(next.trace_id == trace.trace_id && next.parent_id == trace.span_id,
        "the next call is in the same trace", parent);
  Check(next.sampled == trace.sampled && next.state == trace.state, "and as it came", parent);
}

void Run(Input input) {
  switch (input.Below(5)) {
    case 0:
      return RunTrace(input);
    case 1:
      return RunToken(input);
    case 2:
      return RunTokens(input);
    case 3:
      return RunPolicy(input);
    default:
      return RunKeys(input);
  }
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
