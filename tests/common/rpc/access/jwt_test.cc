#include "common/rpc/access/jwt.h"

#include <cjose/cjose.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kNow = 1'700'000'000;

// A pair of keys, with a key id.
class Signer {
 public:
  Signer(cjose_jwk_t* key, const std::string& id) : key_(key), id_(id) {
    cjose_jwk_set_kid(key_, id.data(), id.size(), nullptr);
  }
  ~Signer() { cjose_jwk_release(key_); }
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  static cjose_jwk_t* Rsa() {
    const uint8_t exponent[] = {1, 0, 1};
    return cjose_jwk_create_RSA_random(2048, exponent, sizeof(exponent), nullptr);
  }
  static cjose_jwk_t* Ec() { return cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, nullptr); }

  // The public key in JSON.
  std::string Public() const {
    char* const text = cjose_jwk_to_json(key_, false, nullptr);
    std::string copy = text;
    free(text);
    return copy;
  }

  std::string Sign(const std::string& claims, const char* algorithm, bool name_key = true) const {
    cjose_header_t* const header = cjose_header_new(nullptr);
    cjose_header_set(header, CJOSE_HDR_ALG, algorithm, nullptr);
    if (name_key) cjose_header_set(header, CJOSE_HDR_KID, id_.c_str(), nullptr);
    cjose_jws_t* const token = cjose_jws_sign(
        key_, header, reinterpret_cast<const uint8_t*>(claims.data()), claims.size(), nullptr);
    const char* text = nullptr;
    EXPECT_TRUE(cjose_jws_export(token, &text, nullptr));
    std::string copy = text;
    cjose_jws_release(token);
    cjose_header_release(header);
    return copy;
  }

 private:
  cjose_jwk_t* const key_;
  const std::string id_;
};

std::string Claims(absl::string_view more = "", int64_t expires = kNow + 60) {
  return absl::StrCat(R"({"iss":"https://id.shop","aud":["web","clustr"],"sub":"till-1","exp":)",
                      expires, more, "}");
}

class JwtTest : public ::testing::Test {
 protected:
  // Sets of the public keys.
  static std::shared_ptr<const JwtKeys> KeysOf(std::initializer_list<const Signer*> signers) {
    std::vector<std::string> texts;
    for (const Signer* signer : signers) texts.push_back(signer->Public());
    std::string set = "{\"keys\":[";
    for (size_t i = 0; i < texts.size(); ++i) absl::StrAppend(&set, i == 0 ? "" : ",", texts[i]);
    auto keys = JwtKeys::Parse(set + "]}", {"https://id.shop", "clustr"});
    EXPECT_TRUE(keys.ok()) << keys.status();
    return *keys;
  }
  static std::string Why(const JwtKeys& keys, const std::string& token, int64_t now = kNow) {
    return std::string(keys.SubjectOf(token, absl::FromUnixSeconds(now)).status().message());
  }

  const Signer rsa_{Signer::Rsa(), "r"};
  const Signer ec_{Signer::Ec(), "e"};
  const std::shared_ptr<const JwtKeys> keys_ = KeysOf({&rsa_, &ec_});
};

TEST_F(JwtTest, KnowsTheSubjectOfATokenThatOneOfItsKeysHasSigned) {
  for (const std::string& token :
       {rsa_.Sign(Claims(), CJOSE_HDR_ALG_RS256), rsa_.Sign(Claims(), CJOSE_HDR_ALG_PS256),
        ec_.Sign(Claims(), CJOSE_HDR_ALG_ES256)}) {
    for (int i = 0; i < 2; ++i) {  // The second time from memory.
      const auto subject = keys_->SubjectOf(token, absl::FromUnixSeconds(kNow));
      ASSERT_TRUE(subject.ok()) << subject.status();
      EXPECT_EQ(*subject, "till-1");
    }
    EXPECT_THAT(Why(*keys_, token, kNow + 600), HasSubstr("has expired"));
  }
}

TEST_F(JwtTest, ATokenMustNameItsKeyWhereThereAreSeveral) {
  const std::string token = ec_.Sign(Claims(), CJOSE_HDR_ALG_ES256, /*name_key=*/false);
  EXPECT_THAT(Why(*keys_, token), HasSubstr("signed by no key"));
  EXPECT_EQ(Why(*KeysOf({&ec_}), token), "");
}

TEST_F(JwtTest, RefusesWhatOthersHaveSignedOrChanged) {
  const Signer stranger(Signer::Ec(), "e");
  EXPECT_THAT(Why(*keys_, stranger.Sign(Claims(), CJOSE_HDR_ALG_ES256)),
              HasSubstr("signed by no key"));
  const std::string good = rsa_.Sign(Claims(), CJOSE_HDR_ALG_RS256);
  const std::vector<std::string> parts = absl::StrSplit(good, '.');
  std::string other;
  absl::WebSafeBase64Escape(Claims(R"(,"admin":true)"), &other);
  EXPECT_THAT(Why(*keys_, absl::StrCat(parts[0], ".", other, ".", parts[2])),
              HasSubstr("signed by no key"));
  std::string none;
  absl::WebSafeBase64Escape(R"({"alg":"none"})", &none);
  EXPECT_NE(Why(*keys_, absl::StrCat(none, ".", parts[1], ".")), "");
  for (const std::string bad : {"", "x", "a.b", "a.b.c", "....", "eyJhbGciOiJSUzI1NiJ9.e30."}) {
    EXPECT_NE(Why(*keys_, bad), "") << bad;
  }
}

TEST_F(JwtTest, TextsThatAreNoBase64EndNoProcess) {
  const std::vector<std::string> parts =
      absl::StrSplit(ec_.Sign(Claims(), CJOSE_HDR_ALG_ES256), '.');
  for (const char* rest : {"A", "AAAAA", "=", "+/8", "\xC3\xA9", " "}) {
    for (size_t changed = 0; changed < 3; ++changed) {
      std::vector<std::string> bad = parts;
      bad[changed] = rest;
      EXPECT_THAT(Why(*keys_, absl::StrJoin(bad, ".")), HasSubstr("not a JSON Web Token")) << rest;
    }
  }
  const std::string key = R"({"keys":[{"kty":"EC","crv":"P-256","x":"AAAAA","y":"AAAA"}]})";
  EXPECT_THAT(std::string(JwtKeys::Parse(key, {"i", "a"}).status().message()),
              HasSubstr("has a key 1 that is not a public key"));
}

TEST_F(JwtTest, RefusesASymmetricAlgorithmOverAPublicKey) {
  const std::string shown = rsa_.Public();
  const Signer confused(cjose_jwk_create_oct_spec(reinterpret_cast<const uint8_t*>(shown.data()),
                                                  shown.size(), nullptr),
                        "r");
  EXPECT_THAT(Why(*keys_, confused.Sign(Claims(), CJOSE_HDR_ALG_HS256)),
              HasSubstr("another algorithm"));
}

TEST_F(JwtTest, ChecksTheClaims) {
  const auto why = [&](const std::string& claims) {
    return Why(*keys_, ec_.Sign(claims, CJOSE_HDR_ALG_ES256));
  };
  EXPECT_EQ(why(Claims("", kNow - 20)), "");  // Clocks differ.
  EXPECT_THAT(why(Claims("", kNow - 40)), HasSubstr("has expired"));
  EXPECT_EQ(why(Claims(absl::StrCat(",\"nbf\":", kNow + 20))), "");
  EXPECT_THAT(why(Claims(absl::StrCat(",\"nbf\":", kNow + 40))), HasSubstr("not valid yet"));
  EXPECT_THAT(why(Claims(",\"nbf\":\"x\"")), HasSubstr("not valid yet"));
  const auto without = [&](absl::string_view member) {
    std::string claims = absl::StrCat(
        "{",
        absl::StrReplaceAll(R"("iss":"https://id.shop","aud":"clustr","sub":"t","exp":1700000060)",
                            {{member, ""}}),
        "}");
    return why(absl::StrReplaceAll(claims, {{"{,", "{"}, {",}", "}"}, {",,", ","}}));
  };
  EXPECT_EQ(without("nothing"), "");
  EXPECT_THAT(without(R"("exp":1700000060)"), HasSubstr("no time `exp`"));
  EXPECT_THAT(without(R"("iss":"https://id.shop")"), HasSubstr("another issuer"));
  EXPECT_THAT(without(R"("aud":"clustr")"), HasSubstr("another audience"));
  EXPECT_THAT(without(R"("sub":"t")"), HasSubstr("no subject"));
  EXPECT_THAT(why("no json"), HasSubstr("no claims in JSON"));
  EXPECT_THAT(why(R"({"exp":1e300})"), HasSubstr("another issuer"));
}

TEST(JwtKeysTest, SaysWhatIsWrongWithAKeySet) {
  const auto why = [](const std::string& text) {
    return std::string(JwtKeys::Parse(text, {"i", "a"}).status().message());
  };
  EXPECT_THAT(why(""), HasSubstr("is not a JSON Web Key Set"));
  EXPECT_THAT(why("[]"), HasSubstr("is not a JSON Web Key Set"));
  EXPECT_THAT(why("{}"), HasSubstr("is not a JSON Web Key Set"));
  EXPECT_THAT(why(R"({"keys":[]})"), HasSubstr("has 0 keys"));
  EXPECT_THAT(why(R"({"keys":[{"kty":"oct","k":"AAAA"}]})"), HasSubstr("has a key 1 that"));
  EXPECT_THAT(why(R"({"keys":[{"kty":"RSA"}]})"), HasSubstr("has a key 1 that"));
}

}  // namespace
}  // namespace clustr::rpc
