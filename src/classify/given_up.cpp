#include "classify/given_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace assay::classify {
namespace {

constexpr size_t most_named = 3;

// Shorter than the longest text that a keyword pattern sees.
constexpr size_t run_bytes = 2000;
constexpr size_t most_examples = 3, most_places = 48;

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

// Bytes behind the run that a regex may insist on. Without them PCRE2 sees at once that there is no match.
std::string bytes_of(std::string_view regex) {
  std::set<char> bytes;
  std::ranges::copy_if(regex, std::inserter(bytes, bytes.end()), is_printable);
  for (const char c : {'a', 'A', 'x', '0', ' '}) bytes.insert(c);
  return {bytes.begin(), bytes.end()};
}

bool gives_up(const Pcre& regex, const std::string& text, int group, Pcre::Scratch& scratch) {
  scratch.gave_up.clear();
  regex.find(text, 0, true, group, scratch);
  return !std::exchange(scratch.gave_up, {}).empty();
}

std::string run_in_words(char c) { return fmt::format("a run of '{}'", is_printable(c) ? c : '?'); }

}  // namespace

std::optional<std::string> take_given_up(const CompiledRules& rules, Scratch& scratch) {
  if (scratch.pcre.gave_up.empty()) return std::nullopt;
  const auto gave_up = std::exchange(scratch.pcre.gave_up, {});
  std::string names;
  for (size_t i = 0; i < std::min(gave_up.size(), most_named); ++i) {
    const auto pattern = std::ranges::find(rules.patterns, gave_up[i], [](const auto& p) { return p.regex.get(); });
    if (pattern == rules.patterns.end()) continue;
    names += fmt::format("{}{}/{}", names.empty() ? "" : ", ", rules.rules[pattern->rule].source->name,
                         pattern->source->name);
  }
  if (gave_up.size() > most_named) names += fmt::format(" and {} more", gave_up.size() - most_named);
  return fmt::format("not searched in full: too many steps for a match of {}", names);
}

std::optional<std::string> strain(const CompiledPattern& pattern, const model::Rule& rule, Pcre::Scratch& scratch) {
  if (pattern.regex == nullptr) return std::nullopt;
  const Pcre& regex = *pattern.regex;
  const std::string bytes = bytes_of(pattern.source->regex);
  for (const char c : bytes)
    if (gives_up(regex, std::string(run_bytes, c) + '\n' + bytes, pattern.group, scratch)) return run_in_words(c);
  for (size_t i = 0; i < std::min(rule.examples.size(), most_examples); ++i) {
    std::string_view text = rule.examples[i].text;
    // Where the pattern matches, if at all: what is before is another's.
    size_t begin = 0;
    while (begin < text.size() && !regex.find(text, begin, true, pattern.group, scratch)) ++begin;
    if (begin == text.size()) continue;
    text.remove_prefix(begin);
    for (size_t at = 0; at < std::min(text.size(), most_places); ++at) {
      const std::string run(run_bytes, text[at]);
      const std::string_view before = text.substr(0, at), behind = text.substr(at);
      if (gives_up(regex, fmt::format("{}{}\n{}{}", before, run, behind, bytes), pattern.group, scratch))
        return fmt::format("{} inside an example", run_in_words(text[at]));
    }
  }
  return std::nullopt;
}

}  // namespace assay::classify
