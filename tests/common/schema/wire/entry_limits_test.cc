#include "common/schema/wire/entry_limits.h"

#include <algorithm>
#include <random>
#include <string>

#include "absl/strings/escaping.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "clustr/catalog/v1/product_service.pb.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "common/schema/annotations.h"
#include "common/schema/unknown_fields.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/unknown_field_set.h"
#include "gtest/gtest.h"

namespace clustr::schema {
namespace {

using bundles::v1::RecommendBundlesRequest;
using catalog::v1::ImportProductsRequest;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using sales::v1::RecordPurchaseRequest;

// What WithinEntryLimits does, on the decoded message.
void Truncate(Message* message) {
  const Reflection& reflection = *message->GetReflection();
  reflection.MutableUnknownFields(message)->Clear();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* const field = message->GetDescriptor()->field(i);
    const bool holds_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (field->is_repeated()) {
      const options::v1::Field& options = FieldOptions(*field);
      const int kept = (options.has_max_items() ? options.max_items() : kMaxEntries) + 1;
      while (reflection.FieldSize(*message, field) > kept) reflection.RemoveLast(message, field);
      for (int at = 0; holds_message && at < reflection.FieldSize(*message, field); ++at) {
        Truncate(reflection.MutableRepeatedMessage(message, field, at));
      }
    } else if (holds_message && reflection.HasField(*message, field)) {
      Truncate(reflection.MutableMessage(message, field));
    }
  }
}

class RandomMessages {
 public:
  explicit RandomMessages(unsigned seed) : random_(seed) {}

  // Fills some fields; one in `rarity` repeated ones with more entries than are permitted.
  void Fill(Message* message, int rarity) {
    const Reflection& reflection = *message->GetReflection();
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* const field = message->GetDescriptor()->field(i);
      if (Below(3) == 0) continue;
      if (!field->is_repeated()) {
        Set(message, *field, rarity);
        continue;
      }
      const int max = FieldOptions(*field).max_items();
      const int count = Below(rarity) == 0 ? max + Below(10) : Below(5);
      for (int entry = 0; entry < count; ++entry) Add(message, *field);
    }
    if (Below(2) == 0) {
      reflection.MutableUnknownFields(message)->AddLengthDelimited(5000)->assign(3, 'x');
      reflection.MutableUnknownFields(message)->AddGroup(5001)->AddVarint(7, 8);
    }
  }

  int Below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }

 private:
  void Set(Message* message, const FieldDescriptor& field, int rarity) {
    const Reflection& reflection = *message->GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(reflection.MutableMessage(message, &field), rarity);
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.SetString(message, &field, std::string(Below(4), 'a'));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(message, &field, Below(1'000'000) - 10);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return reflection.SetDouble(message, &field, Below(100));
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.SetBool(message, &field, true);
      default:
        return;
    }
  }

  void Add(Message* message, const FieldDescriptor& field) {
    const Reflection& reflection = *message->GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (Message* entry = reflection.AddMessage(message, &field); Below(50) == 0) {
          Fill(entry, 1000);
        }
        return;
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.AddString(message, &field, std::string(Below(4), 'a'));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.AddInt64(message, &field, Below(1'000'000) - 10);
      default:
        return;
    }
  }

  std::mt19937 random_;
};

template <class Request>
void ExpectSameAsTruncated(RandomMessages& random) {
  Request whole;
  random.Fill(&whole, 6);
  const std::string wire = whole.SerializeAsString();
  Truncate(&whole);
  Request limited;
  const std::optional<std::string> kept = WithinEntryLimits(*Request::descriptor(), wire);
  ASSERT_TRUE(limited.ParseFromString(kept.value_or(wire)));
  DropUnknownFields(&limited);
  EXPECT_EQ(limited.SerializeAsString(), whole.SerializeAsString());
}

TEST(EntryLimitsTest, KeepsOneEntryTooManyOfRandomMessages) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RandomMessages random(seed);
  for (int round = 0; round < 100; ++round) {
    ExpectSameAsTruncated<RecordPurchaseRequest>(random);
    ExpectSameAsTruncated<RecommendBundlesRequest>(random);
    ExpectSameAsTruncated<ImportProductsRequest>(random);
  }
}

TEST(EntryLimitsTest, AProperMessageIsDecodedAsItIs) {
  RecordPurchaseRequest request;
  request.mutable_transaction()->set_customer_id(7);
  for (int line = 0; line < 1000; ++line) request.add_sales()->set_product_sku(line);
  EXPECT_EQ(WithinEntryLimits(*RecordPurchaseRequest::descriptor(), request.SerializeAsString()),
            std::nullopt);
  EXPECT_EQ(WithinEntryLimits(*RecordPurchaseRequest::descriptor(), ""), std::nullopt);
}

TEST(EntryLimitsTest, MillionsOfEmptyEntriesLeaveOneTooMany) {
  std::string wire;
  for (int entry = 0; entry < 2'000'000; ++entry) wire += {0x12, 0x00};
  RecordPurchaseRequest request;
  ASSERT_TRUE(
      request.ParseFromString(*WithinEntryLimits(*RecordPurchaseRequest::descriptor(), wire)));
  EXPECT_EQ(request.sales_size(), 1001);
}

TEST(EntryLimitsTest, UnpackedNumbersAreCountedTogetherWithPackedOnes) {
  RecommendBundlesRequest anchors;
  for (int sku = 1; sku <= 4; ++sku) anchors.add_anchor_skus(sku);
  std::string wire = anchors.SerializeAsString();
  const int number = RecommendBundlesRequest::kAnchorSkusFieldNumber;
  for (int entry = 0; entry < 5; ++entry) wire += {static_cast<char>(number << 3), 0x09};
  RecommendBundlesRequest request;
  ASSERT_TRUE(
      request.ParseFromString(*WithinEntryLimits(*RecommendBundlesRequest::descriptor(), wire)));
  EXPECT_EQ(request.anchor_skus_size(), 5);
}

TEST(EntryLimitsTest, UnknownFieldsAreLeftOutOnceThereAreMany) {
  RecordPurchaseRequest request;
  request.mutable_transaction()->set_customer_id(7);
  const std::string known = request.SerializeAsString();
  for (int field = 0; field < 100'000; ++field) {
    request.GetReflection()->MutableUnknownFields(&request)->AddVarint(5000, 1);
  }
  EXPECT_EQ(WithinEntryLimits(*RecordPurchaseRequest::descriptor(), request.SerializeAsString()),
            known);
}

TEST(EntryLimitsTest, WhatCannotBeDecodedStaysSo) {
  RecommendBundlesRequest part;
  part.add_anchor_skus(7);
  for (const std::string& tail : {std::string("\x0f"), std::string("\x0a\x05"), std::string(1, '\0')}) {
    const std::string wire = part.SerializeAsString() + tail;
    RecommendBundlesRequest request;
    ASSERT_FALSE(request.ParseFromString(wire)) << absl::CHexEscape(tail);
    EXPECT_FALSE(request.ParseFromString(
        WithinEntryLimits(*RecommendBundlesRequest::descriptor(), wire).value_or(wire)))
        << absl::CHexEscape(tail);
  }
}

// Protobuf merges a message that occurs again into the one before.
TEST(EntryLimitsTest, AMessageThatOccursAgainAndAgainCannotBeDecoded) {
  RecommendBundlesRequest part;
  for (int city = 0; city < 1000; ++city) part.mutable_population()->add_cities("");
  std::string wire;
  for (int time = 0; time < 100; ++time) wire += part.SerializeAsString();
  RecommendBundlesRequest request;
  EXPECT_FALSE(
      request.ParseFromString(*WithinEntryLimits(*RecommendBundlesRequest::descriptor(), wire)));
}

TEST(EntryLimitsTest, DamagedMessagesThatCanBeDecodedStayTheSame) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RandomMessages random(seed);
  const google::protobuf::LogSilencer silence;  // It logs each text that is not UTF-8.
  for (int round = 0; round < 20'000; ++round) {
    RecommendBundlesRequest whole;
    random.Fill(&whole, 1'000'000);
    std::string wire = whole.SerializeAsString();
    for (int change = random.Below(3); change >= 0 && !wire.empty(); --change) {
      wire[static_cast<size_t>(random.Below(static_cast<int>(wire.size())))] =
          static_cast<char>(random.Below(256));
    }
    const auto kept = WithinEntryLimits(*RecommendBundlesRequest::descriptor(), wire);
    if (!whole.ParseFromString(wire)) continue;
    RecommendBundlesRequest limited;
    ASSERT_TRUE(limited.ParseFromString(kept.value_or(wire))) << absl::CHexEscape(wire);
    Truncate(&whole);
    DropUnknownFields(&limited);
    ASSERT_EQ(limited.SerializeAsString(), whole.SerializeAsString());
  }
}

}  // namespace
}  // namespace clustr::schema
