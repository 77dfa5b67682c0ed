#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace assay::extract {

class CharsetConverter;

/// What the first bytes of a text say of its charset.
struct HeadCharset {
  std::string converter;  ///< "utf-8" with its mark, or a converter's name; "": ASCII so far, whatever comes later
  size_t bom_bytes = 0;
};
/// `head` is the first 4096 bytes or more, or all of the text; `declared` a converter's name or "".
HeadCharset judge_head(std::string_view head, std::string_view declared);

/// So many bytes from the first that is not ASCII on, or all there are, decide what judge_doubtful() is asked.
inline constexpr size_t doubtful_sample_bytes = size_t{64} << 10;
/// The charset of text that looked like ASCII up to here: "utf-8" or a converter's name.
std::string judge_doubtful(std::string_view sample, std::string_view declared);

/// Turns bytes of any encoding into UTF-8, piece by piece, in constant memory. Valid UTF-8 is passed on as it came,
/// without a copy; its invalid bytes become U+FFFD. A byte order mark is left out. However the text is cut into pieces
/// of which the first has 4096 bytes or all, the result is the same.
class Decoder {
 public:
  /// Takes UTF-8. The view is valid during the call.
  using Emit = std::function<void(std::string_view)>;

  /// `declared` is the charset that the source claims, "" when it claims none. It is believed unless the bytes are
  /// clearly UTF-8 or UTF-16; without it the bytes decide.
  explicit Decoder(Emit emit, std::string_view declared = {});
  /// For text of which the charset is known, from any character of it on: "utf-8" or a converter's name.
  static std::unique_ptr<Decoder> of_charset(Emit emit, const std::string& converter);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  void feed(std::string_view bytes);
  /// Ends the text; the decoder is of no use after it.
  void finish();

 private:
  enum class State : uint8_t { start, ascii, doubtful, utf8, legacy };

  void begin(std::string_view bytes);
  void settle_doubt(std::string_view bytes);
  void pass_ascii(std::string_view bytes);
  void pass_utf8(std::string_view bytes);
  void use(const std::string& converter, std::string_view bytes);
  void use_legacy(const std::string& converter, std::string_view bytes);
  std::string_view complete_sequence(std::string_view bytes);
  void emit(std::string_view utf8) {
    if (!utf8.empty()) emit_(utf8);
  }

  Emit emit_;
  std::string declared_;  ///< converter name
  State state_ = State::start;
  std::string held_;  ///< too little to judge by; in `utf8` the start of a sequence that goes on in the next piece
  std::string replaced_;
  std::unique_ptr<CharsetConverter> legacy_;
};

/// All of it at once, for short strings such as header fields and names.
std::string decode_to_utf8(std::string_view bytes, std::string_view declared = {});

}  // namespace assay::extract
