#include "services/sales/sales.h"

int main(int argc, char** argv) {
  return clustr::rpc::RunServer("sales", "owns purchases and their lines", "127.0.0.1:50052",
                                clustr::sales::SalesFlags(), argc, argv, clustr::sales::MakeSales);
}
