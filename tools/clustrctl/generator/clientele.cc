#include "tools/clustrctl/generator/clientele.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/clustrctl/generator/assortment.h"

namespace clustr::generator {
namespace {

constexpr std::array<const char*, 24> kWomen = {
    "Anna",  "Mia",   "Sofia", "Elena",  "Rebecca", "Laura", "Nora",   "Ruth",
    "Clara", "Ines",  "Maya",  "Olivia", "Hannah",  "Alice", "Teresa", "Grace",
    "Julia", "Naomi", "Lucia", "Martha", "Zoe",     "Irene", "Diana",  "Ada"};
constexpr std::array<const char*, 24> kMen = {
    "Adam",   "Ben",  "Carlos", "Daniel", "Ethan", "Felix", "George", "Hugo",
    "Ivan",   "Jack", "Kenji",  "Leo",    "Marco", "Nils",  "Omar",   "Paul",
    "Rafael", "Sam",  "Tom",    "Viktor", "Aram",  "David", "Peter",  "Simon"};
constexpr std::array<const char*, 40> kLastNames = {
    "Smith",  "Brown",  "Garcia", "Miller",  "Davis",   "Lopez",   "Wilson", "Moore",
    "Taylor", "Lee",    "White",  "Harris",  "Clark",   "Lewis",   "Young",  "Walker",
    "Hall",   "Allen",  "King",   "Wright",  "Scott",   "Torres",  "Hill",   "Green",
    "Adams",  "Baker",  "Nelson", "Carter",  "Mitchell", "Roberts", "Turner", "Phillips",
    "Parker", "Evans",  "Edwards", "Collins", "Stewart", "Morris",  "Murphy", "Cook"};
constexpr std::array<const char*, 16> kCities = {
    "New York", "Los Angeles", "Chicago", "Houston",   "Phoenix", "Philadelphia",
    "San Diego", "Dallas",     "Austin",  "San Jose",  "Seattle", "Denver",
    "Boston",   "Miami",       "Portland", "San Antonio"};
constexpr std::array<const char*, 4> kIncomes = {"Low", "Medium", "High", "Premium"};
constexpr std::array<const char*, 4> kSegments = {"New Customers", "Regular", "Medium Value",
                                                  "High Value"};

// Draws an age from 18 to 79, skewed to the young: the lower of two draws.
int DrawAge(Random& random) {
  return static_cast<int>(18 + std::min(random.Below(62), random.Below(62)));
}

uint32_t DrawIncome(int age, Random& random) {
  const uint32_t step = random.Below(100) + (age >= 30 ? 20 : 0) + (age >= 45 ? 20 : 0);
  return step < 35 ? 0 : step < 75 ? 1 : step < 115 ? 2 : 3;
}

uint8_t DrawPreference(bool woman, int age, uint32_t income, Random& random) {
  static const Weighted kYoung({4, 4, 1, 2, 0.5, 4});
  static const Weighted kYoungWoman({4, 3, 1, 5, 0.5, 2});
  static const Weighted kOlder({4, 2, 3, 1, 3, 0.5});
  static const Weighted kWealthy({2, 2, 5, 3, 3, 0.5});
  const Weighted& weights = income == 3 ? kWealthy
                            : age >= 40 ? kOlder
                            : woman     ? kYoungWoman
                                        : kYoung;
  return static_cast<uint8_t>(weights.Draw(random));
}

}  // namespace

catalog::v1::Customer MakeCustomer(int64_t customer_id, int year, Random& random,
                                   Shopper* shopper) {
  static const Weighted kCityWeights(ZipfWeights(kCities.size(), 4));
  static const Weighted kSegmentWeights({2, 4, 2.5, 1.5});
  constexpr std::array<double, 4> kSegmentVisits = {1, 2.5, 5, 12};

  const bool woman = random.Chance(52);
  const int age = DrawAge(random);
  const uint32_t income = DrawIncome(age, random);
  const uint32_t segment = kSegmentWeights.Draw(random);
  const std::string first = woman ? kWomen[random.Below(kWomen.size())]
                                  : kMen[random.Below(kMen.size())];
  const std::string last = kLastNames[random.Below(kLastNames.size())];
  shopper->preference = DrawPreference(woman, age, income, random);
  shopper->age = static_cast<uint8_t>(age);
  shopper->woman = woman;
  shopper->visits = kSegmentVisits[segment] * (0.5 + random.Below(100) / 100.0);

  catalog::v1::Customer customer;
  customer.set_customer_id(customer_id);
  customer.set_first_name(first);
  customer.set_last_name(last);
  customer.set_gender(woman ? "Female" : "Male");
  customer.set_age(age);
  const int64_t month = random.Between(1, 12);
  const int64_t day = random.Between(1, 28);
  customer.set_dob(absl::StrFormat("%04d-%02d-%02d", year - age, month, day));
  customer.set_email(absl::StrCat(absl::AsciiStrToLower(first), ".", absl::AsciiStrToLower(last),
                                  customer_id, "@example.com"));
  const int64_t area = random.Between(201, 989);
  customer.set_phone(absl::StrFormat("+1-%03d-555-%04d", area, random.Below(10000)));
  customer.set_city(kCities[kCityWeights.Draw(random)]);
  customer.set_income_level(kIncomes[income]);
  customer.set_shopping_preference(kPreferences[shopper->preference]);
  customer.set_customer_segment(kSegments[segment]);
  return customer;
}

}  // namespace clustr::generator
