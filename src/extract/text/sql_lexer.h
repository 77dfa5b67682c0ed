#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::extract {

/// Takes the tokens of a script. Views are valid during the call.
class SqlTokens {
 public:
  virtual ~SqlTokens() = default;
  /// A keyword, name or number. Longer ones than max_word_bytes come in several calls.
  virtual void on_word(std::string_view word) = 0;
  virtual void on_mark(char mark) = 0;
  virtual void on_space() = 0;
  /// A string or quoted name and its content, escapes resolved: `quote` is ' " ` [ or $. The content comes in pieces.
  virtual void on_quoted_begin(char quote) = 0;
  virtual void on_quoted_text(std::string_view text) = 0;
  virtual void on_quoted_end() = 0;
  virtual void on_comment_begin() = 0;
  virtual void on_comment_end() = 0;
};

/// Splits a script of SQL in any dialect into tokens (ISO/IEC 9075-2, 5.2 and 5.3, and what PostgreSQL, MySQL, SQL
/// Server and SQLite add: E'', $tag$, `name`, [name], # comments). UTF-8 comes in pieces of any size; memory is
/// bounded.
class SqlLexer {
 public:
  static constexpr size_t max_word_bytes = 256;

  explicit SqlLexer(SqlTokens& tokens) : tokens_(tokens) {}

  void set_backslash_escapes() { backslash_escapes_ = true; }

  /// Takes tokens from `text` until it ends, a mark was given, or a comment began or ended; how many bytes that were.
  /// Whoever asks may take what follows otherwise.
  size_t feed(std::string_view text);
  void finish();

  uint64_t line() const { return line_; }  ///< 1-based, of the token in work
  /// Nothing but white space is before it in its line.
  bool is_first_in_line() const { return word_is_first_; }
  void count_line() { ++line_; }  ///< of what was taken otherwise

 private:
  enum class State : uint8_t { plain, line_comment, block_comment, quoted };

  bool plain(char c);
  bool plain_mark(char c);
  void begin_comment(State state);
  bool comment(char c);
  void begin_quoted(char quote);
  size_t quoted(std::string_view text);
  void quoted_run(std::string_view run);
  void escaped(char c);
  void end_quoted();
  void end_word();

  SqlTokens& tokens_;
  bool backslash_escapes_ = false;
  State state_ = State::plain;
  uint64_t line_ = 1;
  bool line_is_blank_ = true, word_is_first_ = false;
  std::string word_;
  char pending_ = 0;  // a mark that may begin a comment, or end one
  char quote_ = 0, close_ = 0;
  bool has_escapes_ = false, is_escaped_ = false;
  bool may_end_ = false;    // the last byte closed the quotation, unless the next doubles it
  std::string tag_, tail_;  // of a $tag$ quotation, and its last bytes
};

}  // namespace assay::extract
