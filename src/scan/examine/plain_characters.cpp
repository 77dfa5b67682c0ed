#include "scan/examine/plain_characters.h"

#include <algorithm>

#include "extract/unicode.h"

namespace assay::scan {
namespace {

/// What a character of the text is written as, and how many bytes it has; '\0': it is none of these.
struct Plain {
  char c = '\0';
  size_t bytes = 1;
};

Plain plain_at(std::string_view text, size_t at) {
  using namespace std::string_view_literals;
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("\xC2\xA0"sv)) return {' ', 2};  // no-break space
  if (rest.size() < 3) return {};
  const auto last = static_cast<unsigned char>(rest[2]);
  if (rest.starts_with("\xEF\xBC"sv) && last > 0x80) return {static_cast<char>(last - 0x60), 3};  // U+FF01 to U+FF3F
  if (rest.starts_with("\xEF\xBD"sv) && last < 0x9F) return {static_cast<char>(last - 0x20), 3};  // U+FF40 to U+FF5E
  if (rest.starts_with("\xE3\x80"sv) && last <= 0x82) return {" ,."[last - 0x80], 3};             // U+3000 to U+3002
  if (!rest.starts_with("\xE2\x80"sv)) return {};
  if ((last >= 0x80 && last <= 0x8A) || last == 0xAF) return {' ', 3};  // U+2000 to U+200A, U+202F
  if (last >= 0x90 && last <= 0x92) return {'-', 3};                    // hyphen, no-break hyphen, figure dash
  return {};
}

size_t find_special(std::string_view text, size_t from) {
  for (size_t at = from; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if ((c == 0xC2 || c >= 0xE2) && plain_at(text, at).c != '\0') return at;
  }
  return std::string_view::npos;
}

void append_plain(std::string_view text, size_t special, std::string& out) {
  size_t done = 0;
  for (size_t at = special; at != std::string_view::npos; at = find_special(text, done)) {
    const Plain plain = plain_at(text, at);
    out.append(text.substr(done, at - done)).push_back(plain.c);
    done = at + plain.bytes;
  }
  out.append(text.substr(done));
}

}  // namespace

std::string_view PlainCharacters::text(std::string_view utf8, std::span<const extract::LeftOut>& left_out) {
  if (extract::is_ascii(utf8)) return utf8;
  const size_t first = find_special(utf8, 0);
  if (first == std::string_view::npos) return utf8;
  text_.clear();
  left_out_.clear();
  size_t done = 0;
  for (const extract::LeftOut& place : left_out) {
    const std::string_view before = utf8.substr(done, place.at - done);
    append_plain(before, find_special(before, 0), text_);
    left_out_.push_back({text_.size(), place.code_points});
    done = place.at;
  }
  const std::string_view rest = utf8.substr(done);
  append_plain(rest, find_special(rest, 0), text_);
  left_out = left_out_;
  return text_;
}

std::span<const std::string_view> PlainCharacters::cells(std::span<const std::string_view> cells) {
  const auto is_special = [](std::string_view cell) {
    return !extract::is_ascii(cell) && find_special(cell, 0) != std::string_view::npos;
  };
  if (std::ranges::none_of(cells, is_special)) return cells;
  cells_.assign(cells.begin(), cells.end());
  rewritten_.clear();
  rewritten_.reserve(cells.size());  // views into it are kept
  for (std::string_view& cell : cells_) {
    if (!is_special(cell)) continue;
    append_plain(cell, find_special(cell, 0), rewritten_.emplace_back());
    cell = rewritten_.back();
  }
  return cells_;
}

}  // namespace assay::scan
