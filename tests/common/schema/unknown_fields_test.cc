#include "common/schema/unknown_fields.h"

#include "clustr/sales/v1/transaction_service.pb.h"
#include "google/protobuf/unknown_field_set.h"
#include "gtest/gtest.h"

namespace clustr::schema {
namespace {

using google::protobuf::Message;
using sales::v1::RecordPurchaseRequest;

void AddUnknown(Message* message) {
  message->GetReflection()->MutableUnknownFields(message)->AddLengthDelimited(5000)->assign(1000,
                                                                                            'x');
}

TEST(DropUnknownFieldsTest, DropsThemAtEveryDepthAndKeepsTheRest) {
  RecordPurchaseRequest request;
  request.set_request_id("order-1");
  request.mutable_transaction()->set_customer_id(7);
  request.add_sales()->set_product_sku(1);
  request.add_sales()->set_product_sku(2);
  const std::string known = request.SerializeAsString();
  for (Message* message :
       {static_cast<Message*>(&request), static_cast<Message*>(request.mutable_transaction()),
        static_cast<Message*>(request.mutable_sales(1))}) {
    AddUnknown(message);
  }
  EXPECT_GT(request.ByteSizeLong(), 3000);
  DropUnknownFields(&request);
  EXPECT_EQ(request.SerializeAsString(), known);
}

TEST(DropUnknownFieldsTest, AnUnsetMessageStaysUnset) {
  RecordPurchaseRequest request;
  AddUnknown(&request);
  DropUnknownFields(&request);
  EXPECT_FALSE(request.has_transaction());
  EXPECT_EQ(request.ByteSizeLong(), 0);
}

}  // namespace
}  // namespace clustr::schema
