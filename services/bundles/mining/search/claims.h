#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_CLAIMS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_CLAIMS_H_

#include <cstdint>

namespace clustr::mining {

// Decides which parts of a search its caller works on. Asked in the order of the search.
class Claims {
 public:
  virtual ~Claims() = default;

  // Asked for each code of the root, ascending. True if the caller works on at least a part of the
  // sets whose rarest item has this code.
  virtual bool ClaimCode(uint32_t code) = 0;
  // True if the caller works on only some of the sets of the code that was claimed last.
  // ClaimExtension is then asked for each of its `size` extensions, ascending.
  virtual bool splits() const { return false; }
  virtual bool ClaimExtension(uint32_t /*index*/, uint32_t /*size*/) { return true; }
};

// Claims as the search asks them, for number `index` of `size` codes or extensions: of the root, of
// the first level below it, and of deeper levels, where everything belongs to the caller.
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
