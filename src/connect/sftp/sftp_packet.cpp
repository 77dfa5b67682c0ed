#include "connect/sftp/sftp_packet.h"

#include <fmt/format.h>

#include "core/error.h"

namespace assay::connect::sftp {

void append_u32(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

void append_u64(std::string& out, uint64_t value) {
  append_u32(out, static_cast<uint32_t>(value >> 32));
  append_u32(out, static_cast<uint32_t>(value));
}

void append_text(std::string& out, std::string_view text) {
  append_u32(out, static_cast<uint32_t>(text.size()));
  out += text;
}

std::string_view PacketReader::take(size_t bytes) {
  if (bytes > rest_.size()) throw_nonsense("a packet is shorter than it says");
  const std::string_view taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

uint8_t PacketReader::u8() { return static_cast<uint8_t>(take(1)[0]); }

uint32_t PacketReader::u32() {
  uint32_t value = 0;
  for (const char byte : take(4)) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

uint64_t PacketReader::u64() {
  const uint64_t high = u32();
  return high << 32 | u32();
}

std::string_view PacketReader::text() { return take(u32()); }

void throw_nonsense(std::string_view what) {
  throw core::Error(core::ErrorKind::permanent, fmt::format("the server does not speak SFTP as it should: {}", what));
}

}  // namespace assay::connect::sftp
