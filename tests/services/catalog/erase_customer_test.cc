#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
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

constexpr char kAda[] =
    "customer { first_name: 'Adarella' last_name: 'Quimby' email: 'ada@quimby.test' "
    "external_id: 'shop-77' } request_id: 'once'";

class EraseCustomerTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(catalog_.Ask(&Customers::CreateCustomer, kAda), IsOk()); }

  // The names of the files of the database in which a text is.
  Fields FilesWith(const std::string& text) {
    Fields names;
    const std::filesystem::path folder =
        std::filesystem::path(catalog_.folder().File("x")).parent_path();
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(file), {});
      if (absl::StrContains(bytes, text)) names.push_back(entry.path().filename());
    }
    return names;
  }

  testing::CatalogServer catalog_;
};

TEST_F(EraseCustomerTest, LeavesNoTraceInAnyFile) {
  ASSERT_THAT(catalog_.Ask(&Customers::UpdateCustomer,
                           "customer { customer_id: 1 phone: '555-0199' } request_id: 'twice'"),
              IsOk());
  EXPECT_FALSE(FilesWith("Adarella").empty());
  EXPECT_THAT(*catalog_.Ask(&Customers::EraseCustomer, "id: 1"),
              EqualsText("customer_id: 1 revision: 3"));
  for (const char* text : {"Adarella", "Quimby", "ada@quimby.test", "shop-77", "555-0199"}) {
    EXPECT_THAT(FilesWith(text), ::testing::IsEmpty()) << text;
  }
  EXPECT_THAT(catalog_.Ask(&Customers::GetCustomer, "customer_id: 1"),
              Fails(absl::StatusCode::kNotFound, "CUSTOMER_NOT_FOUND", ""));
}

TEST_F(EraseCustomerTest, FindsTheCustomerByTheIdOfTheShop) {
  EXPECT_THAT(*catalog_.Ask(&Customers::EraseCustomer, "external_id: 'shop-77'"),
              EqualsText("customer_id: 1 revision: 2"));
  EXPECT_THAT(catalog_.Ask(&Customers::EraseCustomer, "external_id: 'shop-77'"),
              Fails(absl::StatusCode::kNotFound, "CUSTOMER_NOT_FOUND", "\"shop-77\""));
}

TEST_F(EraseCustomerTest, MayBeRepeatedAndFollowADeletion) {
  ASSERT_THAT(catalog_.Ask(&Customers::DeleteCustomer, "customer_id: 1"), IsOk());
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(*catalog_.Ask(&Customers::EraseCustomer, "id: 1"),
                EqualsText("customer_id: 1 revision: 2"));
  }
  EXPECT_EQ(catalog_.Head(), 2);
}

TEST_F(EraseCustomerTest, ARetryOfTheCreationBringsNobodyBack) {
  ASSERT_THAT(catalog_.Ask(&Customers::EraseCustomer, "id: 1"), IsOk());
  const auto replayed = catalog_.Ask(&Customers::CreateCustomer, kAda);
  EXPECT_THAT(*replayed, EqualsText("customer { customer_id: 1 } replayed: true"));
  EXPECT_EQ(catalog_.Ask(&Customers::ListCustomers, "")->total_size(), 0);
}

TEST_F(EraseCustomerTest, OthersStayAsTheyAre) {
  const std::string other =
      "customer { first_name: 'Bo' last_name: 'L' external_id: 'shop-78' } request_id: 'other'";
  ASSERT_THAT(catalog_.Ask(&Customers::CreateCustomer, other), IsOk());
  ASSERT_THAT(catalog_.Ask(&Customers::EraseCustomer, "id: 1"), IsOk());
  EXPECT_EQ(catalog_.Ask(&Customers::CreateCustomer, other)->customer().first_name(), "Bo");
  EXPECT_THAT(catalog_.Ask(&Customers::CreateCustomer,
                           "customer { first_name: 'Cy' last_name: 'L' } request_id: 'other'"),
              Fails(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED", ""));
}

TEST_F(EraseCustomerTest, TakesExactlyOneIdOfACustomerWhoExisted) {
  EXPECT_THAT(catalog_.Ask(&Customers::EraseCustomer, ""), RefusesFields(Fields{"id"}));
  EXPECT_THAT(catalog_.Ask(&Customers::EraseCustomer, "id: 1 external_id: 'shop-77'"),
              RefusesFields(Fields{"external_id"}));
  EXPECT_THAT(catalog_.Ask(&Customers::EraseCustomer, "id: -1"), RefusesFields(Fields{"id"}));
  EXPECT_THAT(catalog_.Ask(&Customers::EraseCustomer, "id: 9"),
              Fails(absl::StatusCode::kNotFound, "CUSTOMER_NOT_FOUND", "no customer 9"));
  EXPECT_EQ(catalog_.Ask(&Customers::ListCustomers, "")->total_size(), 1);
}

}  // namespace
}  // namespace clustr::catalog
