#include "cli/number_range.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "core/printable.h"

namespace assay::cli {
namespace {

template <typename Number>
std::optional<Number> number_of(const std::string& text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::string refusal(const std::string& text, const std::string& expected) {
  return fmt::format("'{}' is not {}", core::printable(text, 64), expected);
}

}  // namespace

CLI::Validator whole_number(uint64_t least, uint64_t most) {
  const bool is_bounded = most != UINT64_MAX;
  const std::string range = is_bounded ? fmt::format("from {} to {}", least, most) : fmt::format("from {} on", least);
  return {[=](std::string& text) {
            const auto number = number_of<uint64_t>(text);
            return number && *number >= least && *number <= most ? std::string()
                                                                 : refusal(text, "a whole number " + range);
          },
          most < UINT32_MAX ? fmt::format("{} to {}", least, most) : std::string()};
}

CLI::Validator share() {
  return {[](std::string& text) {
            const auto number = number_of<double>(text);
            return number && *number >= 0 && *number <= 1 ? std::string() : refusal(text, "a number from 0 to 1");
          },
          "0 to 1"};
}

}  // namespace assay::cli
