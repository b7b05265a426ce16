#include "common/storage/request_log.h"

#include <openssl/sha.h>

#include <cstring>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/storage/server/grouped_writes.h"
#include "common/storage/sql/array_text.h"

namespace clustr::storage {

using schema::CellType;

namespace {

constexpr int64_t kKeptSeconds = 24 * 60 * 60;

std::string Sha256(absl::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return std::string(reinterpret_cast<const char*>(digest), sizeof(digest));
}

// The columns of an answer, all but `seq`, which the database numbers.
const RowFormPtr& AnswerForm() {
  static const auto* form = new RowFormPtr(std::make_shared<const RowForm>(RowForm{
      "request_log",
      {"key_hash", "service_method", "request_id", "payload_sha256", "answer", "create_time"},
      {CellType::kInteger, CellType::kText, CellType::kText, CellType::kText, CellType::kText,
       CellType::kInteger}}));
  return *form;
}

int64_t KeyHash(absl::string_view method, absl::string_view request_id) {
  const std::string digest = Sha256(absl::StrCat(method, " ", request_id));
  int64_t hash;
  std::memcpy(&hash, digest.data(), sizeof(hash));
  return hash;
}

}  // namespace

RetryKey RetryKey::Of(absl::string_view method, absl::string_view request_id,
                      const google::protobuf::Message& request) {
  return {std::string(method), std::string(request_id),
          absl::BytesToHexString(Sha256(request.SerializeAsString())), KeyHash(method, request_id)};
}

void LookAheadForAnswers(Session& session, absl::Span<const int64_t> hashes) {
  GroupedWrites* const grouped = session.grouped();
  if (grouped == nullptr || hashes.empty()) return;
  Statement& query = session.Prepared(
      "SELECT key_hash FROM request_log WHERE key_hash = ANY(CAST(:h AS BIGINT[]))",
      {CellType::kText}, {CellType::kInteger});
  query.SetText(0, ArrayText(hashes));
  query.Execute();
  auto& unused = grouped->unused_request_keys();
  unused.insert(hashes.begin(), hashes.end());
  while (query.Fetch()) unused.erase(query.integer(0));
}

absl::StatusOr<std::optional<std::string>> FindAnswer(Session& session, const RetryKey& key) {
  GroupedWrites* const grouped = session.grouped();
  if (grouped != nullptr && grouped->unused_request_keys().contains(key.hash)) return std::nullopt;
  Statement& query = session.Prepared(
      R"sql(
        SELECT payload_sha256, answer FROM request_log
        WHERE key_hash = :h AND service_method = :m AND request_id = :i
        ORDER BY seq)sql",
      {CellType::kInteger, CellType::kText, CellType::kText}, {CellType::kText, CellType::kText});
  query.SetInteger(0, key.hash);
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
      {CellType::kText, CellType::kInteger}, {CellType::kInteger, CellType::kText},
      Reading::kInPieces);
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
  const std::string escaped = absl::Base64Escape(answer);
  if (GroupedWrites* grouped = session.grouped()) {
    grouped->unused_request_keys().erase(key.hash);
    std::vector<schema::Cell> cells(AnswerForm()->types.size());
    cells[0].integer = key.hash;
    cells[1].text = key.method;
    cells[2].text = key.request_id;
    cells[3].text = key.payload_sha256;
    cells[4].text = escaped;
    cells[5].integer = absl::ToUnixSeconds(now);
    grouped->rows().Add(AnswerForm(), cells);
    return;
  }
  Statement& insert = session.Prepared(
      absl::StrCat("INSERT INTO ", AnswerForm()->table, " (",
                   absl::StrJoin(AnswerForm()->names, ", "), ") VALUES (:h, :m, :i, :p, :a, :t)"),
      AnswerForm()->types);
  insert.SetInteger(0, key.hash);
  insert.SetText(1, key.method);
  insert.SetText(2, key.request_id);
  insert.SetText(3, key.payload_sha256);
  insert.SetText(4, escaped);
  insert.SetInteger(5, absl::ToUnixSeconds(now));
  insert.Change();
}

void ExpireAnswers(Session& session, int64_t limit, absl::Time now) {
  Statement& expire = session.Prepared(
      R"sql(
        DELETE FROM request_log
        WHERE seq IN (SELECT seq FROM request_log ORDER BY seq LIMIT :n) AND create_time <= :t)sql",
      {CellType::kInteger, CellType::kInteger});
  expire.SetInteger(0, limit);
  expire.SetInteger(1, absl::ToUnixSeconds(now) - kKeptSeconds);
  expire.Change();
}

}  // namespace clustr::storage
