#include "common/streaming/upstream_problems.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace clustr::streaming {
namespace {

// A lag that is shorter is normal after a large import.
constexpr int64_t kMaxNormalLagSeconds = 10;
// A server that starts before its upstream, or loses a connection, connects within less.
constexpr int64_t kConnectingSeconds = 1;

std::string SetAsideProblem(const ops::v1::Upstream& upstream) {
  const int64_t more = upstream.set_aside_count() - upstream.set_aside_size();
  return absl::StrCat(
      upstream.set_aside_count(), " rows of ", upstream.name(), " at ", upstream.address(),
      " are set aside, and this server answers as if they did not exist, because no clustr-",
      upstream.name(), " stores such rows: ", absl::StrJoin(upstream.set_aside(), "; "),
      more > 0 ? absl::StrCat("; and ", more, " more") : "", "; store them in clustr-",
      upstream.name(),
      " again as they should be, or delete them there, and check its version and "
      "database");
}

}  // namespace

std::vector<std::string> ProblemsOf(const ops::v1::Upstream& upstream) {
  std::vector<std::string> problems;
  const std::string& name = upstream.name();
  const bool is_away = !upstream.connected() && upstream.lag().seconds() >= kConnectingSeconds;
  if (!upstream.refusal().empty()) {
    problems.push_back(absl::StrCat(
        name, " at ", upstream.address(), " sent what no clustr-", name, " sends, ",
        upstream.refusal(), ": this server applied nothing of it and goes on with revision ",
        upstream.applied_revision(), "; check that --", name, " names a clustr-", name,
        ", and the version and database of that one"));
  } else if (is_away && !upstream.ended_with().empty()) {
    problems.push_back(absl::StrCat(name, " at ", upstream.address(),
                                    " ended the stream of its changes with ", upstream.ended_with(),
                                    "; check that --", name, " names a clustr-", name,
                                    " that this server may read, and the log of that one"));
  } else if (is_away) {
    problems.push_back(absl::StrCat(name, " at ", upstream.address(),
                                    " is not connected; start clustr-", name, " or check --",
                                    name));
  } else if (upstream.connected() && upstream.lag().seconds() > kMaxNormalLagSeconds) {
    problems.push_back(absl::StrCat(
        "this server is ", upstream.lag().seconds(), " s behind ", name,
        ": it has applied revision ", upstream.applied_revision(), " of ", upstream.head_revision(),
        "; wait until it has caught up, or give it more CPU if the lag keeps growing"));
  }
  if (upstream.set_aside_count() > 0) problems.push_back(SetAsideProblem(upstream));
  if (upstream.lost_revision() > 0) {
    problems.push_back(absl::StrCat(
        "the history of ", name, " at ", upstream.address(),
        " went back: this server had applied revision ", upstream.lost_revision(), ", which ", name,
        " no longer holds, and has read everything anew; if an older database was put in place on "
        "purpose, restart this server to clear this message, otherwise check --",
        name, " and the database of clustr-", name));
  }
  return problems;
}

}  // namespace clustr::streaming
