#include "clustr/catalog/v1/product.pb.h"
#include "common/schema/annotations.h"
#include "common/schema/validator.h"
#include "common/storage/ddl.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/edited_model.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/test_database.h"

namespace clustr::storage {
namespace {

using catalog::v1::Product;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::Message;
using ::testing::HasSubstr;
using testing::IsOk;

// CONTRIBUTING.md promises that adding an optional field takes an edit of the .proto file and
// nothing else. Here Product gets `optional string colour = 20`, and a database of the previous
// version is opened with it.
class AddOptionalFieldTest : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open(const google::protobuf::Descriptor& model) {
    auto store = Store::Open(database_.url(), {&model}, 1, &pool_);
    EXPECT_THAT(store, IsOk());
    return *std::move(store);
  }

  static void Insert(Store& store, const Message& row) {
    const absl::Status written = testing::Write(store, [&](WriteContext& context) {
      Table(*row.GetDescriptor()).Insert(context.session(), row);
      return absl::OkStatus();
    });
    EXPECT_THAT(written, IsOk());
  }

  std::string Stored(Store& store, int64_t id) const {
    const auto row = edited_.Text("");
    const absl::Status read = store.Read([&](Session& session) {
      EXPECT_TRUE(Table(edited_.descriptor()).Get(session, id, row.get()));
      return absl::OkStatus();
    });
    EXPECT_THAT(read, IsOk());
    return row->ShortDebugString();
  }

  testing::TestDatabase database_;
  ThreadPool pool_{2};
  const testing::EditedModel edited_{*Product::descriptor(), [](auto* product) {
                                       testing::AddField(product, "colour", 20,
                                                         FieldDescriptorProto::TYPE_STRING, true);
                                     }};
};

TEST_F(AddOptionalFieldTest, RowsOfThePreviousVersionSurviveAndNewRowsKeepTheField) {
  const std::string cap = "product_sku: 7 product_name: \"Cap\" price: 5.25 revision: 1";
  const std::string sock = "product_sku: 8 product_name: \"Sock\" price: 1 colour: \"red\"";
  Insert(*Open(*Product::descriptor()), testing::Text<Product>(cap));
  const auto store = Open(edited_.descriptor());
  Insert(*store, *edited_.Text(sock));
  EXPECT_EQ(Stored(*store, 7), cap);
  EXPECT_EQ(Stored(*store, 8), sock);
}

TEST_F(AddOptionalFieldTest, ThePreviousVersionRefusesTheDatabaseRatherThanLosesTheField) {
  Open(edited_.descriptor());
  EXPECT_THAT(
      Store::Open(database_.url(), {Product::descriptor()}, 1, &pool_),
      testing::Fails(absl::StatusCode::kFailedPrecondition, "",
                     "column colour belongs to field number 20, which the model no longer has"));
}

TEST_F(AddOptionalFieldTest, TheFieldIsAColumnOfTheTableAndOfTheCsvFile) {
  EXPECT_EQ(schema::InputFields(edited_.descriptor()).back()->name(), "colour");
  EXPECT_THAT(CreateStatements(edited_.descriptor())[0], HasSubstr(", colour TEXT)"));
}

TEST_F(AddOptionalFieldTest, TheFieldIsValidated) {
  std::vector<Violation> violations;
  schema::Validator(edited_.descriptor()).Check(*edited_.Text("colour: \"\\n\""), "", &violations);
  EXPECT_THAT(
      testing::Texts(violations),
      ::testing::ElementsAre("colour: has the control character U+000A at position 1; remove it"));
}

}  // namespace
}  // namespace clustr::storage
