#ifndef CLUSTR_TESTS_FUZZ_MESSAGES_CHECK_H_
#define CLUSTR_TESTS_FUZZ_MESSAGES_CHECK_H_

#include <cstdio>
#include <cstdlib>
#include <string>

namespace clustr::fuzz {

// Ends the program with `why` on standard error; for libFuzzer and for random_inputs_test, this
// makes the current input a finding.
[[noreturn]] inline void Fail(const std::string& why) {
  std::fprintf(stderr, "FINDING: %s\n", why.c_str());
  std::abort();
}

// Fails unless `holds`. `what` says what should hold, and `about` for which value.
inline void Check(bool holds, const char* what, const std::string& about = "") {
  if (!holds) Fail(std::string(what) + (about.empty() ? "" : ": ") + about);
}

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_MESSAGES_CHECK_H_
