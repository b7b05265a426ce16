#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_FLAGS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_FLAGS_H_

#include "absl/status/status.h"
#include "tools/clustrctl/flags.h"
#include "tools/clustrctl/flat/flat_settings.h"

namespace clustr::ctl {

// The flags of `clustrctl import` that apply to one file of order lines. Not thread-safe.
class FlatFlags {
 public:
  // Adds the flags to `flags`; this must outlive it.
  void Define(FlagSet* flags);

  const FlatSettings& settings() const { return settings_; }

  // INVALID_ARGUMENT if a flag was given that needs --flat. Call if --flat was not given.
  absl::Status CheckUnused() const;

  // INVALID_ARGUMENT if a flag was given that needs --baskets, and it was not. Call if --flat was
  // given.
  absl::Status CheckBaskets() const;

 private:
  void DefineColumns(FlagSet* flags);
  void DefineBaskets(FlagSet* flags);
  void DefineValues(FlagSet* flags);
  void DefineReturns(FlagSet* flags);

  FlatSettings settings_;
  bool used_ = false;  // Whether a flag that applies to --flat only was given.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FLAT_FLAGS_H_
