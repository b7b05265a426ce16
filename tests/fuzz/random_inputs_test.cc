// Runs a fuzz target without libFuzzer: on the corpus of the target, which CLUSTR_CORPUS names, and
// on random inputs, which are bytes of all densities, text, and corpus inputs with random changes.

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/testing/for_each_seed.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace clustr {
namespace {

constexpr std::string_view kText = "0123456789 \n0123456789 \n\t,\r";
constexpr int kMaxInputs = 10'000;

// The input that is running, escaped as a line of the corpus.
std::string& Running() {
  static auto* const input = new std::string;
  return *input;
}

void PrintRunning(int number) {
  constexpr std::string_view kHead = "The input was, as a line of the corpus: ";
  [[maybe_unused]] ssize_t written = write(STDERR_FILENO, kHead.data(), kHead.size());
  written = write(STDERR_FILENO, Running().data(), Running().size());
  written = write(STDERR_FILENO, "\n", 1);
  raise(number);
}

void RunInput(const std::string& input) {
  Running() = absl::CEscape(input);
  EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size()),
            0);
}

const std::vector<std::string>& Corpus() {
  static const auto* corpus = [] {
    auto* inputs = new std::vector<std::string>;
    std::ifstream file(CLUSTR_CORPUS);
    for (std::string line; std::getline(file, line);) {
      std::string input;
      EXPECT_TRUE(absl::CUnescape(line, &input)) << CLUSTR_CORPUS << ": " << line;
      inputs->push_back(std::move(input));
    }
    return inputs;
  }();
  return *corpus;
}

std::string AnyInput(std::mt19937_64& random) {
  std::string input(random() % 200, '\0');
  const bool text = random() % 2 == 0;
  const uint64_t density = random() % 3;
  for (char& byte : input) {
    uint64_t bits = random();
    for (uint64_t k = 0; k < density; ++k) bits &= random();
    byte = text ? kText[bits % kText.size()] : static_cast<char>(bits);
  }
  // Some targets read thresholds from the first bytes. Low ones find more.
  for (size_t k = 0; k < std::min<size_t>(3, input.size()) && !text; ++k) {
    input[k] = static_cast<char>(static_cast<uint8_t>(input[k]) % 8);
  }
  return input;
}

// One to four changes: a byte set, a piece removed, repeated or taken from another input.
std::string Changed(std::string input, const std::vector<std::string>& others,
                    std::mt19937_64& random) {
  for (uint64_t changes = 1 + random() % 4; changes > 0; --changes) {
    const size_t at = random() % (input.size() + 1);
    const size_t length = std::min<size_t>(1 + random() % 8, input.size() - at);
    const std::string& other = others[random() % others.size()];
    const uint64_t kind = random() % 4;
    if (kind == 0 && at < input.size()) input[at] = static_cast<char>(random());
    if (kind == 1) input.erase(at, length);
    if (kind == 2) input.insert(at, input.substr(at, length));
    if (kind == 3 && !other.empty()) input.insert(at, other.substr(random() % other.size(), 16));
  }
  return input;
}

class FuzzTargetTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const int number : {SIGABRT, SIGFPE, SIGILL, SIGBUS, SIGSEGV}) {
      struct sigaction action = {};
      sigaction(number, nullptr, &action);
      if (action.sa_handler != SIG_DFL) continue;  // A sanitizer says more.
      action.sa_handler = PrintRunning;
      action.sa_flags = static_cast<int>(SA_RESETHAND);
      sigaction(number, &action, nullptr);
    }
  }
};

TEST_F(FuzzTargetTest, HoldsOnTheCorpus) {
  for (const std::string& input : Corpus()) RunInput(input);
}

// A target that finds a difference aborts the program. RandomSeed has printed the seed by then.
// Slow targets run fewer inputs than fast ones: as many as fit into some seconds.
TEST_F(FuzzTargetTest, HoldsOnRandomInputs) {
  std::mt19937_64 random(RandomSeed());
  const char* const is_long = std::getenv("CLUSTR_LONG");
  const absl::Duration budget =
      absl::Seconds(is_long != nullptr && std::string_view(is_long) == "1" ? 30 : 3);
  const absl::Time end = absl::Now() + budget;
  int runs = 0;
  for (; runs < kMaxInputs && absl::Now() < end; ++runs) {
    const bool fresh = Corpus().empty() || random() % 4 == 0;
    RunInput(fresh ? AnyInput(random)
                   : Changed(Corpus()[random() % Corpus().size()], Corpus(), random));
  }
  std::cout << runs << " inputs" << std::endl;
}

}  // namespace
}  // namespace clustr
