#pragma once

#include <sys/types.h>

#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "connect/smb/wire.h"
#include "core/fd.h"

namespace assay::connect::smb {

/// Where the program assay-smb is: $ASSAY_SMB when it is set, else beside this program, else in ../libexec/assay from
/// it. Throws core::Error(not_found) naming the places that were tried.
std::string find_helper();

/// A running assay-smb. What it says is not trusted. Used by one thread at a time; killed at the end.
///
/// Throws core::Error: permanent when the helper does not keep to what was agreed, transient when it ends, says
/// nothing for too long or, within a fifth of a second, a stop is requested. After either it is of no use.
class Helper {
 public:
  explicit Helper(std::stop_token stop);
  ~Helper();
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;

  void ask(MessageType type, std::string_view body);
  struct Message {
    MessageType type = MessageType::failed;
    std::string body;
  };
  /// The next message; its body is taken into `message`, whose memory is used again.
  void receive(Message& message);

 private:
  void wait_for(short events) const;
  void receive_all(char* bytes, size_t size);

  const std::stop_token stop_;
  pid_t process_ = 0;
  core::Fd line_;
};

}  // namespace assay::connect::smb
