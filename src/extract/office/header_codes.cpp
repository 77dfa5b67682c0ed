#include "extract/office/header_codes.h"

#include <algorithm>

namespace assay::extract {
namespace {

constexpr size_t max_colour = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_of_colour(char c) { return is_digit(c) || (c >= 'A' && c <= 'F') || c == '+' || c == '-'; }

template <typename Is>
size_t run_of(std::string_view text, Is is) {
  return static_cast<size_t>(std::ranges::find_if_not(text, is) - text.begin());
}

/// How many bytes the code has whose first stands behind the '&', and what it stands for.
struct Code {
  size_t bytes = 1;
  std::string_view shown;
};

Code code_of(std::string_view text) {
  switch (text.front()) {
    case '&': return {1, "&"};
    case 'L':
    case 'C':
    case 'R': return {1, "\n"};
    case '"': return {std::min(text.find('"', 1), text.size() - 1) + 1, ""};            // font and style
    case 'K': return {1 + run_of(text.substr(1, max_colour), is_of_colour), ""};        // colour
    default: return {is_digit(text.front()) ? run_of(text, is_digit) : size_t{1}, ""};  // size; style; field
  }
}

}  // namespace

std::string without_header_codes(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t plain = std::min(text.find('&'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.size() < 2) return out.append(text);
    const Code code = code_of(text.substr(1));
    out += code.shown;
    text.remove_prefix(1 + code.bytes);
  }
  return out;
}

}  // namespace assay::extract
