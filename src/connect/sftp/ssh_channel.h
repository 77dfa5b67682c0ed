#pragma once

#include <libssh/libssh.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "connect/connector_kind.h"
#include "connect/sftp/settings.h"

namespace assay::connect::sftp {

/// The subsystem "sftp" of an SSH server, reached: a stream of bytes to it and back. Used by one thread at a time.
///
/// Throws core::Error: denied when the server is not the one that is known or refuses all credentials, permanent when
/// it has no such subsystem or no cipher in common, transient when it does not answer, the connection ends, or, within
/// a fifth of a second, a stop is requested.
class SshChannel {
 public:
  SshChannel(const Settings& settings, const ConnectorContext& context);
  ~SshChannel();
  SshChannel(const SshChannel&) = delete;
  SshChannel& operator=(const SshChannel&) = delete;

  void write(std::string_view bytes);
  /// At least one byte; how many.
  size_t read(std::span<char> out);
  /// What the server calls itself.
  std::string server() const;

 private:
  struct FreeSession {
    void operator()(ssh_session session) const noexcept;
  };
  struct FreeChannel {
    void operator()(ssh_channel channel) const noexcept;
  };
  using Step = std::function<int()>;

  void set_options(int socket);
  void check_host_key() const;
  void authenticate();
  bool authenticate_with_key();
  bool authenticate_with_password();
  bool authenticate_by_answers(const std::string& password);
  void open_subsystem();
  /// Repeats a step while it returns `again`.
  int finish(const Step& step, int again);
  void wait_for_server(std::chrono::steady_clock::time_point since) const;
  [[noreturn]] void fail(std::string_view what) const;
  std::string said() const;

  const Settings& settings_;
  const ConnectorContext& context_;
  std::unique_ptr<ssh_session_struct, FreeSession> session_;
  std::unique_ptr<ssh_channel_struct, FreeChannel> channel_;
};

}  // namespace assay::connect::sftp
