#include "core/path_text.h"

#include <algorithm>

#include "core/error.h"
#include "core/utf8.h"

namespace assay::core {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '\\'; }

void append_escaped(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out += "\\x";
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

}  // namespace

std::string path_to_text(std::string_view path) {
  if (std::ranges::all_of(path, is_plain)) return std::string(path);
  std::string out;
  while (!path.empty()) {
    const size_t n = utf8_character_bytes(path);
    if (path.front() == '\\') out += "\\\\";
    else if (n == 0 || (n == 1 && !is_plain(path.front()))) append_escaped(out, path.front());
    else out += path.substr(0, n);
    path.remove_prefix(std::max<size_t>(n, 1));
  }
  return out;
}

std::string path_from_text(std::string_view text) {
  const auto refuse = [] { throw Error(ErrorKind::bad_input, "a path in the database is malformed"); };
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      out += text[at];
      continue;
    }
    if (text.substr(at, 2) == "\\\\") {
      out += '\\';
      ++at;
      continue;
    }
    if (at + 4 > text.size() || text[at + 1] != 'x') refuse();
    const size_t high = digits.find(text[at + 2]), low = digits.find(text[at + 3]);
    if (high == std::string_view::npos || low == std::string_view::npos) refuse();
    out += static_cast<char>(high << 4 | low);
    at += 3;
  }
  return out;
}

}  // namespace assay::core
