#include "services/bundles/bundles.h"

int main(int argc, char** argv) {
  return clustr::rpc::RunServer(
      "bundles", "answers which products sell together, and recommends bundles of them",
      "127.0.0.1:50053", clustr::bundles::BundlesFlags(), argc, argv, clustr::bundles::MakeBundles);
}
