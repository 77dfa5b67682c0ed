#include "extract/mail/transfer.h"

#include <algorithm>
#include <array>

#include "extract/mail/header.h"

namespace assay::extract {
namespace {

constexpr int8_t not_base64 = -1;

constexpr std::array<int8_t, 256> make_base64_values() {
  std::array<int8_t, 256> values{};
  values.fill(not_base64);
  for (int i = 0; i < 26; ++i) {
    values[static_cast<size_t>('A' + i)] = static_cast<int8_t>(i);
    values[static_cast<size_t>('a' + i)] = static_cast<int8_t>(26 + i);
  }
  for (int i = 0; i < 10; ++i) values[static_cast<size_t>('0' + i)] = static_cast<int8_t>(52 + i);
  values['+'] = 62;
  values['/'] = 63;
  return values;
}
constexpr auto base64_values = make_base64_values();

int8_t base64_value(char c) { return base64_values[static_cast<uint8_t>(c)]; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool could_be_base64(std::string_view line) {
  return std::ranges::all_of(line, [](char c) { return base64_value(c) != not_base64 || c == '='; });
}

unsigned uu_value(char c) { return (static_cast<unsigned char>(c) - 0x20U) & 0x3FU; }

}  // namespace

TransferEncoding transfer_encoding(std::string_view header_value) {
  const std::string name = to_lower(trim_spaces(header_value));
  if (name.starts_with("base64")) return TransferEncoding::base64;
  if (name.starts_with("quoted-printable")) return TransferEncoding::quoted_printable;
  if (name == "x-uuencode" || name == "uuencode" || name == "x-uue") return TransferEncoding::uuencode;
  return TransferEncoding::identity;
}

void TransferDecoder::decode(const Line& line, std::string& out) {
  switch (encoding_) {
    case TransferEncoding::identity: out += line.bytes; break;
    case TransferEncoding::base64: {
      const std::string_view text = trim_spaces(line.content());
      if (keep_foreign_lines_ && line.begins && !could_be_base64(text)) {
        finish(out);
        out += line.bytes;
      } else {
        decode_base64_line(text, out);
      }
      break;
    }
    case TransferEncoding::quoted_printable: decode_quoted_line(line, out); break;
    case TransferEncoding::uuencode: decode_uu_line(line.content(), out); break;
  }
}

void TransferDecoder::finish(std::string& out) {
  out += held_;
  held_.clear();
  bits_ = 0;
  bit_count_ = 0;
}

void TransferDecoder::decode_base64_line(std::string_view line, std::string& out) {
  for (const char c : line) {
    const int8_t value = base64_value(c);
    if (value == not_base64) {
      if (c != '=') continue;
      bits_ = 0;  // padding ends a run; several runs may follow each other
      bit_count_ = 0;
      continue;
    }
    bits_ = bits_ << 6 | static_cast<uint32_t>(value);
    bit_count_ += 6;
    if (bit_count_ >= 8) {
      bit_count_ -= 8;
      out.push_back(static_cast<char>(bits_ >> bit_count_));
    }
  }
}

void TransferDecoder::decode_quoted_line(const Line& line, std::string& out) {
  std::string joined = std::move(held_) + std::string(line.bytes);
  held_.clear();
  std::string_view text = joined;
  const bool line_ends = text.ends_with('\n');
  const std::string_view line_end =
      line_ends ? text.substr(text.size() - (text.ends_with("\r\n") ? 2 : 1)) : std::string_view{};
  text.remove_suffix(line_end.size());
  if (line_ends)
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  bool soft = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out.push_back(text[i]);
    } else if (i + 1 == text.size() && line_ends) {
      soft = true;
    } else if (i + 2 >= text.size() && !line_ends) {
      held_ = text.substr(i);
      return;
    } else if (i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
      i += 2;
    } else {
      out.push_back('=');
    }
  }
  if (!soft) out += line_end;
}

void TransferDecoder::decode_uu_line(std::string_view line, std::string& out) {
  if (!uu_begun_ && !uu_file_name(line).empty()) {
    uu_begun_ = true;
    return;
  }
  if (line == "end") uu_ended_ = true;
  if (uu_ended_ || line.empty()) return;
  size_t left = uu_value(line.front());
  line.remove_prefix(1);
  while (left > 0 && !line.empty()) {
    uint32_t group = 0;
    for (size_t i = 0; i < 4; ++i) group = group << 6 | (i < line.size() ? uu_value(line[i]) : 0U);
    for (int shift = 16; shift >= 0 && left > 0; shift -= 8, --left) out.push_back(static_cast<char>(group >> shift));
    line.remove_prefix(std::min<size_t>(4, line.size()));
  }
}

std::string decode_base64(std::string_view text) {
  std::string out;
  TransferDecoder decoder(TransferEncoding::base64);
  decoder.decode(Line{text, true}, out);
  return out;
}

std::string decode_quoted_printable(std::string_view text) {
  std::string out;
  TransferDecoder decoder(TransferEncoding::quoted_printable);
  decoder.decode(Line{text, true}, out);
  decoder.finish(out);
  return out;
}

bool is_uu_line(std::string_view line) {
  if (line.empty() || line.front() < 0x20 || line.front() > 0x60) return false;
  const size_t expected = 1 + (uu_value(line.front()) + 2) / 3 * 4;
  return line.size() + 3 >= expected && line.size() <= expected + 1;
}

std::string_view uu_file_name(std::string_view line) {
  if (!line.starts_with("begin ")) return {};
  const size_t end = line.find_first_not_of("01234567", 6);
  if (end == std::string_view::npos || end < 9 || end > 10 || line[end] != ' ') return {};
  return trim_spaces(line.substr(end));
}

}  // namespace assay::extract
