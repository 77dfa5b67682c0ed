#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connect/sftp/ssh_channel.h"
#include "connect/tree/remote_tree.h"

namespace assay::connect::sftp {

/// What an SFTP server says of a file (draft-ietf-secsh-filexfer-02, 5). Absent is what it does not say.
struct Attributes {
  std::optional<uint64_t> size;         ///< bytes
  std::optional<uint32_t> permissions;  ///< st_mode
  std::optional<uint32_t> mtime_s;      ///< since 1970
};

/// An answer to a request.
struct Packet {
  uint8_t type = 0;
  std::string body;  ///< behind the request's id
};

/// Version 3 of the protocol, of which a reader needs little. Requests are sent before earlier ones are answered.
/// Used by one thread at a time but for forget(). Errors as SshChannel's; permanent when the server does not keep to
/// the protocol, after which the connection is of no use.
class SftpClient {
 public:
  SftpClient(const Settings& settings, const ConnectorContext& context);

  using Id = uint32_t;
  Id ask_read(const std::string& handle, uint64_t offset, uint32_t bytes);
  Id ask_fstat(const std::string& handle);
  Id ask_lstat(const std::string& path);
  Id ask_stat(const std::string& path);
  Id ask_open(const std::string& path);
  Id ask_opendir(const std::string& path);
  Id ask_readdir(const std::string& handle);

  /// Waits for what answers a request; to be called once for each.
  Packet answer(Id id);
  /// Nobody waits for these any more, and the handle is to be closed. From any thread.
  void forget(std::string handle, std::vector<Id> ids);

  /// How many bytes one read should ask for.
  uint32_t most_read_bytes() const noexcept { return most_read_bytes_; }
  std::string server() const { return channel_.server(); }

  /// What an answer that is a status means for a file. Throws core::Error when it is about the connection.
  static Refusal refusal(const Packet& status);
  /// SSH_FX_EOF.
  static bool is_end(const Packet& answer);
  static std::expected<std::string, Refusal> handle_of(const Packet& answer);
  static std::expected<Attributes, Refusal> attributes_of(const Packet& answer);
  /// Of an answer to ask_readdir().
  static void take_names(const Packet& answer, const std::function<bool(std::string&& name, const Attributes&)>& take);
  /// Of an answer to ask_read(); nullopt at the end.
  static std::expected<std::optional<std::string_view>, Refusal> data_of(const Packet& answer);

 private:
  struct Question {
    std::optional<Packet> answer;
    bool is_forgotten = false;
  };

  Id ask(uint8_t type, std::string_view body);
  void greet();
  void ask_for_limits();
  void let_go();
  void flush();
  /// The next answer, whatever it answers.
  std::pair<Id, Packet> receive();
  /// Has at least so many bytes in `in_` that were not taken.
  void fill(size_t bytes);

  SshChannel channel_;
  std::string out_;   ///< requests that were not sent yet
  std::string in_;    ///< what came
  size_t taken_ = 0;  ///< of `in_`
  Id next_id_ = 1;
  uint32_t most_read_bytes_ = 32 << 10;  ///< that every server can give
  std::unordered_map<Id, Question> questions_;
  std::mutex mutex_;
  std::vector<std::pair<std::string, std::vector<Id>>> forgotten_;
};

}  // namespace assay::connect::sftp
