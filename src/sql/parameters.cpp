#include "sql/parameters.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "sql/error.h"

namespace assay::sql {
namespace {

size_t character_bytes(const unsigned char* at, size_t left) noexcept {
  const unsigned char lead = at[0];
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const size_t n = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (left < n) return 0;
  for (size_t i = 1; i < n; ++i)
    if ((at[i] & 0xC0) != 0x80) return 0;
  const bool is_overlong = (lead == 0xE0 && at[1] < 0xA0) || (lead == 0xF0 && at[1] < 0x90);
  const bool is_surrogate_or_beyond = (lead == 0xED && at[1] > 0x9F) || (lead == 0xF4 && at[1] > 0x8F);
  return is_overlong || is_surrogate_or_beyond ? 0 : n;
}

[[noreturn]] void refuse(size_t index, const char* why) {
  throw Error(core::ErrorKind::bad_input, Trouble::other, fmt::format("parameter ${} {}", index + 1, why));
}

void check_text(std::string_view text, size_t index) {
  if (text.find('\0') != std::string_view::npos) refuse(index, "is text with a NUL in it");
  if (!is_utf8(text)) refuse(index, "is text, but no UTF-8");
}

template <typename Elements, typename Append>
std::string joined(const Elements& elements, char open, char close, const Append& append) {
  std::string out(1, open);
  for (const auto& element : elements) {
    if (out.size() > 1) out += ',';
    append(out, element);
  }
  out += close;
  return out;
}

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_array_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_number(std::string& out, int64_t number) { fmt::format_to(std::back_inserter(out), "{}", number); }

}  // namespace

bool is_utf8(std::string_view bytes) noexcept {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  size_t left = bytes.size();
  while (left > 0) {
    if (left >= 8) {
      uint64_t eight = 0;
      std::memcpy(&eight, at, 8);
      if ((eight & 0x8080808080808080) == 0) {
        at += 8;
        left -= 8;
        continue;
      }
    }
    const size_t n = character_bytes(at, left);
    if (n == 0) return false;
    at += n;
    left -= n;
  }
  return true;
}

void check_parameters(std::span<const Value> parameters, size_t width) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Value& value = parameters[i];
    const size_t index = width == 0 ? i : i % width;
    if (const auto* text = std::get_if<std::string_view>(&value)) check_text(*text, index);
    if (const auto* texts = std::get_if<std::span<const std::string_view>>(&value))
      for (const std::string_view element : *texts) check_text(element, index);
    if (const auto* number = std::get_if<double>(&value); number && std::isnan(*number)) refuse(index, "is NaN");
  }
}

std::string json_array(std::span<const int64_t> numbers) { return joined(numbers, '[', ']', append_number); }

std::string json_array(std::span<const std::string_view> texts) { return joined(texts, '[', ']', append_json_text); }

std::string array_literal(std::span<const int64_t> numbers) { return joined(numbers, '{', '}', append_number); }

std::string array_literal(std::span<const std::string_view> texts) {
  return joined(texts, '{', '}', append_array_text);
}

}  // namespace assay::sql
