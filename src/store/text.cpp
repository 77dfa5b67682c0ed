#include "store/text.h"

#include <charconv>

namespace assay::store {
namespace {

using Byte = unsigned char;

// U+EE00..U+EEFF is EE B8 80 .. EE BB BF.
void append_escaped(std::string& out, Byte byte) {
  out += '\xEE';
  out += static_cast<char>(0xB8 + (byte >> 6));
  out += static_cast<char>(0x80 + (byte & 0x3F));
}

bool is_escape(std::string_view text, size_t at) {
  return at + 2 < text.size() && static_cast<Byte>(text[at]) == 0xEE && static_cast<Byte>(text[at + 1]) >= 0xB8 &&
         static_cast<Byte>(text[at + 1]) <= 0xBB;
}

// Bytes of the character at `at`; 0 when it is none, NUL, or one that stands for a byte.
size_t character_bytes(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return at + i < text.size() ? static_cast<Byte>(text[at + i]) : Byte{0}; };
  const Byte lead = byte(0);
  if (lead == 0) return 0;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool is_overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool is_beyond = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  return is_overlong || is_beyond || is_escape(text, at) ? 0 : size;
}

}  // namespace

std::string to_text(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (size_t at = 0; at < bytes.size();) {
    const size_t size = character_bytes(bytes, at);
    if (size == 0) append_escaped(out, static_cast<Byte>(bytes[at++]));
    else out += bytes.substr(at, size), at += size;
  }
  return out;
}

std::string from_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    if (!is_escape(text, at)) {
      out += text[at++];
      continue;
    }
    out +=
        static_cast<char>(((static_cast<Byte>(text[at + 1]) - 0xB8) << 6) | (static_cast<Byte>(text[at + 2]) & 0x3F));
    at += 3;
  }
  return out;
}

std::string_view cut_text(std::string_view text, size_t most_bytes) {
  if (text.size() <= most_bytes) return text;
  while (most_bytes > 0 && (static_cast<Byte>(text[most_bytes]) & 0xC0) == 0x80) --most_bytes;
  return text.substr(0, most_bytes);
}

std::string join_texts(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& each : texts) {
    const std::string text = to_text(each);
    joined += std::to_string(text.size()) + ':' + text;
  }
  return joined;
}

std::vector<std::string> split_texts(std::string_view joined) {
  std::vector<std::string> texts;
  while (!joined.empty()) {
    size_t size = 0;
    const auto [end, failure] = std::from_chars(joined.data(), joined.data() + joined.size(), size);
    const auto colon = static_cast<size_t>(end - joined.data());
    if (failure != std::errc{} || colon >= joined.size() || size > joined.size() - colon - 1) break;
    texts.push_back(from_text(joined.substr(colon + 1, size)));
    joined.remove_prefix(colon + 1 + size);
  }
  return texts;
}

}  // namespace assay::store
