#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::connect::sftp {

/// Numbers of draft-ietf-secsh-filexfer-02, version 3.
enum PacketType : uint8_t {
  init = 1,
  version = 2,
  open = 3,
  close = 4,
  read = 5,
  lstat = 7,
  fstat = 8,
  opendir = 11,
  readdir = 12,
  stat = 17,
  status = 101,
  handle = 102,
  data = 103,
  name = 104,
  attrs = 105,
  extended = 200,
  extended_reply = 201,
};

enum StatusCode : uint32_t {
  status_ok = 0,
  status_eof = 1,
  status_no_such_file = 2,
  status_permission_denied = 3,
  status_no_connection = 6,
  status_connection_lost = 7,
};

void append_u32(std::string& out, uint32_t value);
void append_u64(std::string& out, uint64_t value);
void append_text(std::string& out, std::string_view text);

/// Takes a packet apart, which is not trusted. Throws core::Error(permanent) when it is shorter than it says.
class PacketReader {
 public:
  explicit PacketReader(std::string_view bytes) : rest_(bytes) {}

  uint8_t u8();
  uint32_t u32();
  uint64_t u64();
  std::string_view text();
  bool is_at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view take(size_t bytes);

  std::string_view rest_;
};

/// Throws what a server that does not keep to the protocol gets.
[[noreturn]] void throw_nonsense(std::string_view what);

}  // namespace assay::connect::sftp
