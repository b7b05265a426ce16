#ifndef CLUSTR_TESTS_TESTING_MATCHERS_H_
#define CLUSTR_TESTS_TESTING_MATCHERS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "gmock/gmock.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"

namespace clustr::testing {

// A status, or the status of a StatusOr.
inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <class T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// The field paths in the google.rpc.BadRequest of a status, in their order.
std::vector<std::string> ViolatedFields(const absl::Status& status);

MATCHER(IsOk, "") {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).ok();
}

// Matches an error with this code and stable reason (empty: none) whose text contains `text`.
MATCHER_P3(Fails, code, reason, text, "") {
  const absl::Status& status = StatusOf(arg);
  *result_listener << status << ", reason \"" << ReasonName(ReasonOf(status)) << "\"";
  return status.code() == code && ReasonName(ReasonOf(status)) == reason &&
         std::string(status.message()).find(text) != std::string::npos;
}

// Matches INVALID_ARGUMENT, reason FIELD_INVALID, with exactly these field paths in its details.
MATCHER_P(RefusesFields, paths, "") {
  const absl::Status& status = StatusOf(arg);
  *result_listener << status;
  return status.code() == absl::StatusCode::kInvalidArgument &&
         ReasonOf(status) == common::v1::ERROR_REASON_FIELD_INVALID &&
         ::testing::ExplainMatchResult(::testing::ElementsAreArray(paths), ViolatedFields(status),
                                       result_listener);
}

// Total size of all google.rpc details, in bytes.
size_t DetailBytes(const absl::Status& status);

// `field: description` of each violation.
std::vector<std::string> Texts(const std::vector<Violation>& violations);

// Parses a message from its text form; a text that does not parse fails the test.
template <class M>
M Text(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// Matches a message that equals the one with this text form.
MATCHER_P(EqualsText, text, "") {
  std::decay_t<decltype(arg)> wanted;
  if (!google::protobuf::TextFormat::ParseFromString(text, &wanted)) {
    *result_listener << "the expected text does not parse";
    return false;
  }
  std::string differences;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&differences);
  const bool same = differencer.Compare(wanted, arg);
  *result_listener << differences;
  return same;
}

MATCHER_P(EqualsMessage, wanted, "") {
  *result_listener << arg.ShortDebugString();
  return google::protobuf::util::MessageDifferencer::Equals(wanted, arg);
}

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_MATCHERS_H_
