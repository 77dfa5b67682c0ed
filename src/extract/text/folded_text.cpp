#include "extract/text/folded_text.h"

#include <algorithm>
#include <utility>

namespace assay::extract {
namespace {

constexpr size_t output_bytes = size_t{64} << 10;
constexpr size_t max_head_bytes = 1024;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = upper(c);
  return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

/// The value of a parameter in "TEL;TYPE=home;CHARSET=UTF-8:".
std::string_view parameter(std::string_view head, std::string_view name) {
  const size_t at = head.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view value = head.substr(at + name.size());
  return value.substr(0, std::min(value.find_first_of(";:,"), value.size()));
}

}  // namespace

void FoldedText::feed(std::string_view utf8) {
  while (!utf8.empty()) {
    const bool is_plain = in_value_ && !quoted_ && !is_escaped_ && line_end_.empty();
    const size_t plain = is_plain ? std::min(utf8.find_first_of("\r\n\\"), utf8.size()) : 0;
    out_ += utf8.substr(0, plain);
    utf8.remove_prefix(plain);
    if (plain == 0) {
      take(utf8.front());
      utf8.remove_prefix(1);
    } else if (out_.size() >= output_bytes) {
      flush();
    }
  }
  if (out_.size() >= output_bytes) flush();
}

void FoldedText::finish() {
  end_property();
  flush();
}

void FoldedText::take(char c) {
  if (!line_end_.empty()) return take_behind_line_end(c);
  if (c == '\r' || c == '\n') line_end_.assign(1, c);
  else if (quoted_) take_quoted(c);
  else if (in_value_) take_value(c);
  else take_head(c);
}

void FoldedText::take_behind_line_end(char c) {
  if (line_end_ == "\r" && c == '\n') {
    line_end_ += c;
    return;
  }
  const bool is_soft = quoted_ && quoted_escape_ == "=";
  const bool is_folded = (c == ' ' || c == '\t') && !head_.empty();
  if (is_soft) quoted_escape_.clear();
  if (is_soft || is_folded) fold();
  else end_property();
  if (is_soft || !is_folded) take(c);
}

void FoldedText::fold() {
  inner_ends_ += line_end_.ends_with('\n') ? 1 : 0;
  line_end_.clear();
}

void FoldedText::take_head(char c) {
  if (head_.size() < max_head_bytes) head_.push_back(upper(c));
  out_.push_back(c);
  if (c == '"') in_quotes_ = !in_quotes_;
  if (c == ':' && !in_quotes_) begin_value();
}

void FoldedText::begin_value() {
  in_value_ = true;
  if (head_.find("QUOTED-PRINTABLE") == std::string::npos) return;
  quoted_ = std::make_unique<Decoder>([this](std::string_view utf8) { out_ += utf8; }, parameter(head_, "CHARSET="));
}

void FoldedText::take_value(char c) {
  if (!is_escaped_) {
    if (c == '\\') is_escaped_ = true;
    else out_.push_back(c);
    return;
  }
  is_escaped_ = false;
  if (c == 'n' || c == 'N') {
    out_.push_back(' ');
  } else {
    if (c != ',' && c != ';' && c != ':' && c != '\\' && c != '"') out_.push_back('\\');
    out_.push_back(c);
  }
}

void FoldedText::take_quoted(char c) {
  if (quoted_escape_.empty()) {
    if (c == '=') quoted_escape_.push_back(c);
    else quoted_bytes_.push_back(c);
  } else if (hex_digit(c) < 0) {
    quoted_bytes_ += std::exchange(quoted_escape_, {});
    take_quoted(c);
  } else if (quoted_escape_.size() == 1) {
    quoted_escape_.push_back(c);
  } else {
    const char byte = static_cast<char>(hex_digit(quoted_escape_[1]) * 16 + hex_digit(c));
    quoted_bytes_.push_back(byte == '\r' || byte == '\n' ? ' ' : byte);
    quoted_escape_.clear();
  }
  if (quoted_bytes_.size() < output_bytes) return;
  quoted_->feed(quoted_bytes_);
  quoted_bytes_.clear();
}

void FoldedText::end_value() {
  if (is_escaped_) out_.push_back('\\');
  is_escaped_ = false;
  if (!quoted_) return;
  quoted_bytes_ += std::exchange(quoted_escape_, {});
  quoted_->feed(quoted_bytes_);
  quoted_->finish();
  quoted_.reset();
  quoted_bytes_.clear();
}

void FoldedText::end_property() {
  end_value();
  out_ += std::exchange(line_end_, {});
  for (; inner_ends_ > 0; --inner_ends_) {
    if (out_.size() >= output_bytes) flush();
    out_.push_back('\n');
  }
  head_.clear();
  in_value_ = in_quotes_ = false;
}

void FoldedText::flush() {
  if (!out_.empty()) emit_(out_);
  out_.clear();
}

}  // namespace assay::extract
