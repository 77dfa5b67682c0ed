#include "classify/regex_beginnings.h"

#include <algorithm>
#include <optional>
#include <set>

namespace assay::classify {
namespace {

constexpr size_t max_beginnings = 1024;

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80 || std::string_view(" _-:/@'\"=,<>!#%&;~`").contains(c);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

/// After a backslash; a letter or digit there means something else.
bool means_itself_escaped(char c) { return !is_plain(c) || std::string_view("-_/@:=' ").contains(c); }

/// The literal texts with which a match of `regex` (one alternative, without its group) can begin, as far as they are
/// literal. Small classes such as [cs] are written out.
std::vector<std::string> literal_beginnings(std::string_view regex) {
  std::vector<std::string> texts{""};
  size_t at = 0;
  while (at < regex.size()) {
    std::string choices;
    if (is_plain(regex[at])) {
      choices = regex[at++];
    } else if (regex[at] == '\\' && at + 1 < regex.size() && means_itself_escaped(regex[at + 1])) {
      choices = regex[at + 1];
      at += 2;
    } else if (regex[at] == '[') {
      const size_t close = regex.find(']', at + 1);
      if (close == std::string_view::npos) return texts;
      choices = regex.substr(at + 1, close - at - 1);
      if (choices.empty() || choices.size() > 4 ||
          !std::ranges::all_of(choices, [](char c) { return is_plain(c) && c != '-'; }))
        return texts;
      at = close + 1;
    } else {
      return texts;
    }
    if (at < regex.size() && std::string_view("?*+{").contains(regex[at])) return texts;
    if (texts.size() * choices.size() > max_beginnings) return texts;
    std::vector<std::string> longer;
    for (const auto& text : texts)
      for (char c : choices) longer.push_back(text + c);
    texts = std::move(longer);
  }
  return texts;
}

/// The regex's alternatives at the level where it begins: its own, or those of the group that it begins with.
/// nullopt when it has another shape.
std::optional<std::vector<std::string_view>> leading_alternatives(std::string_view regex) {
  for (std::string_view skip : {"(?i)", "\\b"})
    if (regex.starts_with(skip)) regex.remove_prefix(skip.size());
  if (regex.starts_with("(?<![")) {
    const size_t close = regex.find(']', 7);
    if (close == std::string_view::npos || !regex.substr(close).starts_with("])")) return std::nullopt;
    regex.remove_prefix(close + 2);
  }
  std::vector<std::string_view> inside, outside;
  size_t begin = 0, group_begin = 0, group_end = 0;
  int depth = 0;
  const bool grouped = regex.starts_with('(') && (!regex.starts_with("(?") || regex.starts_with("(?:"));
  for (size_t at = 0; at < regex.size(); ++at) {
    const char c = regex[at];
    if (c == '\\') {
      ++at;
    } else if (c == '[') {
      at = regex.find(']', at + (at + 1 < regex.size() && regex[at + 1] == '^' ? 3 : 2));
      if (at == std::string_view::npos) return std::nullopt;
    } else if (c == '(') {
      if (depth++ == 0 && at == 0) group_begin = begin = regex.starts_with("(?:") ? 3 : 1;
    } else if (c == ')') {
      if (--depth == 0 && grouped && group_end == 0) {
        inside.push_back(regex.substr(begin, at - begin));
        group_end = at;
      }
    } else if (c == '|' && depth == 0) {
      return std::nullopt;
    } else if (c == '|' && depth == 1 && grouped && group_end == 0) {
      inside.push_back(regex.substr(begin, at - begin));
      begin = at + 1;
    }
  }
  if (!grouped) return std::vector<std::string_view>{regex};
  if (group_begin == 0 || group_end == 0) return std::nullopt;
  if (group_end + 1 < regex.size() && std::string_view("?*{").contains(regex[group_end + 1])) return std::nullopt;
  return inside;
}

}  // namespace

KeywordBeginnings keyword_beginnings(std::string_view regex, bool ignore_case,
                                     const std::vector<std::string>& keywords) {
  KeywordBeginnings result;
  result.exact.resize(keywords.size());
  const auto alternatives = leading_alternatives(regex);
  if (!alternatives) return result;
  std::vector<std::string> lowered;
  lowered.reserve(keywords.size());
  for (const auto& keyword : keywords) lowered.push_back(lower(keyword));
  std::vector<std::set<std::string>> cases(keywords.size());
  for (const auto& alternative : *alternatives)
    for (const auto& beginning : literal_beginnings(alternative)) {
      bool known = false;
      const std::string lowered_beginning = lower(beginning);
      for (size_t i = 0; i < keywords.size(); ++i) {
        if (!lowered_beginning.starts_with(lowered[i])) continue;
        known = true;
        cases[i].insert(beginning.substr(0, keywords[i].size()));
      }
      if (!known) return result;
    }
  result.each_match_begins_with_one = true;
  if (ignore_case || regex.contains("(?i")) return result;
  for (size_t i = 0; i < keywords.size(); ++i)
    if (cases[i].size() == 1) result.exact[i] = *cases[i].begin();
  return result;
}

}  // namespace assay::classify
