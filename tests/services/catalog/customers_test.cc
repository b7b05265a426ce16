#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"

namespace clustr::catalog {
namespace {

using testing::Customers;
using testing::EqualsText;
using testing::Fails;
using testing::IsOk;
using testing::RefusesFields;
using Fields = std::vector<std::string>;

class CustomersTest : public ::testing::Test {
 protected:
  testing::CatalogServer catalog_;
};

TEST_F(CustomersTest, AreCreatedReadChangedAndRemoved) {
  ASSERT_THAT(catalog_.Ask(&Customers::CreateCustomer,
                           "customer { first_name: 'Zoë' last_name: \"O'Brien\" age: 0 "
                           "dob: '1990-02-28' email: 'z@b.c' city: '' }"),
              IsOk());
  EXPECT_THAT(catalog_.Ask(&Customers::UpdateCustomer,
                           "customer { customer_id: 1 customer_segment: 'Regular' } "
                           "update_mask { paths: 'customer_segment' paths: 'email' }"),
              IsOk());
  EXPECT_THAT(*catalog_.Ask(&Customers::GetCustomer, "customer_id: 1"),
              EqualsText("customer { customer_id: 1 first_name: 'Zoë' last_name: \"O'Brien\" "
                         "age: 0 dob: '1990-02-28' city: '' customer_segment: 'Regular' "
                         "revision: 2 }"));
  EXPECT_EQ(catalog_.Ask(&Customers::BatchGetCustomers, "customer_ids: [1, 1]")->customers_size(),
            2);
  EXPECT_THAT(catalog_.Ask(&Customers::DeleteCustomer, "customer_id: 1 revision: 2"), IsOk());
  EXPECT_THAT(catalog_.Ask(&Customers::GetCustomer, "customer_id: 1"),
              Fails(absl::StatusCode::kNotFound, "CUSTOMER_NOT_FOUND", "no customer 1"));
}

TEST_F(CustomersTest, KeepTheirRules) {
  EXPECT_THAT(catalog_.Ask(&Customers::CreateCustomer,
                           "customer { last_name: ' ' age: 151 dob: '2023-02-29' phone: '\\001' }"),
              RefusesFields(Fields{"customer.age", "customer.dob", "customer.phone",
                                   "customer.first_name", "customer.last_name"}));
}

TEST_F(CustomersTest, AreImportedListedAndExported) {
  ASSERT_THAT(catalog_.Send(&Customers::ImportCustomers,
                            {"customers { customer_id: 8 first_name: 'A' last_name: 'B' } "
                             "customers { customer_id: 3 first_name: 'C' last_name: 'D' }"}),
              IsOk());
  const auto listed = catalog_.Ask(&Customers::ListCustomers, "");
  ASSERT_THAT(listed, IsOk());
  EXPECT_EQ(listed->customers(0).customer_id(), 3);
  EXPECT_EQ(listed->total_size(), 2);
  const auto exported = catalog_.Receive(&Customers::ExportCustomers, "after_customer_id: 3");
  ASSERT_THAT(exported, IsOk());
  ASSERT_EQ(exported->size(), 1);
  EXPECT_EQ((*exported)[0].customers(0).customer_id(), 8);
}

}  // namespace
}  // namespace clustr::catalog
