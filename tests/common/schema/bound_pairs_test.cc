#include "common/schema/bound_pairs.h"

#include <memory>
#include <string>
#include <vector>

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "clustr/sales/v1/analytics_service.pb.h"
#include "common/schema/validator.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"
#include "google/protobuf/dynamic_message.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::schema {
namespace {

using bundles::v1::BundleConstraints;
using bundles::v1::RecommendBundlesRequest;
using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::DynamicMessageFactory;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Text;
using testing::Texts;
using ::testing::UnorderedElementsAre;

std::string NameOf(const BoundPair& pair) {
  return pair.lower->full_name() + " <= " + pair.upper->name();
}

// Adds the pairs of `message`, of the messages in it, and so on.
void AddPairs(const Descriptor& message, std::vector<BoundPair>* pairs) {
  for (const BoundPair& pair : BoundPairsOf(message)) {
    for (const BoundPair& known : *pairs) {
      if (known.lower == pair.lower) return;
    }
    pairs->push_back(pair);
  }
  for (int i = 0; i < message.field_count(); ++i) {
    const Descriptor* inner = message.field(i)->message_type();
    if (inner != nullptr) AddPairs(*inner, pairs);
  }
}

// The pairs in the requests of every service.
std::vector<BoundPair> PairsOfRequests() {
  std::vector<BoundPair> pairs;
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  for (const std::string& name : files) {
    if (name.rfind("clustr/", 0) != 0) continue;
    const FileDescriptor& file = *DescriptorPool::generated_pool()->FindFileByName(name);
    for (int s = 0; s < file.service_count(); ++s) {
      for (int m = 0; m < file.service(s)->method_count(); ++m) {
        AddPairs(*file.service(s)->method(m)->input_type(), &pairs);
      }
    }
  }
  return pairs;
}

// Sets a bound to the smaller or the larger one of two valid values.
void Set(const FieldDescriptor& field, bool larger, Message* message) {
  const Reflection& reflection = *message->GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(message, &field, larger ? 4 : 3);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(message, &field, larger ? 4 : 3);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(message, &field, larger ? 50.25 : 50.24);
    default:
      return reflection.SetString(message, &field, larger ? "2024-02-01" : "2024-01-31");
  }
}

TEST(BoundPairsTest, AreThesePairsOfAllRequests) {
  std::vector<std::string> names;
  for (const BoundPair& pair : PairsOfRequests()) names.push_back(NameOf(pair));
  EXPECT_THAT(names, UnorderedElementsAre(
                         "clustr.bundles.v1.Population.min_age <= max_age",
                         "clustr.bundles.v1.Population.start_date <= end_date",
                         "clustr.bundles.v1.BundleConstraints.min_items <= max_items",
                         "clustr.bundles.v1.BundleConstraints.min_total_price <= max_total_price",
                         "clustr.bundles.v1.ProductConstraints.min_price <= max_price",
                         "clustr.sales.v1.GetSalesSummaryRequest.start_date <= end_date",
                         "clustr.sales.v1.ListTopProductsRequest.start_date <= end_date",
                         "clustr.sales.v1.QueryRevenueRequest.start_date <= end_date",
                         "clustr.sales.v1.VerifySalesFiguresRequest.start_date <= end_date"));
}

TEST(BoundPairsTest, EveryPairIsRefusedWithBothFieldsAndValuesAndOnlyIfItContradicts) {
  DynamicMessageFactory factory;
  for (const BoundPair& pair : PairsOfRequests()) {
    SCOPED_TRACE(NameOf(pair));
    const Descriptor& type = *pair.lower->containing_type();
    const Validator validator(type);
    for (const bool lower_is_larger : {false, true}) {
      for (const bool upper_is_larger : {false, true}) {
        const std::unique_ptr<Message> message(factory.GetPrototype(&type)->New());
        Set(*pair.lower, lower_is_larger, message.get());
        Set(*pair.upper, upper_is_larger, message.get());
        std::vector<std::string> about;
        std::vector<Violation> violations;
        validator.Check(*message, "", &violations);
        for (const Violation& violation : violations) {
          if (violation.field == pair.lower->name()) about.push_back(violation.description);
        }
        if (!lower_is_larger || upper_is_larger) {
          EXPECT_THAT(about, IsEmpty());
          continue;
        }
        ASSERT_EQ(about.size(), 1u);
        EXPECT_THAT(about[0], ::testing::HasSubstr(pair.upper->name()));
        EXPECT_THAT(about[0], ::testing::MatchesRegex(".*(4|50\\.25|2024-02-01).*"));
        EXPECT_THAT(about[0], ::testing::MatchesRegex(".*(3|50\\.24|2024-01-31).*"));
      }
    }
  }
}

template <class M>
std::vector<std::string> Wrong(const std::string& text) {
  std::vector<Violation> violations;
  ValidatorOf<M>().Check(Text<M>(text), "", &violations);
  return Texts(violations);
}

TEST(BoundPairsTest, NamesValuesAndRemedy) {
  EXPECT_THAT(Wrong<RecommendBundlesRequest>(
                  "constraints { min_total_price: 1234567.89 max_total_price: 20 }"),
              ElementsAre("constraints.min_total_price: 1234567.89 is above max_total_price, "
                          "20.00; lower min_total_price or raise max_total_price"));
  EXPECT_THAT(
      Wrong<sales::v1::GetSalesSummaryRequest>("start_date: '2024-02-01' end_date: '2024-01-31'"),
      ElementsAre("start_date: \"2024-02-01\" is after end_date \"2024-01-31\"; give a day "
                  "on or before it"));
}

TEST(BoundPairsTest, ABoundThatIsUnsetOrWrongByItselfContradictsNothing) {
  EXPECT_THAT(Wrong<BundleConstraints>("min_items: 5"), IsEmpty());
  EXPECT_THAT(Wrong<BundleConstraints>("max_total_price: 0"), IsEmpty());
  EXPECT_THAT(Wrong<BundleConstraints>("min_total_price: nan max_total_price: 1"),
              ElementsAre("min_total_price: nan is not an amount; give a number"));
  EXPECT_THAT(
      Wrong<sales::v1::GetSalesSummaryRequest>("start_date: 'tomorrow' end_date: '2024-01-31'"),
      ElementsAre("start_date: \"tomorrow\" is not a date that exists; give YYYY-MM-DD"));
}

TEST(BoundPairsTest, AmountsAreComparedInCents) {
  // 0.1 + 0.2 is more than 0.3 as a double, but both are 30 cents.
  EXPECT_THAT(Wrong<BundleConstraints>("min_total_price: 0.30000000000000004 max_total_price: 0.3"),
              IsEmpty());
}

}  // namespace
}  // namespace clustr::schema
