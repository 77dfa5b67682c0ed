#include "extract/text/terminal_codes.h"

#include <algorithm>

namespace assay::extract {
namespace {

constexpr char escape = '\x1B';
constexpr uint32_t longest_sequence = 64;  // what goes on is text behind a stray escape

}  // namespace

std::string_view TerminalCodes::erased(std::string_view piece) {
  if (state_ == State::text && piece.find(escape) == std::string_view::npos) return piece;
  out_ = piece;
  for (auto c = out_.begin(); c != out_.end();) {
    if (state_ == State::text) c = std::find(c, out_.end(), escape);
    if (c != out_.end()) erase(*c++);
  }
  return out_;
}

void TerminalCodes::erase(char& c) {
  if (c == escape) {
    state_ = State::after_escape;
    c = ' ';
  } else if (state_ == State::after_escape && c == '[') {
    state_ = State::in_sequence;
    length_ = 0;
    c = ' ';
  } else if (state_ == State::in_sequence && c >= ' ' && c <= '~' && ++length_ <= longest_sequence) {
    if (c >= '@') state_ = State::text;
    c = ' ';
  } else {
    state_ = State::text;
  }
}

}  // namespace assay::extract
