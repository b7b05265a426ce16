#include <malloc.h>

#include "services/bundles/bundles.h"

int main(int argc, char** argv) {
  // A rule query holds arrays of tens of megabytes while it runs. With its default dynamic
  // threshold, malloc would learn to keep such arrays in each thread's arena instead of returning
  // them.
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  return clustr::rpc::RunServer(
      "bundles", "answers which products sell together, and recommends bundles of them",
      "127.0.0.1:50053", clustr::bundles::BundlesFlags(), argc, argv, clustr::bundles::MakeBundles);
}
