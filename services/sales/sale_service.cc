#include "absl/strings/str_cat.h"
#include "services/sales/catalog_write.h"
#include "services/sales/services.h"

namespace clustr::sales {
namespace {

// Adds the returned units to the stored line; `line` receives what is stored afterwards.
absl::Status ReturnUnits(const Parts& parts, storage::WriteContext& write,
                         const v1::ReturnSaleRequest& asked, v1::Sale* line) {
  const resource::Resource<v1::Sale>& sales = *parts.sales;
  const int64_t sale_id = sales.RowNamedBy(write.session(), asked);
  if (!sales.table().Get(write.session(), sale_id, line)) return sales.NotFound(asked);
  const int32_t left = line->quantity() - line->returned_quantity();
  if (asked.quantity() > left) {
    return FieldError(
        "quantity",
        left == 0 ? absl::StrCat("all ", line->quantity(), " units were returned before")
                  : absl::StrCat(asked.quantity(), " is above ", left,
                                 ", the units that were not returned yet; give at most that"),
        common::v1::ERROR_REASON_FIELD_INVALID, {{"limit", absl::StrCat(left)}});
  }
  google::protobuf::FieldMask mask;
  mask.add_paths("returned_quantity");
  std::vector<Violation> violations;
  const schema::RowUpdate update(*v1::Sale::descriptor(), mask, "update_mask",
                                 schema::RowUpdate::Kind::kImport, &violations);
  v1::Sale given;
  given.set_sale_id(sale_id);
  given.set_returned_quantity(line->returned_quantity() + asked.quantity());
  SaleRules rules(parts.replica, WriteFacts());
  sales.writer().Update(write, &rules, update, given, "sale", line, &violations);
  if (!violations.empty()) return ViolationError(std::move(violations));
  rules.End(write);
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* SaleServiceImpl::CreateSale(grpc::CallbackServerContext* context,
                                                      const v1::CreateSaleRequest* request,
                                                      v1::CreateSaleResponse* response) {
  return CatalogWriteCall(
      parts_, context, request, response,
      [this](const auto& asked, auto* violations) { parts_.sales->CheckCreate(asked, violations); },
      [this](storage::WriteContext& write, const auto& asked, WriteFacts facts, auto* answer) {
        SaleRules rules(parts_.replica, facts);
        return parts_.sales->CreateRow(write, &rules, asked, answer);
      });
}

grpc::ServerUnaryReactor* SaleServiceImpl::UpdateSale(grpc::CallbackServerContext* context,
                                                      const v1::UpdateSaleRequest* request,
                                                      v1::UpdateSaleResponse* response) {
  return CatalogWriteCall(
      parts_, context, request, response,
      [this](const auto& asked, auto* violations) { parts_.sales->CheckUpdate(asked, violations); },
      [this](storage::WriteContext& write, const auto& asked, WriteFacts facts, auto* answer) {
        SaleRules rules(parts_.replica, facts);
        return parts_.sales->UpdateRow(write, &rules, asked, answer);
      });
}

grpc::ServerUnaryReactor* SaleServiceImpl::ReturnSale(grpc::CallbackServerContext* context,
                                                      const v1::ReturnSaleRequest* request,
                                                      v1::ReturnSaleResponse* response) {
  return rpc::WriteCall(
      context, request, response, *parts_.store, parts_.calls->writes,
      [this](storage::WriteContext& write, const v1::ReturnSaleRequest& asked,
             v1::ReturnSaleResponse* answer) {
        return ReturnUnits(parts_, write, asked, answer->mutable_sale());
      },
      rpc::NoFurtherRules(),
      [this](storage::Session& session, v1::ReturnSaleResponse* answer) {
        parts_.sale_keys->Fill(session, nullptr, answer->mutable_sale());
      });
}

}  // namespace clustr::sales
