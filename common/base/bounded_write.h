#ifndef CLUSTR_COMMON_BASE_BOUNDED_WRITE_H_
#define CLUSTR_COMMON_BASE_BOUNDED_WRITE_H_

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace clustr {

// Writes `text` to the descriptor `file` in small parts and returns true once all is written. While
// the reader of a pipe, socket or terminal has stalled, calls `give_up` about every 50 ms and
// returns false when that returns true. Also returns false if the file cannot be written. The
// descriptor may be in blocking mode: a part is written only when poll(2) says that it fits, so
// this blocks only if another process fills the same pipe in between.
bool WriteUnless(int file, absl::string_view text, absl::FunctionRef<bool()> give_up);

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_BOUNDED_WRITE_H_
