#include <malloc.h>

#include "services/bundles/bundles.h"

int main(int argc, char** argv) {
  // A question takes arrays of tens of megabytes for as long as it runs. By default malloc learns to
  // keep such for the next one, in each thread's arena.
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  return clustr::rpc::RunServer(
      "bundles", "answers which products sell together, and recommends bundles of them",
      "127.0.0.1:50053", clustr::bundles::BundlesFlags(), argc, argv, clustr::bundles::MakeBundles);
}
