#include "extract/text/escapes.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "extract/unicode.h"

namespace assay::extract {
namespace {

// How far back a quote is looked for that an escape stands behind.
constexpr size_t quote_reach = 4096;
constexpr size_t longest_escape = 12;  // two code units, or &#x0010FFFF;

constexpr std::array<std::string_view, 9> without_backslashes{"bat", "cmd", "ps1", "psm1", "psd1",
                                                              "vbs", "vb",  "sql", "css"};

std::optional<uint32_t> hex_number(std::string_view digits) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

// Whether all that there is of `digits` is hexadecimal.
bool may_be_hex(std::string_view digits) {
  return digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

size_t last_of(std::string_view text, char c) {
  const void* const found = text.empty() ? nullptr : ::memrchr(text.data(), c, text.size());
  return found == nullptr ? std::string_view::npos : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

bool is_high_surrogate(uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

Escapes escapes_of(Format format, std::string_view name) {
  const size_t dot = name.rfind('.');
  std::string extension(dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1));
  std::ranges::transform(extension, extension.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; });
  switch (format) {
    case Format::json:
    case Format::jsonl: return Escapes::json;
    case Format::source:
      return std::ranges::find(without_backslashes, extension) != without_backslashes.end() ? Escapes::none
                                                                                            : Escapes::source;
    case Format::yaml:
    case Format::log: return Escapes::quoted;
    case Format::ini: return Escapes::properties;
    case Format::xml: return Escapes::xml;
    default: return Escapes::none;
  }
}

EscapeDecoder::EscapeDecoder(Escapes escapes, Emit emit)
    : escapes_(escapes), mark_(escapes == Escapes::xml ? '&' : '\\'), emit_(std::move(emit)) {}

void EscapeDecoder::feed(std::string_view utf8) {
  if (escapes_ == Escapes::none) return emit_(utf8, {});
  const std::string_view piece = held_.empty() ? utf8 : settle_held(utf8, false);
  if (!held_.empty()) return flush();
  size_t given = 0, passed = 0;
  for (size_t at = piece.find(mark_); at != std::string_view::npos; at = piece.find(mark_, passed)) {
    pass(piece.substr(passed, at - passed));
    passed = at;
    const Escape escape = read(piece.substr(at), false);
    if (escape.bytes == 0) {
      held_ = piece.substr(at);
      break;
    }
    if (!escape.is_kept && (!escape.is_blank || is_in_quotes())) {
      out_ += piece.substr(given, at - given);
      put(escape);
      given = at + escape.bytes;
    }
    pass(piece.substr(at, escape.bytes));
    passed += escape.bytes;
  }
  const std::string_view rest = piece.substr(given, piece.size() - given - held_.size());
  if (held_.empty()) pass(piece.substr(passed));
  // Where nothing is written in another way, the text goes on as it lies.
  if (out_.empty()) {
    if (!rest.empty()) emit_(rest, {});
    return;
  }
  out_ += rest;
  flush();
}

void EscapeDecoder::finish() {
  if (!held_.empty()) settle_held({}, true);
  flush();
}

// Reads the escape that the last piece's end cut. Gives what is left of this piece.
std::string_view EscapeDecoder::settle_held(std::string_view piece, bool is_last) {
  while (!held_.empty()) {
    const std::string both = held_ + std::string(piece.substr(0, longest_escape));
    const Escape escape = read(both, is_last);
    if (escape.bytes == 0) {  // the piece is shorter than what is left of the escape
      held_ = both;
      return {};
    }
    const std::string_view spelled = std::string_view(both).substr(0, escape.bytes);
    if (!escape.is_kept && (!escape.is_blank || is_in_quotes())) put(escape);
    else out_ += spelled;
    pass(spelled);
    if (escape.bytes >= held_.size()) {
      piece.remove_prefix(escape.bytes - held_.size());
      held_.clear();
      return piece;
    }
    // An escape that was none may have held another one back.
    held_.erase(0, escape.bytes);
    const size_t next = std::min(held_.find(mark_), held_.size());
    out_ += std::string_view(held_).substr(0, next);
    pass(std::string_view(held_).substr(0, next));
    held_.erase(0, next);
  }
  return piece;
}

EscapeDecoder::Escape EscapeDecoder::read(std::string_view at, bool is_last) const {
  return escapes_ == Escapes::xml ? read_reference(at, is_last) : read_backslash(at, is_last);
}

EscapeDecoder::Escape EscapeDecoder::read_backslash(std::string_view at, bool is_last) const {
  if (at.size() == 1) return {.bytes = is_last ? size_t{1} : 0};
  const Escape blanks{.bytes = 2, .is_kept = false, .is_blank = true, .size = 2, .text = {' ', ' '}};
  const bool is_json = escapes_ == Escapes::json;
  switch (at[1]) {
    case 'n':
    case 'r':
    case 't':
      if (escapes_ != Escapes::properties) return blanks;
      break;
    case 'b':
    case 'f':
      if (is_json || escapes_ == Escapes::source) return blanks;
      break;
    case '/':
      if (is_json) return of_character('/', 2);
      break;
    case 'u': return read_code_unit(at, is_last);
    case 'U':
    case 'x': {
      if (is_json || escapes_ == Escapes::properties) break;
      const size_t bytes = at[1] == 'x' ? 4 : 10;
      const std::string_view digits = at.substr(2, bytes - 2);
      if (!may_be_hex(digits)) break;
      if (at.size() < bytes) return {.bytes = is_last ? size_t{2} : 0};
      const uint32_t number = hex_number(digits).value_or(0);
      // One byte above ASCII is a character in some languages, and a part of one in others.
      if (number < 0x80 || at[1] == 'U') return of_character(number, bytes);
      break;
    }
    case '\\':
      if (is_json && is_in_inner_string()) return read_inner(at, is_last);
      break;
    default: break;
  }
  return {.bytes = at[1] == '\\' || at[1] == '"' ? size_t{2} : 1};
}

// What JSON in a string of JSON escapes has one backslash more.
EscapeDecoder::Escape EscapeDecoder::read_inner(std::string_view at, bool is_last) const {
  const Escape none{.bytes = 2}, more{.bytes = is_last ? size_t{2} : 0};
  if (at.size() < 3) return more;
  if (std::string_view("nrtbf").contains(at[2]))
    return {.bytes = 3, .is_kept = false, .is_blank = true, .size = 3, .text = {' ', ' ', ' '}};
  if (at[2] != 'u' || !may_be_hex(at.substr(3, 4))) return none;
  if (at.size() < 7) return more;
  const uint32_t unit = hex_number(at.substr(3, 4)).value_or(0);
  return is_high_surrogate(unit) || is_low_surrogate(unit) ? none : of_character(unit, 7);
}

// \uHHHH, two of them for a character beyond the first plane, or \u{H...}.
EscapeDecoder::Escape EscapeDecoder::read_code_unit(std::string_view at, bool is_last) const {
  const Escape cut{.bytes = is_last ? size_t{2} : 0}, none{.bytes = 2};
  if (at.size() < 3) return cut;
  if (at[2] == '{' && escapes_ != Escapes::json) {
    const size_t end = at.substr(0, 10).find('}');
    const std::string_view digits = at.substr(3, std::min<size_t>(end == std::string_view::npos ? 7 : end - 3, 7));
    if (!may_be_hex(digits)) return none;
    if (end == std::string_view::npos) return at.size() < 10 ? cut : none;
    const auto number = hex_number(digits);
    return number ? of_character(*number, end + 1) : none;
  }
  const std::string_view digits = at.substr(2, 4);
  if (!may_be_hex(digits)) return none;
  if (digits.size() < 4) return cut;
  const uint32_t unit = hex_number(digits).value_or(0);
  if (!is_high_surrogate(unit)) return of_character(unit, 6);
  const std::string_view second = at.substr(6, 6);
  constexpr std::string_view begin = "\\u";
  const bool may_go_on =
      begin.starts_with(second.substr(0, 2)) && may_be_hex(second.substr(std::min<size_t>(2, second.size())));
  if (!may_go_on) return of_character(unit, 6);
  if (second.size() < 6) return is_last ? of_character(unit, 6) : Escape{};
  const uint32_t low = hex_number(second.substr(2)).value_or(0);
  if (!is_low_surrogate(low)) return of_character(unit, 6);
  return of_character(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 12);
}

EscapeDecoder::Escape EscapeDecoder::read_reference(std::string_view at, bool is_last) const {
  const size_t end = at.substr(0, longest_escape).find(';');
  if (end == std::string_view::npos) return {.bytes = at.size() < longest_escape && !is_last ? size_t{0} : 1};
  const std::string_view name = at.substr(1, end - 1);
  if (name == "amp") return of_character('&', end + 1);
  if (name == "lt") return of_character('<', end + 1);
  if (name == "gt") return of_character('>', end + 1);
  if (name == "quot") return of_character('"', end + 1);
  if (name == "apos") return of_character('\'', end + 1);
  if (!name.starts_with('#')) return {.bytes = 1};
  uint32_t number = 0;
  const bool is_hex = name.size() > 1 && name[1] == 'x';
  const std::string_view digits = name.substr(is_hex ? 2 : 1);
  const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, is_hex ? 16 : 10);
  if (digits.empty() || error != std::errc() || last != digits.data() + digits.size()) return {.bytes = 1};
  return of_character(number, end + 1);
}

// Control characters become blanks. A quote or backslash that is written as a number is none that ends a string, and
// is given in the way in which such a one is usually written.
EscapeDecoder::Escape EscapeDecoder::of_character(char32_t c, size_t bytes) const {
  Escape escape{.bytes = bytes, .is_kept = false};
  std::string text;
  if (escapes_ != Escapes::xml && (c == '"' || c == '\\')) text += '\\';
  const bool is_control = (c < 0x20 && c != 0x1B) || (c >= 0x7F && c < 0xA0);  // terminal_codes.h knows ESC
  append_utf8(text, is_control ? U' ' : c);
  escape.size = static_cast<uint8_t>(text.size());
  std::ranges::copy(text, escape.text.begin());
  return escape;
}

void EscapeDecoder::put(const Escape& escape) {
  const std::string_view text(escape.text.data(), escape.size);
  out_ += text;
  size_t characters = 0;
  for (size_t at = 0; at < text.size(); at += std::max<size_t>(1, utf8_sequence_length(text.substr(at)))) ++characters;
  if (characters < escape.bytes)
    left_out_.push_back({.at = out_.size(), .code_points = static_cast<uint32_t>(escape.bytes - characters)});
}

void EscapeDecoder::flush() {
  if (!out_.empty()) emit_(out_, left_out_);
  out_.clear();
  left_out_.clear();
}

// Looks for quotes in what is gone past.
void EscapeDecoder::pass(std::string_view text) {
  if (escapes_ == Escapes::json) return pass_json(text);
  if (escapes_ != Escapes::quoted || text.empty()) return;
  char before = std::exchange(last_, text.back());
  if (const size_t newline = last_of(text, '\n'); newline != std::string_view::npos) {
    has_quote_ = false;
    before = '\n';
    text.remove_prefix(newline + 1);
  }
  if (const size_t quote = last_of(text, '"'); quote != std::string_view::npos) {
    // One behind a word ends what it quotes.
    has_quote_ = std::string_view(" \t\r\n:=,;([{<>|\\").contains(quote > 0 ? text[quote - 1] : before);
    since_quote_ = 0;
    behind_quote_.clear();
    text.remove_prefix(quote + 1);
  }
  since_quote_ += text.size();
  if (has_quote_ && behind_quote_.size() < 3) behind_quote_ += text.substr(0, 3 - behind_quote_.size());
}

// A quote behind a backslash stands in a string; one without ends it, or begins another.
void EscapeDecoder::pass_json(std::string_view text) {
  const bool is_inner = text == "\\\"" || text == "\\u0022";
  if (is_inner || last_of(text, '"') != std::string_view::npos) {
    has_quote_ = is_inner;
    since_quote_ = 0;
  }
  since_quote_ += text.size();
}

bool EscapeDecoder::is_in_inner_string() const { return has_quote_ && since_quote_ < quote_reach; }

// A path of Windows in quotes has backslashes of its own.
bool EscapeDecoder::is_in_quotes() const {
  if (escapes_ != Escapes::quoted) return true;
  const std::string& text = behind_quote_;
  const bool has_drive = text.size() >= 2 && text[1] == ':' && (text.size() == 2 || text[2] == '\\');
  const bool is_path = has_drive || text.starts_with("\\\\");
  return has_quote_ && since_quote_ < quote_reach && !is_path;
}

}  // namespace assay::extract
