#include "extract/mail/compressed_rtf.h"

#include <array>
#include <cstdint>

namespace assay::extract {
namespace {

constexpr size_t header_bytes = 16;
constexpr size_t dictionary_bytes = 4096;
constexpr uint32_t compressed_magic = 0x75465A4C;
constexpr uint32_t plain_magic = 0x414C454D;

/// What the dictionary holds at the start ([MS-OXRTFCP] 2.1.2.1).
constexpr std::string_view initial_dictionary =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    "Sans "
    "SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
static_assert(initial_dictionary.size() == 207);

uint32_t le32(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

std::string expand(std::string_view input, size_t raw_size) {
  std::string dictionary(initial_dictionary);
  dictionary.resize(dictionary_bytes, ' ');
  size_t write = initial_dictionary.size();
  std::string out;
  const auto put = [&](char c) {
    out.push_back(c);
    dictionary[write] = c;
    write = (write + 1) % dictionary_bytes;
  };
  for (size_t at = 0; at < input.size() && out.size() < raw_size;) {
    const auto control = static_cast<uint8_t>(input[at++]);
    for (int bit = 0; bit < 8 && at < input.size() && out.size() < raw_size; ++bit) {
      if ((control >> bit & 1) == 0) {
        put(input[at++]);
        continue;
      }
      if (at + 1 >= input.size()) return out;
      const uint32_t reference =
          static_cast<uint32_t>(static_cast<uint8_t>(input[at])) << 8 | static_cast<uint8_t>(input[at + 1]);
      at += 2;
      size_t from = reference >> 4;
      if (from == write) return out;  // a reference to the place of writing ends the text
      for (size_t left = (reference & 15) + 2; left > 0; --left, from = (from + 1) % dictionary_bytes)
        put(dictionary[from]);
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> decompress_rtf(std::string_view bytes, size_t max_bytes) {
  if (bytes.size() < header_bytes) return std::nullopt;
  const uint32_t raw_size = le32(bytes, 4), magic = le32(bytes, 8);
  if (raw_size > max_bytes) return std::nullopt;
  const std::string_view content = bytes.substr(header_bytes);
  if (magic == plain_magic) return std::string(content.substr(0, raw_size));
  if (magic != compressed_magic) return std::nullopt;
  return expand(content, raw_size);
}

}  // namespace assay::extract
