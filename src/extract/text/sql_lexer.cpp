#include "extract/text/sql_lexer.h"

#include <algorithm>
#include <utility>

namespace assay::extract {
namespace {

constexpr size_t max_tag_bytes = 64;
constexpr size_t max_held_bytes = 4096;

bool is_word_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         c == '@' || c == '#' || static_cast<uint8_t>(c) >= 0x80;
}
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

size_t SqlLexer::feed(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    switch (state_) {
      case State::plain:
        ++at;
        if (plain(c)) return at;
        break;
      case State::line_comment:
      case State::block_comment:
        ++at;
        if (comment(c)) return at;
        break;
      case State::quoted: at += quoted(text.substr(at)); break;
    }
  }
  return text.size();
}

void SqlLexer::finish() {
  if (state_ == State::quoted) {
    end_quoted();
  } else if (state_ == State::plain) {
    if (pending_ != 0) tokens_.on_mark(pending_);
    end_word();
  } else {
    tokens_.on_comment_end();
  }
  state_ = State::plain;
  pending_ = 0;
}

// True when a mark was given or a comment began.
bool SqlLexer::plain(char c) {
  if (pending_ != 0) {
    const char before = std::exchange(pending_, '\0');
    if (before == '-' && c == '-') return begin_comment(State::line_comment), true;
    if (before == '/' && c == '*') return begin_comment(State::block_comment), true;
    tokens_.on_mark(before);
  }
  if (c == '#' && line_is_blank_) return begin_comment(State::line_comment), true;
  if (is_word_byte(c)) {
    if (word_.empty()) word_is_first_ = std::exchange(line_is_blank_, false);
    word_ += c;
    const bool is_tag = c == '$' && word_.size() >= 2 && word_.front() == '$' && word_.size() <= max_tag_bytes;
    if (is_tag) {
      tag_ = std::exchange(word_, {});
      begin_quoted('$');
    } else if (word_.size() >= max_word_bytes) {
      end_word();
    }
    return false;
  }
  if (is_space(c)) {
    end_word();
    tokens_.on_space();
    if (c == '\n') {
      ++line_;
      line_is_blank_ = true;
    }
    return false;
  }
  return plain_mark(c);
}

bool SqlLexer::plain_mark(char c) {
  if (c == '\'' || c == '"' || c == '`' || c == '[') {
    // E'' has escapes whatever the dialect; the letter is a word of its own.
    has_escapes_ = c != '[' && c != '`' && (backslash_escapes_ || word_ == "E" || word_ == "e");
    end_word();
    begin_quoted(c);
    return false;
  }
  end_word();
  line_is_blank_ = false;
  if (c == '-' || c == '/') {
    pending_ = c;
    return false;
  }
  tokens_.on_mark(c);
  return true;
}

void SqlLexer::begin_comment(State state) {
  end_word();
  state_ = state;
  tokens_.on_comment_begin();
}

// True at its end.
bool SqlLexer::comment(char c) {
  if (c == '\n') {
    ++line_;
    line_is_blank_ = true;
  }
  const bool ends = state_ == State::line_comment ? c == '\n' : c == '/' && pending_ == '*';
  pending_ = state_ == State::block_comment ? c : '\0';
  if (!ends) return false;
  pending_ = 0;
  state_ = State::plain;
  tokens_.on_comment_end();
  return true;
}

void SqlLexer::begin_quoted(char quote) {
  line_is_blank_ = false;
  state_ = State::quoted;
  quote_ = quote;
  close_ = quote == '[' ? ']' : quote;
  is_escaped_ = may_end_ = false;
  tail_.clear();
  tokens_.on_quoted_begin(quote);
}

// One stretch of the quotation; how many bytes of `text` it took.
size_t SqlLexer::quoted(std::string_view text) {
  const char c = text.front();
  if (may_end_) {
    may_end_ = false;
    if (c != close_) return end_quoted(), 0;
    tokens_.on_quoted_text(text.substr(0, 1));
    return 1;
  }
  if (is_escaped_) return escaped(c), 1;
  const auto is_special = [&](char b) { return b == close_ || b == '\n' || (b == '\\' && has_escapes_); };
  const auto run = static_cast<size_t>(std::ranges::find_if(text, is_special) - text.begin());
  if (run > 0) return quoted_run(text.substr(0, run)), run;
  if (c == '\n') ++line_;
  if (c == '\\' && has_escapes_) {
    is_escaped_ = true;
  } else if (c == close_ && quote_ != '$') {
    may_end_ = true;
  } else {
    quoted_run(text.substr(0, 1));
    if (c == '$' && tail_.ends_with(tag_)) {
      tail_.resize(tail_.size() - tag_.size());
      end_quoted();
    }
  }
  return 1;
}

// Of a $tag$ quotation, what may be its end is held back.
void SqlLexer::quoted_run(std::string_view run) {
  if (quote_ != '$') return tokens_.on_quoted_text(run);
  tail_ += run;
  if (tail_.size() <= max_held_bytes) return;
  tokens_.on_quoted_text(std::string_view(tail_).substr(0, tail_.size() - max_tag_bytes));
  tail_.erase(0, tail_.size() - max_tag_bytes);
}

// What MySQL and PostgreSQL escape in common (MySQL manual 9.1.1, PostgreSQL manual 4.1.2.2).
void SqlLexer::escaped(char c) {
  is_escaped_ = false;
  if (c == '\n') ++line_;
  constexpr std::string_view names = "nrt0bZ", values{"\n\r\t\0\b\x1A", 6};
  const size_t at = names.find(c);
  if (at != std::string_view::npos) c = values[at];
  tokens_.on_quoted_text({&c, 1});
}

void SqlLexer::end_quoted() {
  state_ = State::plain;
  may_end_ = false;
  if (!tail_.empty()) tokens_.on_quoted_text(tail_);
  tail_.clear();
  tokens_.on_quoted_end();
}

void SqlLexer::end_word() {
  if (word_.empty()) return;
  tokens_.on_word(word_);
  word_.clear();
}

}  // namespace assay::extract
