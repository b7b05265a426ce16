#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_MINING_SHARED_DATA_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_MINING_SHARED_DATA_H_

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "tests/services/bundles/mining/owned_baskets.h"

namespace clustr::mining {

// The path of a file in the folder $CLUSTR_SHARED_DATA, by default ../shared/data next to the
// sources. Unset if there is no such file.
std::optional<std::string> SharedDataPath(const std::string& name);

// Reads a file in FIMI format, compressed by xz: one basket on each line, items separated by
// spaces.
OwnedBaskets ReadFimi(const std::string& path);

// Reads the purchases of online_retail in the shared data.
OwnedBaskets ReadOnlineRetail(const std::string& path);

std::string Sha256Hex(const std::string& text);

}  // namespace clustr::mining

// Sets `path` to the shared file, or ends the test if there is no such file: failed if the
// environment variable CLUSTR_REQUIRE names `data`, otherwise skipped.
#define CLUSTR_SHARED_DATA_OR_SKIP(path, name)                                            \
  const std::optional<std::string> path = ::clustr::mining::SharedDataPath(name);         \
  if (!path) {                                                                            \
    const char* required = std::getenv("CLUSTR_REQUIRE");                                 \
    if (required != nullptr && std::string(required).find("data") != std::string::npos) { \
      GTEST_FAIL() << "no shared data: " << (name);                                       \
    }                                                                                     \
    std::printf("skipped: no shared data\n");                                             \
    GTEST_SKIP();                                                                         \
  }

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_MINING_SHARED_DATA_H_
