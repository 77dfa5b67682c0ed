#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace assay::extract {

class CharsetConverter;

/// Turns bytes of any encoding into UTF-8, piece by piece, in constant memory. Valid UTF-8 is passed on as it came,
/// without a copy; its invalid bytes become U+FFFD. A byte order mark is left out.
class Decoder {
 public:
  /// Takes UTF-8. The view is valid during the call.
  using Emit = std::function<void(std::string_view)>;

  /// `declared` is the charset that the source claims, "" when it claims none. It is believed unless the bytes are
  /// clearly UTF-8 or UTF-16; without it the bytes decide.
  explicit Decoder(Emit emit, std::string_view declared = {});
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
