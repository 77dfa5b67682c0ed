#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::extract {

/// Puts blanks where a text says how terminals are to show it (ECMA-48, 5.4: "ESC [ 3 1 m"), so that a value ends where
/// its colour does. Every byte stays one, in pieces of any size.
class TerminalCodes {
 public:
  /// The piece without codes: itself where it has none. Valid until the next call.
  std::string_view erased(std::string_view piece);

 private:
  enum class State : uint8_t { text, after_escape, in_sequence };
  void erase(char& c);

  State state_ = State::text;
  uint32_t length_ = 0;  // of the sequence so far
  std::string out_;
};

}  // namespace assay::extract
