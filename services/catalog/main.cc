#include "services/catalog/catalog.h"

int main(int argc, char** argv) {
  return clustr::rpc::RunServer("catalog", "owns products, customers and timeframes",
                                "127.0.0.1:50051", clustr::catalog::CatalogFlags(), argc, argv,
                                [](const clustr::rpc::Flags& flags, clustr::rpc::Tracer*) {
                                  return clustr::catalog::MakeCatalog(flags);
                                });
}
