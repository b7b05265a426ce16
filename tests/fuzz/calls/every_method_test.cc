// Whether the fuzz targets of calls reach every method that a server of Clustr has.

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fuzz/calls/any_call.h"
#include "tests/fuzz/calls/call_sequence.h"
#include "tests/fuzz/calls/request_maker.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::fuzz {
namespace {

using google::protobuf::MethodDescriptor;
using ::testing::UnorderedElementsAreArray;

std::vector<std::string> NamesOf(const std::vector<const MethodDescriptor*>& methods) {
  std::vector<std::string> names;
  for (const MethodDescriptor* method : methods) names.push_back(method->full_name());
  return names;
}

constexpr const char* kTargets[] = {"clustr.bundles.v1", "clustr.catalog.v1", "clustr.sales.v1"};

TEST(EveryMethodTest, IsCalledByATarget) {
  absl::flat_hash_set<std::string> called;
  for (const char* package : kTargets) {
    for (std::string& name : NamesOf(MethodsCalledIn(package))) called.insert(std::move(name));
  }
  EXPECT_THAT(called, UnorderedElementsAreArray(NamesOf(MethodsOf("clustr"))));
  EXPECT_GT(called.size(), 50);
}

// Not only by name: for each method, some inputs make a request that is sent as it should be, and
// some make bytes that are none.
TEST(EveryMethodTest, GetsGoodAndBadRequests) {
  std::mt19937_64 random(RandomSeed());
  for (const char* package : kTargets) {
    const auto methods = MethodsCalledIn(package);
    absl::flat_hash_set<const MethodDescriptor*> good, bad;
    for (int i = 0; i < 8000; ++i) {
      std::string bytes(200, '\0');
      std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random()); });
      Input input(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
      MessageMaker maker(&input);
      const Requests requests = NextRequests(methods, &input, &maker);
      if (requests.bytes.empty()) continue;
      (requests.decodable() ? good : bad).insert(requests.method);
    }
    EXPECT_EQ(good.size(), methods.size()) << package;
    EXPECT_EQ(bad.size(), methods.size()) << package;
  }
}

}  // namespace
}  // namespace clustr::fuzz
