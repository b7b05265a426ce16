#include "common/backup/chunk_chain.h"

#include <openssl/evp.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace clustr::backup {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(context_, EVP_sha256(), nullptr);
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_); }

void Sha256::Add(absl::string_view bytes) {
  EVP_DigestUpdate(context_, bytes.data(), bytes.size());
}

std::string Sha256::Digest() {
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

std::string ChunkChain::Next(absl::string_view content) const {
  Sha256 hash;
  hash.Add(sha256_);
  hash.Add(content);
  return hash.Digest();
}

void ChunkChain::Seal(std::string content, ops::v1::BackupChunk* chunk) {
  sha256_ = Next(content);
  chunk->set_number(++number_);
  chunk->set_content(std::move(content));
  chunk->set_sha256(sha256_);
}

absl::Status ChunkChain::Check(const ops::v1::BackupChunk& chunk) {
  if (chunk.number() != number_ + 1) {
    return Refused(absl::StrCat("chunk ", number_ + 1, " of the backup is missing: chunk ",
                                chunk.number(), " is in its place"));
  }
  std::string expected = Next(chunk.content());
  if (chunk.sha256() != expected) {
    return Refused(absl::StrCat("chunk ", chunk.number(),
                                " of the backup is damaged: it does not have its checksum"));
  }
  ++number_;
  sha256_ = std::move(expected);
  return absl::OkStatus();
}

absl::Status Refused(absl::string_view why) {
  return MakeError(common::v1::ERROR_REASON_BACKUP_REFUSED, why);
}

}  // namespace clustr::backup
