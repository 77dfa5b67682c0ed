#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::core {

/// One pattern of a .gitignore file, compiled. Source: "PATTERN FORMAT" of the gitignore(5) manual. In short:
/// `*` and `?` match within one name, `[a-z]` and `[!a-z]` one byte, `**/` any number of directories, `/**` everything
/// inside; a pattern with a slash that is not its last byte is anchored at the top, others match at any depth; a
/// trailing slash matches directories only; a leading `!` turns the meaning round; `\` takes the next byte as it is.
/// Bytes are compared, so `?` is one byte of UTF-8. Matching takes time proportional to pattern times path at worst.
class Glob {
 public:
  /// Throws core::Error(bad_input) for an empty pattern, an unclosed `[`, a `\` at the end, or over 4096 bytes.
  explicit Glob(std::string_view pattern);

  /// True when the pattern, its `!` apart, describes this path: relative, no leading or trailing slash.
  bool matches(std::string_view path, bool is_directory) const;

  bool is_negated() const noexcept { return is_negated_; }

 private:
  enum class Kind : uint8_t {
    byte,         // exactly this byte
    any_byte,     // ? : one byte that is no slash
    one_of,       // [..]
    any_run,      // * : bytes that are no slash, none at all included
    directories,  // **/ : nothing, or whole directories with their last slash
    everything,   // what follows a last /** : at least one byte
  };
  struct Token {
    Kind kind;
    char byte = 0;
    uint16_t set = 0;  // index into sets_
  };

  void compile(std::string_view pattern);
  size_t compile_class(std::string_view pattern, size_t start);
  bool step(const Token& token, char byte) const;
  bool matches_whole(std::string_view text) const;
  void activate(size_t position, std::vector<uint8_t>& active) const;

  std::vector<Token> tokens_;
  std::vector<std::bitset<256>> sets_;
  bool is_negated_ = false;
  bool directories_only_ = false;
  bool is_anchored_ = false;
  std::string literal_;  ///< the pattern itself when nothing in it is special
};

/// An ordered list of patterns, of which the last that matches decides.
class GlobSet {
 public:
  GlobSet() = default;
  /// Throws as Glob does; the message names the pattern.
  explicit GlobSet(const std::vector<std::string>& patterns);

  void add(std::string_view pattern) { globs_.emplace_back(pattern); }
  bool empty() const noexcept { return globs_.empty(); }

  /// True when a plain pattern decided, false when a `!` one did, nullopt when none matches.
  std::optional<bool> decide(std::string_view path, bool is_directory) const;

 private:
  std::vector<Glob> globs_;
};

}  // namespace assay::core
