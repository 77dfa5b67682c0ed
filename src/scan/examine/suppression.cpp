#include "scan/examine/suppression.h"

#include <algorithm>
#include <cstring>

#include "classify/text_scanner.h"

namespace assay::scan {
namespace {

constexpr std::string_view marker = "assay:ignore";
constexpr std::string_view next_line_marker = "assay:ignore-next-line";
// Longer lines are data, not something a person commented.
constexpr size_t max_line = 2048;
// So that what is seen does not depend on where the scanner's windows end.
static_assert(2 * max_line + 1 <= classify::TextScanner::held_before);
static_assert(max_line <= classify::TextScanner::held_after);

bool is_name_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

// The names after the marker, if any, must hold the entity or the rule.
bool names_agree(std::string_view rest, std::string_view entity, std::string_view rule) {
  bool any = false;
  while (true) {
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == ',' || rest.front() == '\t' ||
                             (any == false && rest.front() == ':')))
      rest.remove_prefix(1);
    size_t n = 0;
    while (n < rest.size() && is_name_byte(rest[n])) ++n;
    const std::string_view name = rest.substr(0, n);
    // Prose after the marker ("because ...", "*/") is no list of names.
    const bool is_name =
        n > 1 && (name.find('_') != std::string_view::npos || name.find('-') != std::string_view::npos ||
                  std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; }));
    if (!is_name) return !any;
    any = true;
    if (name == entity || name == rule) return true;
    rest.remove_prefix(n);
  }
}

// As find(), by the colon: few lines have one, and every line with a finding is asked.
size_t find_marker(std::string_view line, std::string_view what) {
  const size_t before_colon = what.find(':');
  for (size_t colon = line.find(':'); colon != std::string_view::npos; colon = line.find(':', colon + 1))
    if (colon >= before_colon && line.substr(colon - before_colon).starts_with(what)) return colon - before_colon;
  return std::string_view::npos;
}

bool line_says(std::string_view line, std::string_view what, std::string_view entity, std::string_view rule) {
  const size_t at = find_marker(line, what);
  if (at == std::string_view::npos) return false;
  const std::string_view rest = line.substr(at + what.size());
  if (!rest.empty() && is_name_byte(rest.front())) return false;  // "assay:ignored", or the other marker
  return names_agree(rest, entity, rule);
}

// Of the line that holds `at`, or max_line before.
size_t begin_of_line(std::string_view window, size_t at) {
  const size_t low = at > max_line ? at - max_line : 0;
  const void* const newline = ::memrchr(window.data() + low, '\n', at - low);
  return newline == nullptr ? low : static_cast<size_t>(static_cast<const char*>(newline) - window.data()) + 1;
}

}  // namespace

bool is_ignored_inline(std::string_view window, size_t begin, size_t end, std::string_view entity,
                       std::string_view rule) {
  const size_t line_begin = begin_of_line(window, begin);
  const size_t high = std::min(window.size(), end + max_line);
  const size_t line_end = std::min(window.substr(0, high).find('\n', end), high);
  if (line_says(window.substr(line_begin, line_end - line_begin), marker, entity, rule)) return true;
  if (line_begin == 0 || window[line_begin - 1] != '\n') return false;
  const size_t previous = begin_of_line(window, line_begin - 1);
  return line_says(window.substr(previous, line_begin - 1 - previous), next_line_marker, entity, rule);
}

}  // namespace assay::scan
