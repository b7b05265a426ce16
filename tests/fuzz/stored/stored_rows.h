#ifndef CLUSTR_TESTS_FUZZ_STORED_STORED_ROWS_H_
#define CLUSTR_TESTS_FUZZ_STORED_STORED_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/server.h"

namespace clustr::fuzz {

// A service and a database of it that is well.
struct StoredService {
  std::string package;   // clustr.catalog.v1
  std::string database;  // The bytes of the file.
  // Makes the program over the database with this URL.
  std::function<absl::StatusOr<std::unique_ptr<rpc::Program>>(const std::string& url)> make;
};

// Damages cells of a copy of the database as the input says, and starts the service on it. It must
// refuse in words, or serve: every method is called with a plain message and some with messages
// from the input; each is answered, or refused by the contract. A text that is not UTF-8 is named
// among the problems. Then it stops, and starts again.
void RunStored(const StoredService& service, const uint8_t* data, size_t size);

// The bytes of a file.
std::string ReadFile(const std::string& path);

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_STORED_STORED_ROWS_H_
