#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_CLAIMS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_CLAIMS_H_

#include <cstdint>

namespace clustr::mining {

// Which parts of a search somebody takes on. Asked in the order of the search.
class Claims {
 public:
  virtual ~Claims() = default;

  // For each code of the root, ascending: true if a part of the sets whose rarest item it is
  // belongs to whoever asks.
  virtual bool ClaimCode(uint32_t code) = 0;
  // True if only some of the sets of the code that was claimed last do. Then ClaimExtension is
  // asked for each of its `size` extensions, ascending.
  virtual bool splits() const { return false; }
  virtual bool ClaimExtension(uint32_t /*index*/, uint32_t /*size*/) { return true; }
};

// The claims of a search, asked for number `index` of `size` codes or extensions: of the root, of
// the first level below it, and of all further ones, which nobody has to ask for.
struct CodeClaim {
  Claims& claims;
  bool operator()(uint32_t index, uint32_t /*size*/) const { return claims.ClaimCode(index); }
};
struct ExtensionClaim {
  Claims& claims;
  bool operator()(uint32_t index, uint32_t size) const {
    return !claims.splits() || claims.ClaimExtension(index, size);
  }
};
struct NoClaim {
  bool operator()(uint32_t, uint32_t) const { return true; }
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_CLAIMS_H_
