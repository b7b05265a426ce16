#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/customer_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

using catalog::v1::CustomerService;
using catalog::v1::EraseCustomerRequest;
using catalog::v1::EraseCustomerResponse;

class EraseCustomerCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Field("external-id", &request_, "external_id",
                 "the shop's own identifier of the customer, in place of ID");
    flags->Switch("yes", "confirms that the customer is to be erased, which cannot be undone",
                  &confirmed_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    const bool by_id = request_.external_id().empty();
    CLUSTR_RETURN_IF_ERROR(
        CheckArgumentCount(arguments, by_id ? 1 : 0, by_id ? 1 : 0,
                           "clustrctl erase-customer ID --yes, or --external-id=TEXT --yes"));
    if (by_id) {
      CLUSTR_RETURN_IF_ERROR(SetCustomer(arguments[0]));
    }
    if (!confirmed_) {
      return absl::InvalidArgumentError(
          "an erased customer cannot be brought back; give --yes to confirm that");
    }
    const auto stub = CustomerService::NewStub(context.catalog.channel);
    EraseCustomerResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.catalog, &CustomerService::Stub::EraseCustomer, *stub,
                                context.timeout_seconds, request_, &response));
    if (context.json) {
      context.PrintJson(response);
    } else {
      context.out << "customer " << response.customer_id() << " is erased, catalog revision "
                  << response.revision() << '\n';
    }
    if (!response.traces_remain()) return ExitCode::kOk;
    context.err << "clustrctl erase-customer: somebody, for example a backup, still reads an "
                   "older state of catalog, so its -wal file may hold data of the customer; erase "
                   "customer "
                << response.customer_id() << " again when they have ended\n";
    return ExitCode::kRowsFailedOrDiffers;
  }

 private:
  // The field of the external_id is older than the rule by which SetRowName finds it.
  absl::Status SetCustomer(const std::string& name) {
    catalog::v1::GetCustomerRequest named;
    const std::string wrong =
        SetRowName(name, *named.GetDescriptor()->FindFieldByName("customer_id"), &named);
    if (!wrong.empty()) return absl::InvalidArgumentError(absl::StrCat("ID: ", wrong));
    request_.set_id(named.customer_id());
    request_.set_external_id(named.external_id());
    return absl::OkStatus();
  }

  EraseCustomerRequest request_;
  bool confirmed_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeEraseCustomerCommand() {
  return std::make_unique<EraseCustomerCommand>();
}

}  // namespace clustr::ctl
