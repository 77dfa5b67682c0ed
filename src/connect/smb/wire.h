#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What a process says to its helper that speaks SMB, and what the helper answers. A message is its length (4 bytes),
/// its type and its body; numbers have their most significant byte first, texts their length (4 bytes) in front.
namespace assay::connect::smb {

enum class MessageType : uint8_t {
  // questions
  setup = 1,  ///< Setup; answered by done
  look,       ///< text: a path; answered by entry
  list,       ///< text: a folder; answered by entries, as many as it takes, then done
  open,       ///< text: a file, u64: an offset; answered by entry, then by bytes until end
  close,      ///< ends what `open` began; answered by done, with bytes and an end before it maybe
  // answers
  done = 64,
  failed,   ///< Failure
  entry,    ///< Entry
  entries,  ///< Entry after Entry
  bytes,    ///< of the file
  end,      ///< of the file: Entry, as it is now
};

inline constexpr uint32_t most_message_bytes = (1U << 20) + 1024;
inline constexpr uint32_t most_data_bytes = 1U << 20;  ///< in one message of bytes

struct Setup {
  std::string host;
  uint16_t port = 0;  ///< 0: 445
  std::string user, domain, password;
  bool uses_kerberos = false;     ///< the ticket that KRB5CCNAME names, and nothing else
  bool requires_signing = true;   ///< of every message
  bool wants_encryption = false;  ///< wherever the server can: the library goes on without where it cannot
  bool tells_owners = false;      ///< of files that are opened
};

struct Failure {
  int32_t error = 0;           ///< an errno
  bool is_connection = false;  ///< the server or share was not reached at all
};

struct Entry {
  std::string name;
  bool is_folder = false;
  uint64_t size = 0, inode = 0, device = 0;
  int64_t mtime_ns = 0, ctime_ns = 0;
  std::string owner;  ///< "DOMAIN\\name" or a SID; "" when it was not asked for
};

/// Puts a body together.
class Encoder {
 public:
  void u8(uint8_t value) { body_ += static_cast<char>(value); }
  void u32(uint32_t value);
  void u64(uint64_t value);
  void text(std::string_view value);
  const std::string& body() const noexcept { return body_; }
  std::string& body() noexcept { return body_; }

 private:
  std::string body_;
};

/// Takes a body apart, which is not trusted. Throws core::Error(permanent) for one that is too short.
class Decoder {
 public:
  explicit Decoder(std::string_view body) : rest_(body) {}
  uint8_t u8() { return static_cast<uint8_t>(take(1)[0]); }
  uint32_t u32();
  uint64_t u64();
  std::string text() { return std::string(take(u32())); }
  bool is_at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view take(size_t bytes);
  std::string_view rest_;
};

void encode(Encoder& to, const Setup& setup);
void encode(Encoder& to, const Failure& failure);
void encode(Encoder& to, const Entry& entry);
Setup decode_setup(Decoder& from);
Failure decode_failure(Decoder& from);
Entry decode_entry(Decoder& from);

/// Length and type of a message.
inline constexpr size_t head_bytes = 5;
std::string message_head(MessageType type, size_t body_bytes);

}  // namespace assay::connect::smb
