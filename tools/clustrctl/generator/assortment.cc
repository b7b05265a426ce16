#include "tools/clustrctl/generator/assortment.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace clustr::generator {
namespace {

struct Category {
  const char* name;
  std::array<const char*, 5> nouns;
  int64_t base_cents;
  uint32_t preference;
};

constexpr std::array<Category, 16> kCategories = {{
    {"T-Shirts", {"Crew Tee", "V-Neck Tee", "Pocket Tee", "Long Sleeve Tee", "Tank Top"}, 1990, 0},
    {"Jeans", {"Slim Jeans", "Straight Jeans", "Relaxed Jeans", "Tapered Jeans", "Cropped Jeans"},
     5990, 0},
    {"Hoodies", {"Pullover Hoodie", "Zip Hoodie", "Fleece Hoodie", "Sleeveless Hoodie",
                 "Oversized Hoodie"}, 4990, 5},
    {"Sneakers", {"Court Sneaker", "High-Top Sneaker", "Canvas Sneaker", "Slip-On Sneaker",
                  "Retro Sneaker"}, 7490, 5},
    {"Running Shoes", {"Road Runner", "Trail Runner", "Race Flat", "Stability Runner",
                       "Daily Trainer"}, 9990, 1},
    {"Sports Tops", {"Training Top", "Mesh Singlet", "Compression Top", "Running Tee",
                     "Half-Zip Top"}, 3490, 1},
    {"Shorts", {"Running Shorts", "Chino Shorts", "Cargo Shorts", "Swim Shorts", "Board Shorts"},
     2990, 1},
    {"Shirts", {"Oxford Shirt", "Poplin Shirt", "Linen Shirt", "Twill Shirt", "Dress Shirt"}, 4490,
     2},
    {"Blazers", {"Wool Blazer", "Stretch Blazer", "Double-Breasted Blazer", "Travel Blazer",
                 "Knit Blazer"}, 14900, 2},
    {"Trousers", {"Pleated Trousers", "Chinos", "Suit Trousers", "Wide-Leg Trousers",
                  "Cropped Trousers"}, 6490, 2},
    {"Dresses", {"Midi Dress", "Wrap Dress", "Slip Dress", "Shirt Dress", "Maxi Dress"}, 7990, 3},
    {"Skirts", {"Pleated Skirt", "Pencil Skirt", "Denim Skirt", "A-Line Skirt", "Satin Skirt"},
     4290, 3},
    {"Sweaters", {"Cable Sweater", "Merino Sweater", "Roll-Neck Sweater", "Cardigan",
                  "Lambswool Vest"}, 6990, 4},
    {"Coats", {"Trench Coat", "Pea Coat", "Parka", "Quilted Coat", "Duffle Coat"}, 17900, 4},
    {"Socks", {"Ankle Socks", "Crew Socks", "Wool Socks", "Sport Socks", "No-Show Socks"}, 890, 1},
    {"Accessories", {"Leather Belt", "Wool Scarf", "Beanie", "Canvas Tote", "Baseball Cap"}, 2490,
     3},
}};

constexpr std::array<const char*, 20> kBrands = {
    "Northfield", "Alder & Pine", "Sundial", "Kestrel",     "Maison Clair", "Ridgeway", "Halden",
    "Blue Harbor", "Tamarack",    "Oakline", "Verano",      "Stride Lab",   "Foxglove", "Urbana",
    "Lindqvist",   "Coastline",   "Merrow",  "Ashdown",     "Pace Union",   "Willow Row"};

constexpr std::array<const char*, 17> kStyles = {
    "Classic", "Essential", "Heritage", "Signature", "Everyday", "Weekend", "Premium", "Organic",
    "Urban",   "Alpine",    "Vintage",  "Modern",    "Light",    "Studio",  "Coastal", "Midnight",
    "Bold"};

// Turns an amount into a typical shelf price: most end in .99, some in .50 or .00.
int64_t ShelfPrice(int64_t cents, Random& random) {
  const int64_t whole = std::max<int64_t>(cents / 100, 2) * 100;
  return random.Chance(70) ? whole - 1 : random.Chance(50) ? whole - 50 : whole;
}

// Names are distinct: after all 1,700 combinations of a category are used, a number is appended.
std::string ProductName(uint32_t category_index, uint32_t number, const char** brand) {
  const Category& category = kCategories[category_index];
  const uint32_t combinations = kBrands.size() * kStyles.size() * category.nouns.size();
  // The stride and the number of combinations are coprime, so none repeats within a round.
  const auto k =
      static_cast<uint32_t>((uint64_t{number} * 1009 + category_index * 641) % combinations);
  *brand = kBrands[k % kBrands.size()];
  const char* style = kStyles[k / kBrands.size() % kStyles.size()];
  const char* noun = category.nouns[k / (kBrands.size() * kStyles.size())];
  const uint32_t round = number / combinations;
  const std::string suffix = round == 0 ? "" : absl::StrCat(" No. ", round + 1);
  return absl::StrCat(*brand, " ", style, " ", noun, suffix);
}

std::vector<Family> MakeFamilies(const Assortment& shop, Random& random) {
  const auto count = static_cast<uint32_t>(shop.products.size());
  const std::vector<uint32_t> order = Permutation(count, random);
  std::vector<Family> families;
  uint32_t next = 0;
  while (families.size() < std::max(count / 10, 1u)) {
    const auto size = static_cast<uint32_t>(random.Between(2, 4));
    if (next + size > count) break;
    Family family;
    family.products.assign(order.begin() + next, order.begin() + next + size);
    family.preference = shop.preference_of[family.products.front()];
    families.push_back(family);
    next += size;
  }
  return families;
}

}  // namespace

Assortment MakeAssortment(uint32_t count, Random& random) {
  Assortment shop;
  shop.popularity.resize(count);
  const std::vector<double> weights = ZipfWeights(count, 3);
  const std::vector<uint32_t> rank = Permutation(count, random);
  std::vector<uint32_t> made(kCategories.size());
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t c = random.Below(kCategories.size());
    const Category& category = kCategories[c];
    const char* brand = nullptr;
    catalog::v1::Product product;
    product.set_product_sku(1001 + i);
    product.set_product_name(ProductName(c, made[c]++, &brand));
    product.set_category(category.name);
    product.set_brand(brand);
    const int64_t cents =
        ShelfPrice(category.base_cents * random.Between(60, 180) / 100, random);
    product.set_price(static_cast<double>(cents) / 100);
    shop.products.push_back(std::move(product));
    shop.price_cents.push_back(cents);
    shop.popularity[i] = weights[rank[i]];
    shop.preference_of.push_back(category.preference);
  }
  shop.families = MakeFamilies(shop, random);
  return shop;
}

}  // namespace clustr::generator
