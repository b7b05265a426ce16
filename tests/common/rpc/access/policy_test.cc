#include "common/rpc/access/policy.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

using options::v1::ROLE_ADMIN;
using options::v1::ROLE_PERSONAL;
using options::v1::ROLE_READER;
using options::v1::ROLE_WRITER;
using ::testing::HasSubstr;

TEST(PolicyTest, ARoleIncludesTheOnesBeforeItAndPersonalStandsApart) {
  const auto policy = Policy::Parse(R"({"grants": [
      {"principals": ["cn:a"], "roles": ["admin"]},
      {"principals": ["cn:w"], "roles": ["writer"]},
      {"principals": ["cn:p"], "roles": ["personal"]}]})");
  ASSERT_TRUE(policy.ok()) << policy.status();
  const Roles admin = policy->RolesOf("cn:a");
  EXPECT_TRUE(admin.Has(ROLE_ADMIN) && admin.Has(ROLE_WRITER) && admin.Has(ROLE_READER));
  EXPECT_FALSE(admin.Has(ROLE_PERSONAL));
  const Roles writer = policy->RolesOf("cn:w");
  EXPECT_TRUE(writer.Has(ROLE_WRITER) && writer.Has(ROLE_READER));
  EXPECT_FALSE(writer.Has(ROLE_ADMIN) || writer.Has(ROLE_PERSONAL));
  const Roles personal = policy->RolesOf("cn:p");
  EXPECT_TRUE(personal.Has(ROLE_PERSONAL));
  EXPECT_FALSE(personal.Has(ROLE_READER));
}

TEST(PolicyTest, GrantsAddUpAndNobodyElseHasAny) {
  const auto policy = Policy::Parse(R"({"grants": [
      {"principals": ["spiffe://shop/*"], "roles": ["reader"]},
      {"principals": ["spiffe://shop/till", "anonymous"], "roles": ["personal"]}]})");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE(policy->RolesOf("spiffe://shop/till").Has(ROLE_READER));
  EXPECT_TRUE(policy->RolesOf("spiffe://shop/till").Has(ROLE_PERSONAL));
  EXPECT_TRUE(policy->RolesOf("anonymous").Has(ROLE_PERSONAL));
  EXPECT_FALSE(policy->RolesOf("spiffe://shop/web").Has(ROLE_PERSONAL));
  for (const char* stranger : {"", "spiffe://shop", "spiffe://other/till", "cn:till"}) {
    EXPECT_FALSE(policy->RolesOf(stranger).Has(ROLE_READER)) << stranger;
  }
}

TEST(PolicyTest, AnEmptyPolicyAllowsNothing) {
  const auto policy = Policy::Parse("{}");
  ASSERT_TRUE(policy.ok());
  EXPECT_FALSE(policy->RolesOf("anonymous").Has(ROLE_READER));
}

TEST(PolicyTest, SaysWhatIsWrong) {
  const auto why = [](const char* text) {
    return std::string(Policy::Parse(text).status().message());
  };
  EXPECT_THAT(why(""), HasSubstr("is not a policy in JSON"));
  EXPECT_THAT(why(R"({"grants": [{"principal": []}]})"), HasSubstr("is not a policy in JSON"));
  EXPECT_THAT(why(R"({"grants": [{"principals": ["cn:a"], "roles": ["Reader"]}]})"),
              HasSubstr("give reader, writer, admin or personal"));
  for (const char* bad : {"", "*", "cn:", "spiffe:x", "cn:a*b", "anonymouse", "token:**"}) {
    EXPECT_THAT(
        why(absl::StrCat(R"({"grants": [{"principals": [")", bad, R"("], "roles": ["reader"]}]})")
                .c_str()),
        HasSubstr("is not one of"))
        << bad;
  }
}

TEST(RolesTest, AllHasEveryRole) {
  for (const auto role : {ROLE_READER, ROLE_WRITER, ROLE_ADMIN, ROLE_PERSONAL}) {
    EXPECT_TRUE(Roles::All().Has(role));
    EXPECT_FALSE(Roles().Has(role));
  }
}

}  // namespace
}  // namespace clustr::rpc
