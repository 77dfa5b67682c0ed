#include "extract/sqlite/virtual_table.h"

#include <array>
#include <string>

namespace assay::extract {
namespace {

constexpr std::array<std::string_view, 3> of_fts5{"_data", "_idx", "_docsize"};
constexpr std::array<std::string_view, 4> of_fts4{"_segments", "_segdir", "_docsize", "_stat"};
constexpr std::array<std::string_view, 1> of_rtree{"_node"};

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

/// Takes words and quoted names off a statement in lower case.
class Words {
 public:
  explicit Words(std::string_view sql) : rest_(sql) {}

  std::string_view next() {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
    if (rest_.empty()) return {};
    const size_t quoted = std::string_view("\"'`[").find(rest_.front());
    const size_t size = quoted != std::string_view::npos ? quoted_size("\"'`]"[quoted]) : plain_size();
    const std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return word;
  }

 private:
  size_t quoted_size(char end) const {
    for (size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] != end) continue;
      if (end == ']' || at + 1 == rest_.size() || rest_[at + 1] != end) return at + 1;
      ++at;  // a quote, doubled
    }
    return rest_.size();
  }
  size_t plain_size() const {
    size_t at = 0;
    while (at < rest_.size() && (is_word(rest_[at]) || static_cast<unsigned char>(rest_[at]) >= 0x80)) ++at;
    return at == 0 ? 1 : at;
  }

  std::string_view rest_;
};

bool has_empty_content(Words& words) {
  std::string_view before_last, last;
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    if (before_last == "content" && last == "=" && (word == "''" || word == "\"\"")) return true;
    before_last = last;
    last = word;
  }
  return false;
}

std::string_view unquoted(std::string_view word) {
  const bool is_quoted = word.size() >= 2 && !is_word(word.front());
  return is_quoted ? word.substr(1, word.size() - 2) : word;
}

}  // namespace

VirtualTable parse_virtual_table(std::string_view sql) {
  std::string lower(sql);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  Words words(lower);
  if (words.next() != "create" || words.next() != "virtual" || words.next() != "table") return {};
  words.next();
  if (words.next() != "using") return {};
  const std::string_view module = unquoted(words.next());
  if (module == "rtree" || module == "rtree_i32" || module == "geopoly") return {.index_suffixes = of_rtree};
  if (module == "fts5") return {.index_suffixes = of_fts5, .keeps_no_content = has_empty_content(words)};
  if (module != "fts3" && module != "fts4") return {};
  return {.index_suffixes = of_fts4, .keeps_no_content = has_empty_content(words)};
}

}  // namespace assay::extract
