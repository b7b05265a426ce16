#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "tools/clustrctl/exit_code.h"
#include "tools/clustrctl/files/export_stream.h"
#include "tools/clustrctl/files/import_stream.h"
#include "tools/clustrctl/files/row_writer.h"

namespace clustr::ctl {
namespace {

using catalog::v1::ExportProductsRequest;
using catalog::v1::ExportProductsResponse;
using catalog::v1::ImportProductsRequest;
using catalog::v1::ImportProductsResponse;
using catalog::v1::Product;
using catalog::v1::ProductService;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Records what is imported. Exports ten rows; each stream breaks after three.
class FakeProducts : public ProductService::Service {
 public:
  grpc::Status ImportProducts(grpc::ServerContext*, grpc::ServerReader<ImportProductsRequest>* in,
                              ImportProductsResponse* out) override {
    ImportProductsRequest request;
    while (in->Read(&request)) {
      if (batches_.empty()) first_ = request;
      batches_.push_back(request.products_size());
      if (refuse_) {
        return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "the disk is full", "details");
      }
    }
    out->mutable_summary()->set_revision(7);
    return grpc::Status::OK;
  }

  grpc::Status ExportProducts(grpc::ServerContext*, const ExportProductsRequest* request,
                              grpc::ServerWriter<ExportProductsResponse>* out) override {
    ++exports_;
    ExportProductsResponse response;
    for (int64_t sku = request->after_product_sku() + 1; sku <= 10; ++sku) {
      response.add_products()->set_product_sku(sku);
      if (response.products_size() < 3) continue;
      out->Write(response);
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "draining", "details");
    }
    out->Write(response);
    return grpc::Status::OK;
  }

  bool refuse_ = false;
  int exports_ = 0;
  ImportProductsRequest first_;
  std::vector<int> batches_;
};

class BulkStreamsTest : public ::testing::Test {
 protected:
  BulkStreamsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&fake_);
    server_ = builder.BuildAndStart();
    service_ = {"catalog", "in-process", server_->InProcessChannel({})};
    stub_ = ProductService::NewStub(service_.channel);
    std::filesystem::create_directories(folder_);
  }
  ~BulkStreamsTest() override { std::filesystem::remove_all(folder_); }

  absl::Status Import(int rows, const ImportSettings& settings) {
    std::ofstream file(folder_ + "/products.csv");
    file << "price,product_sku,product_name\n";
    for (int i = 1; i <= rows; ++i) file << "1.5," << i << ",Tee\n";
    file.close();
    BatchReader reader(**OpenTableFile(folder_, *Product::descriptor()));
    return SendFile<ImportProductsRequest>(
        service_, settings,
        [&](grpc::ClientContext* context, ImportProductsResponse* response) {
          return stub_->ImportProducts(context, response);
        },
        &reader, &response_);
  }

  FakeProducts fake_;
  std::unique_ptr<grpc::Server> server_;
  Service service_;
  std::unique_ptr<ProductService::Stub> stub_;
  ImportProductsResponse response_;
  const std::string folder_ = ::testing::TempDir() + "/bulk_streams_test";
};

TEST_F(BulkStreamsTest, SendsAFileInBatchesWithItsColumnsAsMask) {
  ASSERT_TRUE(Import(2500, {.validate_only = true}).ok());
  EXPECT_THAT(fake_.batches_, ElementsAre(1000, 1000, 500));
  EXPECT_TRUE(fake_.first_.validate_only());
  EXPECT_THAT(fake_.first_.update_mask().paths(), ElementsAre("price", "product_name"));
  EXPECT_EQ(fake_.first_.products(999).product_sku(), 1000);
  EXPECT_EQ(response_.summary().revision(), 7);
}

TEST_F(BulkStreamsTest, SendsOneMessageForAFileWithoutRows) {
  ASSERT_TRUE(Import(0, {}).ok());
  EXPECT_THAT(fake_.batches_, ElementsAre(0));
}

TEST_F(BulkStreamsTest, ReportsALimitOfTheService) {
  fake_.refuse_ = true;
  const absl::Status status = Import(100'000, {});
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kLimit);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("catalog at in-process: the disk is full (RESOURCE_EXHAUSTED)"));
}

TEST_F(BulkStreamsTest, ResumesABrokenExportAfterTheLastRow) {
  auto writer =
      RowWriter::Create(folder_ + "/out.csv",
                        FieldsByNumber(*Product::descriptor(), {Product::kProductSkuFieldNumber}));
  const absl::Status status = ReceiveRows<ExportProductsRequest, ExportProductsResponse>(
      service_,
      [&](grpc::ClientContext* context, const ExportProductsRequest& request) {
        return stub_->ExportProducts(context, request);
      },
      &*writer);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_TRUE(writer->Close().ok());
  std::stringstream content;
  content << std::ifstream(folder_ + "/out.csv").rdbuf();
  EXPECT_EQ(content.str(), "product_sku\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n");
  EXPECT_EQ(fake_.exports_, 4);
}

TEST(ServiceErrorTest, NamesTheServerToStartIfNobodyAnswers) {
  const Service sales{"sales", "127.0.0.1:1", nullptr};
  const absl::Status status =
      ServiceError(sales, grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection refused"));
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kRefusedOrUnreachable);
  EXPECT_EQ(std::string(status.message()),
            "sales at 127.0.0.1:1 cannot be reached: connection refused. Start it with "
            "`clustr-sales --listen=127.0.0.1:1`, or give its address with --sales=HOST:PORT or "
            "CLUSTR_SALES");
}

TEST(ServiceErrorTest, KeepsTheMessageOfARefusal) {
  const Service catalog{"catalog", "h:1", nullptr};
  const absl::Status status = ServiceError(
      catalog, grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "price: -1 is below 0"));
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kRefusedOrUnreachable);
  EXPECT_EQ(std::string(status.message()),
            "catalog at h:1: price: -1 is below 0 (INVALID_ARGUMENT)");
}

}  // namespace
}  // namespace clustr::ctl
