#include "core/byte_size.h"

#include <charconv>
#include <limits>

namespace assay::core {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// How many bits a unit shifts by; nullopt when it is none.
std::optional<unsigned> shift_of(std::string_view unit) {
  if (unit.empty() || (unit.size() == 1 && lower(unit[0]) == 'b')) return 0;
  const size_t place = std::string_view("kmgt").find(lower(unit[0]));
  if (place == std::string_view::npos) return std::nullopt;
  unit.remove_prefix(1);
  if (unit.size() == 2 && lower(unit[0]) == 'i') unit.remove_prefix(1);
  if (!unit.empty() && (unit.size() != 1 || lower(unit[0]) != 'b')) return std::nullopt;
  return static_cast<unsigned>(10 * (place + 1));
}

}  // namespace

std::optional<uint64_t> parse_byte_size(std::string_view text) noexcept {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const auto shift = shift_of(text);
  if (!shift || number > std::numeric_limits<uint64_t>::max() >> *shift) return std::nullopt;
  return number << *shift;
}

}  // namespace assay::core
