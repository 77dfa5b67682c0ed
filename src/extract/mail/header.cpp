#include "extract/mail/header.h"

#include <algorithm>
#include <map>

#include "extract/mail/transfer.h"
#include "extract/text/decoder.h"

namespace assay::extract {
namespace {

constexpr size_t max_header_bytes = size_t{1} << 20;
constexpr size_t max_continuations = 256;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct EncodedWord {
  std::string charset;
  std::string bytes;
  size_t length = 0;  ///< of the word in the header
};

/// "=?charset?B?text?=" at the start of `raw`.
std::optional<EncodedWord> parse_encoded_word(std::string_view raw) {
  if (!raw.starts_with("=?")) return std::nullopt;
  const size_t charset_end = raw.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 3 > raw.size() || raw[charset_end + 2] != '?')
    return std::nullopt;
  const size_t end = raw.find("?=", charset_end + 3);
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view charset = raw.substr(2, charset_end - 2);
  if (charset.size() > 80 || charset.find_first_of(" \t\r\n") != std::string_view::npos) return std::nullopt;
  charset = charset.substr(0, charset.find('*'));  // RFC 2231 adds a language
  const std::string_view text = raw.substr(charset_end + 3, end - charset_end - 3);
  EncodedWord word{std::string(charset), {}, end + 2};
  switch (raw[charset_end + 1]) {
    case 'B':
    case 'b': word.bytes = decode_base64(text); return word;
    case 'Q':
    case 'q': {
      std::string spaced(text);
      std::ranges::replace(spaced, '_', ' ');
      word.bytes = decode_quoted_printable(spaced);
      return word;
    }
    default: return std::nullopt;
  }
}

/// Splits at semicolons outside of quotes and comments.
std::vector<std::string> split_parameters(std::string_view raw) {
  std::vector<std::string> pieces(1);
  bool quoted = false, had_quotes = false;
  int comment_depth = 0;
  for (size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (c == '\\' && (quoted || comment_depth > 0) && i + 1 < raw.size()) {
      ++i;
      if (comment_depth == 0) {
        // A path in a file name is no escape: only quotes and backslashes are.
        if (raw[i] != '"' && raw[i] != '\\') pieces.back() += '\\';
        pieces.back() += raw[i];
      }
    } else if (c == '"' && comment_depth == 0) {
      quoted = !quoted;
      had_quotes = true;
    } else if (!quoted && c == '(' && (had_quotes || pieces.back().find('=') == std::string::npos)) {
      // Names that should be quoted but are not may hold parentheses: "filename=copy (1).pdf".
      ++comment_depth;
    } else if (!quoted && c == ')' && comment_depth > 0) {
      --comment_depth;
    } else if (!quoted && c == ';' && comment_depth == 0) {
      pieces.emplace_back();
      had_quotes = false;
    } else if (comment_depth == 0) {
      pieces.back() += c;
    }
  }
  return pieces;
}

std::string decode_percent(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      bytes.push_back(static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])));
      i += 2;
    } else {
      bytes.push_back(text[i]);
    }
  }
  return bytes;
}

/// RFC 2231: `name*0*=utf-8''a%20`, `name*1=b` and `name*=...` are pieces of one value.
struct SplitParameter {
  std::map<size_t, std::string> pieces;
  std::string charset;
};

void add_piece(SplitParameter& parameter, size_t index, bool encoded, std::string_view value) {
  if (!encoded) {
    parameter.pieces.emplace(index, value);
    return;
  }
  const size_t first = value.find('\'');
  const size_t second = first == std::string_view::npos ? first : value.find('\'', first + 1);
  if (index == 0 && second != std::string_view::npos) {
    parameter.charset = value.substr(0, first);
    value.remove_prefix(second + 1);
  }
  parameter.pieces.emplace(index, decode_percent(value));
}

/// The number after the first '*' of a name; nullopt when there is none.
std::optional<size_t> piece_index(std::string_view digits) {
  if (digits.empty() || digits.size() > 4 || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  size_t index = 0;
  for (const char c : digits) index = index * 10 + static_cast<size_t>(c - '0');
  return index < max_continuations ? std::optional(index) : std::nullopt;
}

}  // namespace

std::string to_lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return low;
}

std::string_view trim_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_header_line(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 128) return false;
  const std::string_view name = trim_spaces(line.substr(0, colon));
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7F; });
}

HeaderBlock HeaderBlock::read(LineSource& lines) {
  HeaderBlock block;
  size_t bytes = 0;
  Line line;
  while (bytes < max_header_bytes && lines.next(line)) {
    if (line.is_blank()) break;
    bytes += line.bytes.size();
    const std::string_view text = line.content();
    if (line.begins && text.starts_with("--")) {
      lines.unread();  // a boundary where headers should go on
      break;
    }
    const bool folded = !line.begins || (is_space(text.front()) && !block.fields_.empty());
    if (folded && !block.fields_.empty()) {
      block.fields_.back().value += text;
    } else if (is_header_line(text)) {
      const size_t colon = text.find(':');
      block.fields_.push_back(
          {std::string(trim_spaces(text.substr(0, colon))), std::string(trim_spaces(text.substr(colon + 1)))});
    } else if (text.starts_with("From ") || text.starts_with(">From ")) {
      block.fields_.push_back({"From_", std::string(text)});
    } else {
      // A line that is no header: junk when headers go on behind it, else the body without the blank line.
      const std::string kept(text);
      const std::string_view following = lines.peek();
      const bool goes_on = !block.fields_.empty() && is_header_line(following.substr(0, following.find('\n')));
      if (!goes_on) {
        lines.unread();
        break;
      }
      block.fields_.back().value += "\n" + kept;
    }
  }
  return block;
}

std::string_view HeaderBlock::value(std::string_view name) const {
  for (const HeaderField& field : fields_)
    if (field.name.size() == name.size() && to_lower(field.name) == to_lower(name)) return field.value;
  return {};
}

std::string HeaderBlock::to_text() const {
  std::string text;
  for (const HeaderField& field : fields_) text += field.name + ": " + decode_header_text(field.value) + "\n";
  return text;
}

std::string decode_header_text(std::string_view raw) {
  std::string text, plain, spaces, word_bytes, word_charset;
  const auto flush_word = [&] {
    if (!word_bytes.empty()) text += decode_to_utf8(word_bytes, word_charset);
    word_bytes.clear();
  };
  const auto flush_plain = [&] {
    text += decode_to_utf8(plain);
    plain.clear();
  };
  bool after_word = false;
  while (!raw.empty()) {
    if (const auto word = parse_encoded_word(raw)) {
      // Space between encoded words is no text; a character may be split over two of one charset.
      if (!after_word) plain += spaces;
      spaces.clear();
      flush_plain();
      if (to_lower(word->charset) != to_lower(word_charset)) flush_word();
      word_charset = word->charset;
      word_bytes += word->bytes;
      raw.remove_prefix(word->length);
      after_word = true;
    } else if (is_space(raw.front())) {
      spaces.push_back(raw.front());
      raw.remove_prefix(1);
    } else {
      flush_word();
      plain += spaces;
      spaces.clear();
      plain.push_back(raw.front());
      raw.remove_prefix(1);
      after_word = false;
    }
  }
  flush_word();
  flush_plain();
  return text;
}

std::string_view ParameterizedValue::parameter(std::string_view name) const {
  for (const auto& [key, found] : parameters)
    if (key == name) return found;
  return {};
}

ParameterizedValue parse_parameterized(std::string_view raw) {
  const auto pieces = split_parameters(raw);
  ParameterizedValue result;
  result.value = to_lower(trim_spaces(pieces.front()));
  std::map<std::string, SplitParameter> split;
  for (size_t i = 1; i < pieces.size(); ++i) {
    const std::string_view piece = pieces[i];
    const size_t equals = piece.find('=');
    if (equals == std::string_view::npos) continue;
    std::string name = to_lower(trim_spaces(piece.substr(0, equals)));
    const std::string_view value = trim_spaces(piece.substr(equals + 1));
    const bool encoded = name.ends_with('*');
    if (encoded) name.pop_back();
    const size_t star = name.find('*');
    const auto index = star == std::string::npos ? std::nullopt : piece_index(std::string_view(name).substr(star + 1));
    if (index || encoded) {
      add_piece(split[name.substr(0, star)], index.value_or(0), encoded, value);
    } else {
      result.parameters.emplace_back(name, decode_header_text(value));
    }
  }
  for (const auto& [name, parameter] : split) {
    std::string joined;
    for (const auto& [index, piece] : parameter.pieces) joined += piece;
    std::string decoded = decode_to_utf8(joined, parameter.charset);
    if (parameter.charset.empty()) decoded = decode_header_text(decoded);
    // The extended form is the better one where both are given.
    result.parameters.insert(result.parameters.begin(), {name, std::move(decoded)});
  }
  return result;
}

}  // namespace assay::extract
