#ifndef CLUSTR_COMMON_BACKUP_CHUNK_CHAIN_H_
#define CLUSTR_COMMON_BACKUP_CHUNK_CHAIN_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clustr/ops/v1/backup.pb.h"

struct evp_md_ctx_st;

namespace clustr::backup {

// SHA-256 of texts that come piece by piece. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(absl::string_view bytes);
  // The digest, 32 bytes, of what was added. To be called once, at the end.
  std::string Digest();

 private:
  evp_md_ctx_st* const context_;
};

// Numbers the chunks of a backup and joins them by their checksums. Not thread-safe.
class ChunkChain {
 public:
  // Makes the next chunk.
  void Seal(std::string content, ops::v1::BackupChunk* chunk);

  // OK if this is the next chunk, exactly as Seal made it. Otherwise FAILED_PRECONDITION with
  // reason BACKUP_REFUSED.
  absl::Status Check(const ops::v1::BackupChunk& chunk);

 private:
  std::string Next(absl::string_view content) const;

  int64_t number_ = 0;
  std::string sha256_;
};

// FAILED_PRECONDITION with reason BACKUP_REFUSED.
absl::Status Refused(absl::string_view why);

}  // namespace clustr::backup

#endif  // CLUSTR_COMMON_BACKUP_CHUNK_CHAIN_H_
