#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"
#include "extract/format.h"

/// Characters that a text writes in another way, because its language gives them a meaning: `\n`, `\u0040`, `&#64;`.
namespace assay::extract {

/// Whose ways of writing characters a text follows. The numbers are kept in jobs.
enum class Escapes : uint8_t {
  none = 0,
  json = 1,        ///< RFC 8259, section 7
  source = 2,      ///< what most languages have in common: \n \r \t \b \f \xHH \uHHHH \u{H...} \UHHHHHHHH
  quoted = 3,      ///< as `source`, of \n, \r and \t only those behind a double quote: YAML, logs that quote JSON
  properties = 4,  ///< \uHHHH only, since paths have backslashes: INI, properties, TOML
  xml = 5,         ///< numeric references, and the five names of XML 1.0, section 4.6
};
inline constexpr uint8_t escapes_count = 6;

/// `name` tells languages apart in which a backslash is none: those of shells that have paths with it, SQL, CSS.
Escapes escapes_of(Format format, std::string_view name);

/// Writes characters out, piece by piece, so that what is found is the value and not its spelling. Lines stay those of
/// the file: white space becomes blanks, two for an escape of two bytes. Quotes and backslashes stay behind a
/// backslash, where patterns expect them. Whatever the cuts, the result is the same; from anywhere in a text it is that
/// of the whole behind the next byte that is no backslash, and for `quoted` and `json` 4096 bytes further on.
class EscapeDecoder {
 public:
  /// Takes UTF-8, and where characters of the file are left out of it. Both are valid during the call.
  using Emit = std::function<void(std::string_view utf8, std::span<const LeftOut>)>;

  EscapeDecoder(Escapes escapes, Emit emit);

  /// Pieces of UTF-8 that are cut between characters.
  void feed(std::string_view utf8);
  /// To be called at the end: what an escape began that does not end stays as it is.
  void finish();

 private:
  /// What stands at a backslash or an ampersand.
  struct Escape {
    size_t bytes = 0;     ///< of the text; 0: there must be more of it to tell
    bool is_kept = true;  ///< stays as it is
    bool is_blank = false;
    uint8_t size = 0;               ///< of `text`
    std::array<char, 4> text = {};  ///< what it stands for
  };

  Escape read(std::string_view at, bool is_last) const;
  Escape read_backslash(std::string_view at, bool is_last) const;
  Escape read_inner(std::string_view at, bool is_last) const;
  Escape read_code_unit(std::string_view at, bool is_last) const;
  Escape read_reference(std::string_view at, bool is_last) const;
  Escape of_character(char32_t c, size_t bytes) const;
  std::string_view settle_held(std::string_view piece, bool is_last);
  void pass(std::string_view text);
  void pass_json(std::string_view text);
  bool is_in_quotes() const;
  bool is_in_inner_string() const;
  void put(const Escape& escape);
  void flush();

  Escapes escapes_;
  char mark_;
  Emit emit_;
  std::string held_;  // an escape that the piece's end cut
  std::string out_;
  std::vector<LeftOut> left_out_;
  // For `quoted`: whether the line's last quote begins what it quotes, how far back it is, and what stands first behind
  // it. For `json`: whether the last quote has a backslash, and how far back it is.
  bool has_quote_ = false;
  size_t since_quote_ = 0;
  char last_ = '\n';
  std::string behind_quote_;
};

}  // namespace assay::extract
