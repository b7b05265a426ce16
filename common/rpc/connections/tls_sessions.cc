#include "common/rpc/connections/tls_sessions.h"

#include <dlfcn.h>
#include <openssl/ssl.h>

#include <array>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/connections/connection.h"

namespace clustr::rpc {
namespace {

using ConnectionPtr = std::shared_ptr<Connection>;

absl::Mutex mutex(absl::kConstInit);

// Connections whose session has passed on nothing yet, by random number; null for a number that
// more than one client sent.
absl::flat_hash_map<std::string, ConnectionPtr>& Expected() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
  static auto* const expected = new absl::flat_hash_map<std::string, ConnectionPtr>;
  return *expected;
}

ConnectionPtr Take(const std::string& random) {
  absl::MutexLock lock(&mutex);
  const auto found = Expected().find(random);
  return found == Expected().end() ? nullptr : std::exchange(found->second, nullptr);
}

void FreeConnection(void*, void* connection, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<ConnectionPtr*>(connection);
}

// Where a session keeps its connection.
int Slot() {
  static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, FreeConnection);
  return slot;
}

// The connection of a server's session, or null.
Connection* ConnectionOf(SSL* ssl) {
  auto* known = static_cast<ConnectionPtr*>(SSL_get_ex_data(ssl, Slot()));
  if (known == nullptr) {
    std::string random(32, '\0');
    SSL_get_client_random(ssl, reinterpret_cast<unsigned char*>(random.data()), random.size());
    known = new ConnectionPtr(Take(random));
    SSL_set_ex_data(ssl, Slot(), known);
  }
  return known->get();
}

// The function of OpenSSL that one of the functions below stands in front of.
template <class Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

void TlsSessions::Expect(const std::string& random, std::shared_ptr<Connection> connection) {
  absl::MutexLock lock(&mutex);
  const auto [place, is_new] = Expected().try_emplace(random, std::move(connection));
  if (!is_new) place->second = nullptr;
}

void TlsSessions::Forget(const std::string& random) {
  ConnectionPtr forgotten;  // Destroyed after the lock.
  absl::MutexLock lock(&mutex);
  const auto found = Expected().find(random);
  if (found == Expected().end()) return;
  forgotten = std::move(found->second);
  Expected().erase(found);
}

}  // namespace clustr::rpc

// The functions of the process; see TlsSessions.
extern "C" {

int SSL_read(SSL* ssl, void* bytes, int size) {
  static auto* const read = clustr::rpc::Next<int(SSL*, void*, int)>("SSL_read");
  const int got = read(ssl, bytes, size);
  if (got <= 0 || SSL_is_server(ssl) == 0) return got;
  clustr::rpc::Connection* const connection = clustr::rpc::ConnectionOf(ssl);
  const absl::string_view frames(static_cast<const char*>(bytes), static_cast<size_t>(got));
  return connection != nullptr && connection->ReceivedFrames(frames) ? got : -1;
}

int SSL_write(SSL* ssl, const void* bytes, int size) {
  static auto* const write = clustr::rpc::Next<int(SSL*, const void*, int)>("SSL_write");
  const int sent = write(ssl, bytes, size);
  if (sent <= 0 || SSL_is_server(ssl) == 0) return sent;
  if (clustr::rpc::Connection* const connection = clustr::rpc::ConnectionOf(ssl)) {
    connection->SentFrames({static_cast<const char*>(bytes), static_cast<size_t>(sent)});
  }
  return sent;
}
}
