#include "common/storage/request_log.h"

#include <openssl/sha.h>

#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace clustr::storage {

using schema::CellType;

namespace {

constexpr int64_t kKeptSeconds = 24 * 60 * 60;

std::string Sha256(absl::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return std::string(reinterpret_cast<const char*>(digest), sizeof(digest));
}

int64_t KeyHash(const RetryKey& key) {
  const std::string digest = Sha256(absl::StrCat(key.method, " ", key.request_id));
  int64_t hash;
  std::memcpy(&hash, digest.data(), sizeof(hash));
  return hash;
}

}  // namespace

RetryKey RetryKey::Of(absl::string_view method, absl::string_view request_id,
                      const google::protobuf::Message& request) {
  return {std::string(method), std::string(request_id),
          absl::BytesToHexString(Sha256(request.SerializeAsString()))};
}

absl::StatusOr<std::optional<std::string>> FindAnswer(Session& session, const RetryKey& key) {
  Statement& query = session.Prepared(
      R"sql(
        SELECT payload_sha256, answer FROM request_log
        WHERE key_hash = :h AND service_method = :m AND request_id = :i
        ORDER BY seq)sql",
      {CellType::kInteger, CellType::kText, CellType::kText}, {CellType::kText, CellType::kText});
  query.SetInteger(0, KeyHash(key));
  query.SetText(1, key.method);
  query.SetText(2, key.request_id);
  query.Execute();
  std::optional<std::string> answer;
  bool same_payload = true;
  while (query.Fetch()) {
    // After ForgetRequest there is no digest.
    same_payload = query.text(0).empty() || query.text(0) == key.payload_sha256;
    answer.emplace();
    absl::Base64Unescape(query.text(1), &*answer);
  }
  if (!same_payload) {
    return FieldError("request_id",
                      absl::StrCat(Quoted(key.request_id),
                                   " was used for another payload; give each new request a new id"),
                      common::v1::ERROR_REASON_REQUEST_ID_REUSED);
  }
  return answer;
}

int64_t ScanAnswers(Session& session, absl::string_view method, int64_t after_seq,
                    absl::FunctionRef<void(int64_t seq, const std::string& answer)> visit) {
  Statement& query = session.Prepared(
      "SELECT seq, answer FROM request_log WHERE service_method = :m AND seq > :s ORDER BY seq",
      {CellType::kText, CellType::kInteger}, {CellType::kInteger, CellType::kText});
  query.SetText(0, method);
  query.SetInteger(1, after_seq);
  query.Execute();
  std::string answer;
  while (query.Fetch()) {
    absl::Base64Unescape(query.text(1), &answer);
    visit(query.integer(0), answer);
  }
  return session.Integer("SELECT max(seq) FROM request_log");
}

void ForgetRequest(Session& session, int64_t seq, absl::string_view answer) {
  Statement& forget =
      session.Prepared("UPDATE request_log SET payload_sha256 = '', answer = :a WHERE seq = :s",
                       {CellType::kText, CellType::kInteger});
  forget.SetText(0, absl::Base64Escape(answer));
  forget.SetInteger(1, seq);
  forget.Change();
}

void RememberAnswer(Session& session, const RetryKey& key, absl::string_view answer,
                    absl::Time now) {
  Statement& insert = session.Prepared(
      R"sql(
        INSERT INTO request_log
          (key_hash, service_method, request_id, payload_sha256, answer, create_time)
        VALUES (:h, :m, :i, :p, :a, :t))sql",
      {CellType::kInteger, CellType::kText, CellType::kText, CellType::kText, CellType::kText,
       CellType::kInteger});
  insert.SetInteger(0, KeyHash(key));
  insert.SetText(1, key.method);
  insert.SetText(2, key.request_id);
  insert.SetText(3, key.payload_sha256);
  insert.SetText(4, absl::Base64Escape(answer));
  insert.SetInteger(5, absl::ToUnixSeconds(now));
  insert.Change();
  // Deleting up to two expired answers for each new one keeps the table small.
  Statement& expire = session.Prepared(
      R"sql(
        DELETE FROM request_log
        WHERE seq IN (SELECT seq FROM request_log ORDER BY seq LIMIT 2) AND create_time <= :t)sql",
      {CellType::kInteger});
  expire.SetInteger(0, absl::ToUnixSeconds(now) - kKeptSeconds);
  expire.Change();
}

}  // namespace clustr::storage
