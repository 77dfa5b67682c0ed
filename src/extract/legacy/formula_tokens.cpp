#include "extract/legacy/formula_tokens.h"

#include <array>
#include <cstdint>
#include <string>

#include "extract/ole/bytes.h"
#include "extract/unicode.h"

namespace assay::extract {
namespace {

enum Token : uint8_t {
  token_string = 0x17,
  token_attribute = 0x19,
  token_array = 0x20,
  token_memory_area = 0x26,
};

constexpr uint8_t unknown = 0xFF;

/// Bytes behind the token's own, of tokens up to 0x3F; the higher ones are classes of those from 0x20 on.
constexpr std::array<uint8_t, 0x40> operand_bytes = [] {
  std::array<uint8_t, 0x40> bytes{};
  bytes.fill(unknown);
  bytes[0x01] = bytes[0x02] = 4;
  for (size_t operation = 0x03; operation <= 0x16; ++operation) bytes[operation] = 0;
  bytes[0x1C] = bytes[0x1D] = 1;  // error, boolean
  bytes[0x1E] = 2;                // whole number
  bytes[0x1F] = 8;
  bytes[token_array] = 7;
  bytes[0x21] = 2;  // functions
  bytes[0x22] = 3;
  bytes[0x23] = bytes[0x24] = 4;  // name, reference
  bytes[0x25] = 8;
  bytes[token_memory_area] = bytes[0x27] = bytes[0x28] = 6;
  bytes[0x29] = 2;
  bytes[0x2A] = bytes[0x2C] = 4;
  bytes[0x2B] = bytes[0x2D] = 8;
  bytes[0x39] = bytes[0x3A] = bytes[0x3C] = 6;
  bytes[0x3B] = bytes[0x3D] = 10;
  return bytes;
}();

/// `count` characters of one byte or two, which `flags` tells.
std::string characters(Bytes from, size_t at, size_t count, uint8_t flags) {
  if ((flags & 1) != 0) return utf16le_to_utf8(from.slice(at, count * 2));
  std::string text;
  for (size_t i = 0; i < count; ++i) append_utf8(text, from.u8(at + i));
  return text;
}

/// The elements of an array ([MS-XLS] 2.5.198.5 and .8), whose texts are taken; returns where the next one begins.
size_t read_array(Bytes behind, size_t at, const std::function<void(std::string_view)>& take) {
  const size_t elements = (size_t{behind.u8(at)} + 1) * (size_t{behind.u16(at + 1)} + 1);
  at += 3;
  for (size_t i = 0; i < elements && at < behind.size(); ++i) {
    if (behind.u8(at) != 2) {
      at += 9;
      continue;
    }
    const size_t count = behind.u16(at + 1);
    const uint8_t flags = behind.u8(at + 3);
    take(characters(behind, at + 4, count, flags));
    at += 4 + count * ((flags & 1) != 0 ? 2 : 1);
  }
  return at;
}

void read_tokens(Bytes bytes, std::string_view behind, const std::function<void(std::string_view)>& take) {
  size_t next_array = 0;
  for (size_t at = 0; at < bytes.size();) {
    const uint8_t raw = bytes.u8(at++);
    const auto token = static_cast<uint8_t>(raw < 0x40 ? raw : (raw & 0x1F) | 0x20);
    if (token == token_string) {
      const size_t count = bytes.u8(at);
      const uint8_t flags = bytes.u8(at + 1);
      take(characters(bytes, at + 2, count, flags));
      at += 2 + count * ((flags & 1) != 0 ? 2 : 1);
    } else if (token == token_attribute) {
      constexpr uint8_t is_choice = 4;
      at += (bytes.u8(at) & is_choice) != 0 ? 3 + (size_t{bytes.u16(at + 1)} + 1) * 2 : 3;
    } else if (operand_bytes[token] == unknown || raw >= 0x80 || token == token_memory_area) {
      return;
    } else {
      if (token == token_array) next_array = read_array(Bytes(behind), next_array, take);
      at += operand_bytes[token];
    }
  }
}

}  // namespace

void read_formula_texts(std::string_view tokens, std::string_view behind,
                        const std::function<void(std::string_view)>& take) {
  try {
    read_tokens(Bytes(tokens), behind, take);
  } catch (const Failure& failure) {
    // What cannot be followed ends it; the cell has its value.
    if (failure.verdict().kind != model::VerdictKind::partial) throw;
  }
}

}  // namespace assay::extract
