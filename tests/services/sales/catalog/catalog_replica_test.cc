#include "services/sales/catalog/catalog_replica.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::sales {
namespace {

using ::testing::Pair;
using testing::Text;
using ::testing::UnorderedElementsAre;

class CatalogReplicaTest : public ::testing::Test {
 protected:
  void Apply(const std::string& message) {
    replica_.Apply(Text<catalog::v1::StreamCatalogResponse>(message));
  }

  ThreadPool pool_{1};
  CallSlots slots_{{"parked", "calls that wait for a revision", 1000, 1000}};
  rpc::RevisionGate gate_{&pool_, &slots_};
  CatalogReplica replica_{&gate_};
};

TEST_F(CatalogReplicaTest, HoldsAttributesOfOneRevision) {
  Apply(
      "changes { product { product_sku: 1 product_name: 'Cap' category: 'Hats' price: 5 } } "
      "changes { product { product_sku: 2 product_name: 'Hat' category: 'Hats' brand: 'Apex' "
      "external_id: 'H-2' } } "
      "changes { customer { customer_id: 7 customer_segment: 'Regular' } } "
      "changes { customer { customer_id: 8 } } revision: 4 head_revision: 4");
  EXPECT_THAT(replica_.ProductCategories().text_by_id,
              UnorderedElementsAre(Pair(1, "Hats"), Pair(2, "Hats")));
  EXPECT_THAT(replica_.ProductBrands().text_by_id,
              UnorderedElementsAre(Pair(1, ""), Pair(2, "Apex")));
  const CatalogReplica::Attribute before = replica_.CustomerSegments();
  Apply(
      "changes { deleted_product_sku: 1 } "
      "changes { customer { customer_id: 7 customer_segment: 'High Value' } } "
      "revision: 6 head_revision: 6");
  EXPECT_THAT(before.text_by_id, UnorderedElementsAre(Pair(7, "Regular"), Pair(8, "")));
  EXPECT_EQ(before.catalog_revision, 4);
  EXPECT_EQ(replica_.CustomerSegments().text_by_id.at(7), "High Value");
  int64_t revision = 0;
  const auto names = replica_.NamesOf({2, 1}, &revision);
  ASSERT_EQ(names.size(), 2u);
  ASSERT_TRUE(names[0].has_value());
  EXPECT_EQ(names[0]->name, "Hat");
  EXPECT_EQ(names[0]->external_id, "H-2");
  EXPECT_FALSE(names[1].has_value());
  EXPECT_EQ(revision, 6);
}

TEST_F(CatalogReplicaTest, ChangesThatComeAgainChangeNothing) {
  const std::string message =
      "changes { product { product_sku: 1 product_name: 'Cap' category: 'Hats' price: 5 } } "
      "changes { deleted_product_sku: 2 } revision: 4 head_revision: 4";
  Apply(message);
  Apply(message);
  EXPECT_THAT(replica_.ProductCategories().text_by_id, UnorderedElementsAre(Pair(1, "Hats")));
  EXPECT_EQ(replica_.ProductCategories().catalog_revision, 4);
}

TEST_F(CatalogReplicaTest, FindsRowsByWhatTheShopCallsThem) {
  Apply(
      "changes { product { product_sku: 1 external_id: 'A' } } "
      "changes { product { product_sku: 2 } } "
      "changes { customer { customer_id: 7 external_id: 'A' } } revision: 3 head_revision: 3");
  EXPECT_EQ(replica_.ProductSkuOf("A"), 1);
  EXPECT_EQ(replica_.CustomerIdOf("A"), 7);
  EXPECT_EQ(replica_.CustomerIdOf("a"), 0);
  EXPECT_EQ(replica_.ProductKeyOf(1), "A");
  EXPECT_EQ(replica_.ProductKeyOf(2), "");
  EXPECT_EQ(replica_.CustomerKeyOf(7), "A");
  Apply(
      "changes { customer { customer_id: 7 external_id: 'B' } } "
      "changes { product { product_sku: 2 external_id: 'A' } } "
      "changes { deleted_product_sku: 1 } revision: 6 head_revision: 6");
  EXPECT_EQ(replica_.CustomerIdOf("A"), 0);
  EXPECT_EQ(replica_.CustomerIdOf("B"), 7);
  EXPECT_EQ(replica_.ProductSkuOf("A"), 2);
  EXPECT_EQ(replica_.ProductKeyOf(1), "");
  replica_.Reset();
  EXPECT_EQ(replica_.ProductSkuOf("A"), 0);
  EXPECT_EQ(replica_.CustomerKeyOf(7), "");
}

TEST_F(CatalogReplicaTest, IsCompleteOnceItHeldAllOfCatalog) {
  EXPECT_FALSE(replica_.complete());
  Apply("revision: 3 head_revision: 9");
  EXPECT_FALSE(replica_.complete());
  Apply("revision: 9 head_revision: 9");
  EXPECT_TRUE(replica_.complete());
  Apply("revision: 10 head_revision: 12");
  EXPECT_TRUE(replica_.complete());
  replica_.Reset();
  EXPECT_FALSE(replica_.complete());
  EXPECT_EQ(replica_.Nothing().catalog_revision, 0);
}

}  // namespace
}  // namespace clustr::sales
