#include "cli/line_place.h"

#include <fmt/format.h>

#include <charconv>

#include "core/error.h"

namespace assay::cli {
namespace {

struct Split {
  std::string before;
  uint64_t number = 0;
};

// "a:b:12" -> "a:b" and 12.
std::optional<Split> split_number(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) return std::nullopt;
  Split split{text.substr(0, colon), 0};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, split.number);
  if (error != std::errc() || stop != end || split.number == 0) return std::nullopt;
  return split;
}

}  // namespace

LinePlace parse_line_place(const std::string& text, const std::function<bool(const std::string&)>& exists) {
  const auto last = split_number(text);
  if (!last)
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("'{}' names no line; write FILE:LINE, as notes.txt:12", text));
  const auto both = split_number(last->before);
  if (both && !exists(last->before)) return {.path = both->before, .line = both->number, .column = last->number};
  return {.path = last->before, .line = last->number, .column = std::nullopt};
}

}  // namespace assay::cli
