#ifndef CLUSTR_TOOLS_CLUSTRCTL_CONNECTING_COMMAND_H_
#define CLUSTR_TOOLS_CLUSTRCTL_CONNECTING_COMMAND_H_

#include <memory>

#include "grpcpp/security/credentials.h"
#include "tools/clustrctl/command.h"

namespace clustr::ctl {

// A command that connects to more servers than those of its Context.
class ConnectingCommand : public Command {
 public:
  // Called once before Run, with what the servers of the Context are connected by.
  virtual void UseCredentials(std::shared_ptr<grpc::ChannelCredentials> credentials) = 0;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_CONNECTING_COMMAND_H_
