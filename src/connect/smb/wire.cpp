#include "connect/smb/wire.h"

#include "core/error.h"

namespace assay::connect::smb {
namespace {

enum SetupFlag : uint8_t { kerberos = 1, signing = 2, encryption = 4, owners = 8 };

uint8_t flag_if(bool condition, uint8_t flag) { return condition ? flag : uint8_t{0}; }

}  // namespace

void Encoder::u32(uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) body_ += static_cast<char>(value >> shift);
}

void Encoder::u64(uint64_t value) {
  u32(static_cast<uint32_t>(value >> 32));
  u32(static_cast<uint32_t>(value));
}

void Encoder::text(std::string_view value) {
  u32(static_cast<uint32_t>(value.size()));
  body_ += value;
}

std::string_view Decoder::take(size_t bytes) {
  if (bytes > rest_.size())
    throw core::Error(core::ErrorKind::permanent, "the helper for SMB sent a message that is too short");
  const std::string_view taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

uint32_t Decoder::u32() {
  uint32_t value = 0;
  for (const char byte : take(4)) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

uint64_t Decoder::u64() {
  const uint64_t high = u32();
  return high << 32 | u32();
}

void encode(Encoder& to, const Setup& setup) {
  to.text(setup.host);
  to.u32(setup.port);
  to.text(setup.user);
  to.text(setup.domain);
  to.text(setup.password);
  to.u8(static_cast<uint8_t>(flag_if(setup.uses_kerberos, kerberos) | flag_if(setup.requires_signing, signing) |
                             flag_if(setup.wants_encryption, encryption) | flag_if(setup.tells_owners, owners)));
}

Setup decode_setup(Decoder& from) {
  Setup setup;
  setup.host = from.text();
  setup.port = static_cast<uint16_t>(from.u32());
  setup.user = from.text();
  setup.domain = from.text();
  setup.password = from.text();
  const uint8_t flags = from.u8();
  setup.uses_kerberos = (flags & kerberos) != 0;
  setup.requires_signing = (flags & signing) != 0;
  setup.wants_encryption = (flags & encryption) != 0;
  setup.tells_owners = (flags & owners) != 0;
  return setup;
}

void encode(Encoder& to, const Failure& failure) {
  to.u32(static_cast<uint32_t>(failure.error));
  to.u8(failure.is_connection ? 1 : 0);
}

Failure decode_failure(Decoder& from) {
  Failure failure;
  failure.error = static_cast<int32_t>(from.u32());
  failure.is_connection = from.u8() != 0;
  return failure;
}

void encode(Encoder& to, const Entry& entry) {
  to.text(entry.name);
  to.u8(entry.is_folder ? 1 : 0);
  to.u64(entry.size);
  to.u64(entry.inode);
  to.u64(entry.device);
  to.u64(static_cast<uint64_t>(entry.mtime_ns));
  to.u64(static_cast<uint64_t>(entry.ctime_ns));
  to.text(entry.owner);
}

Entry decode_entry(Decoder& from) {
  Entry entry;
  entry.name = from.text();
  entry.is_folder = from.u8() != 0;
  entry.size = from.u64();
  entry.inode = from.u64();
  entry.device = from.u64();
  entry.mtime_ns = static_cast<int64_t>(from.u64());
  entry.ctime_ns = static_cast<int64_t>(from.u64());
  entry.owner = from.text();
  return entry;
}

std::string message_head(MessageType type, size_t body_bytes) {
  Encoder head;
  head.u32(static_cast<uint32_t>(body_bytes));
  head.u8(static_cast<uint8_t>(type));
  return head.body();
}

}  // namespace assay::connect::smb
