#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace assay::sql {

/// Prepared statements by their text: the `capacity` used last. References stay good until the statement is taken out.
template <typename Statement>
class StatementCache {
 public:
  static constexpr size_t capacity = 256;

  /// The statement of that text, which now counts as used; nullptr when there is none.
  Statement* find(std::string_view text) {
    const auto found = by_text_.find(text);
    if (found == by_text_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->statement;
  }

  /// Takes out the statement used longest ago when no other fits in.
  std::optional<Statement> make_room() {
    if (entries_.size() < capacity) return std::nullopt;
    return take(std::prev(entries_.end()));
  }

  std::optional<Statement> remove(std::string_view text) {
    const auto found = by_text_.find(text);
    if (found == by_text_.end()) return std::nullopt;
    return take(found->second);
  }

  /// The text must be new, and there must be room.
  Statement& insert(std::string_view text, Statement statement) {
    entries_.push_front({std::string(text), std::move(statement)});
    by_text_.emplace(entries_.front().text, entries_.begin());
    return entries_.front().statement;
  }

  size_t size() const noexcept { return entries_.size(); }

  void clear() noexcept {
    by_text_.clear();
    entries_.clear();
  }

 private:
  struct Entry {
    std::string text;
    Statement statement;
  };
  using Entries = std::list<Entry>;

  Statement take(typename Entries::iterator entry) {
    by_text_.erase(entry->text);
    Statement statement = std::move(entry->statement);
    entries_.erase(entry);
    return statement;
  }

  Entries entries_;  // used last comes first
  std::unordered_map<std::string_view, typename Entries::iterator> by_text_;
};

}  // namespace assay::sql
