#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "connect/sftp/sftp_client.h"
#include "connect/tree/remote_tree.h"

namespace assay::connect::sftp {

/// What attributes say of an entry of that name.
RemoteEntry entry_of(std::string name, const Attributes& attributes);

/// Reads a file with many requests on their way at a time.
class SftpFile final : public RemoteFile {
 public:
  /// Takes the handle over.
  SftpFile(std::shared_ptr<SftpClient> client, std::string handle, RemoteEntry entry, uint64_t offset);
  ~SftpFile() override;

  const RemoteEntry& entry() const override { return entry_; }
  size_t read(std::span<char> out) override;
  RemoteEntry look_again() override;

 private:
  /// A piece that was asked for.
  struct Request {
    SftpClient::Id id = 0;
    uint64_t offset = 0;
    uint32_t bytes = 0;
  };

  void ask_ahead();
  void receive();

  const std::shared_ptr<SftpClient> client_;
  const std::string handle_;
  const RemoteEntry entry_;
  uint64_t next_offset_;                  ///< to ask for
  uint64_t bytes_asked_ = 0;              ///< in `requests_`
  std::deque<Request> requests_;          ///< in the order of their offsets
  std::optional<SftpClient::Id> at_end_;  ///< asked together with what should be the end
  std::string piece_;                     ///< what came
  size_t taken_ = 0;                      ///< of `piece_`
  bool has_ended_ = false;
};

}  // namespace assay::connect::sftp
