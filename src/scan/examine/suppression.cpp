#include "scan/examine/suppression.h"

#include <algorithm>

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

bool line_says(std::string_view line, std::string_view what, std::string_view entity, std::string_view rule) {
  const size_t at = line.find(what);
  if (at == std::string_view::npos) return false;
  const std::string_view rest = line.substr(at + what.size());
  if (!rest.empty() && is_name_byte(rest.front())) return false;  // "assay:ignored", or the other marker
  return names_agree(rest, entity, rule);
}

}  // namespace

bool is_ignored_inline(std::string_view window, size_t begin, size_t end, std::string_view entity,
                       std::string_view rule) {
  const size_t low = begin > max_line ? begin - max_line : 0;
  size_t line_begin = begin;
  while (line_begin > low && window[line_begin - 1] != '\n') --line_begin;
  const size_t high = std::min(window.size(), end + max_line);
  size_t line_end = end;
  while (line_end < high && window[line_end] != '\n') ++line_end;
  if (line_says(window.substr(line_begin, line_end - line_begin), marker, entity, rule)) return true;
  if (line_begin == 0 || window[line_begin - 1] != '\n') return false;
  const size_t previous_low = line_begin - 1 > max_line ? line_begin - 1 - max_line : 0;
  size_t previous = line_begin - 1;
  while (previous > previous_low && window[previous - 1] != '\n') --previous;
  return line_says(window.substr(previous, line_begin - 1 - previous), next_line_marker, entity, rule);
}

}  // namespace assay::scan
