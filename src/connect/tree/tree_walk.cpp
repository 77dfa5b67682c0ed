#include "connect/tree/tree_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace assay::connect {
namespace {

using model::VerdictKind;

constexpr size_t depth_near_the_root = 8;

/// The names of a folder that come first behind a given one: as many as fit the bounds.
class FirstNames {
 public:
  /// `begins_there`: that name is one of them.
  FirstNames(std::string behind, bool begins_there, size_t most, size_t most_bytes)
      : behind_(std::move(behind)), begins_there_(begins_there), most_(most), most_bytes_(most_bytes) {}

  void offer(RemoteEntry&& entry) {
    if (entry.name.empty() || entry.name == "." || entry.name == "..") return;
    if (entry.name.find('/') != std::string::npos || entry.name.find('\0') != std::string::npos) {
      has_impossible_ = true;
      return;
    }
    if (entry.name < behind_ || (entry.name == behind_ && !begins_there_)) return;
    if (has_more_ && !entries_.empty() && entry.name > entries_.rbegin()->first) return;
    bytes_ += entry.name.size();
    std::string name = std::exchange(entry.name, {});
    const auto [at, is_new] = entries_.try_emplace(std::move(name), std::move(entry));
    if (!is_new) bytes_ -= at->first.size();
    while (entries_.size() > most_ || (bytes_ > most_bytes_ && entries_.size() > 1)) {
      const auto last = std::prev(entries_.end());
      bytes_ -= last->first.size();
      entries_.erase(last);
      has_more_ = true;
    }
  }

  std::map<std::string, RemoteEntry> take() { return std::exchange(entries_, {}); }
  bool has_more() const noexcept { return has_more_; }
  bool has_impossible() const noexcept { return has_impossible_; }

 private:
  const std::string behind_;
  const bool begins_there_;
  const size_t most_, most_bytes_;
  std::map<std::string, RemoteEntry> entries_;
  size_t bytes_ = 0;
  bool has_more_ = false, has_impossible_ = false;
};

/// A folder on the way from the root to where the walk is.
struct Level {
  std::string name() const { return folder.substr(0, folder.size() - (folder.empty() ? 0 : 1)); }

  std::string folder;  ///< its name below the root, with a slash behind it; "" for the root
  std::string identity;
  std::map<std::string, RemoteEntry> entries;
  std::string behind;         ///< the name that was visited last ...
  bool begins_there = false;  ///< ... or the one to begin with
  bool has_more = true;       ///< behind `entries`
  /// Why not all of it can be read. Said when the rest of it was visited: a walk that goes on behind this folder's name
  /// passes over all that is inside.
  std::optional<model::Verdict> unlisted{}, impossible{};
};

class Walker {
 public:
  Walker(const std::function<std::expected<void, Refusal>(const std::string&, const RemoteTree::Take&)>& list,
         const NameSelection& selection, const TreeWalkOptions& options, ObjectVisitor& visitor)
      : list_(list), selection_(selection), options_(options), visitor_(visitor) {}

  void run() {
    descend("", options_.root_identity, options_.resume_after);
    while (!levels_.empty() && !visitor_.stop_requested()) advance();
  }

 private:
  // `resume_after`: below this folder.
  void descend(std::string folder, std::string identity, const std::string& resume_after) {
    Level level{.folder = std::move(folder), .identity = std::move(identity), .entries = {}, .behind = {}};
    const size_t slash = resume_after.find('/');
    if (slash == std::string::npos) {
      level.behind = resume_after;
    } else {
      // The walk before this one ended somewhere inside this folder, if it still is one: its name is visited again,
      // and all before it is not.
      resume_at_ = resume_after.substr(0, slash);
      resume_below_ = resume_after.substr(slash + 1);
      level.behind = resume_at_;
      level.begins_there = true;
    }
    levels_.push_back(std::move(level));
  }

  // One entry of the innermost folder, or more of its names, or its end.
  void advance() {
    Level& level = levels_.back();
    if (level.entries.empty() && !refill(level)) return ascend();
    if (visitor_.stop_requested()) return;
    auto node = level.entries.extract(level.entries.begin());
    level.behind = node.key();
    level.begins_there = false;
    RemoteEntry entry = std::move(node.mapped());
    const bool is_resumed = !resume_at_.empty() && std::exchange(resume_at_, {}) == node.key();
    const std::string resume_below = is_resumed ? std::exchange(resume_below_, {}) : std::string();
    visit(level.folder + node.key(), std::move(entry), resume_below);
  }

  void ascend() {
    const Level level = std::move(levels_.back());
    levels_.pop_back();
    if (visitor_.stop_requested()) return;  // then it was perhaps not listed to its end
    for (const auto& verdict : {level.unlisted, level.impossible})
      if (verdict) visitor_.on_unread(level.name(), 0, *verdict);
  }

  bool refill(Level& level) {
    if (!level.has_more) return false;
    FirstNames names(level.behind, level.begins_there,
                     levels_.size() <= depth_near_the_root ? options_.most_near_the_root : options_.most_deep_down,
                     options_.most_name_bytes);
    const auto listed = list_(level.name(), [&](RemoteEntry&& entry) {
      names.offer(std::move(entry));
      return !visitor_.stop_requested();
    });
    if (!listed) level.unlisted = listed.error().verdict;
    if (names.has_impossible())
      level.impossible = {VerdictKind::io_error,
                          "the server lists names in it that no file can have; they are left out"};
    level.entries = names.take();
    level.has_more = listed && names.has_more();
    return !level.entries.empty();
  }

  void visit(std::string name, RemoteEntry&& entry, const std::string& resume_below) {
    if (entry.kind == RemoteEntry::Kind::folder) return visit_folder(std::move(name), entry, resume_below);
    // As connect/files has it: a link is one whatever the globs say.
    if (entry.kind == RemoteEntry::Kind::link) return visitor_.on_unread(std::move(name), 0, verdict_of_other(entry));
    if (const char* why = selection_.exclusion(name).why)
      return visitor_.on_unread(std::move(name), entry.size, {VerdictKind::excluded, why});
    if (entry.kind != RemoteEntry::Kind::file) return visitor_.on_unread(std::move(name), 0, verdict_of_other(entry));
    visitor_.on_object({.name = std::move(name),
                        .size = entry.size,
                        .mtime_ns = entry.mtime_ns,
                        .change_id = std::move(entry.change_id)});
  }

  void visit_folder(std::string name, RemoteEntry& entry, const std::string& resume_below) {
    if (const char* why = selection_.folder_exclusion(name))
      return visitor_.on_unread(std::move(name), 0, {VerdictKind::excluded, why});
    if (levels_.size() > options_.max_depth)
      return visitor_.on_unread(std::move(name), 0,
                                {VerdictKind::limit, fmt::format("deeper than {} directories", options_.max_depth)});
    if (!entry.identity.empty() && std::ranges::find(levels_, entry.identity, &Level::identity) != levels_.end())
      return visitor_.on_unread(std::move(name), 0, {VerdictKind::excluded, "a loop: it is above itself"});
    descend(std::move(name) + "/", std::move(entry.identity), resume_below);
  }

  const std::function<std::expected<void, Refusal>(const std::string&, const RemoteTree::Take&)>& list_;
  const NameSelection& selection_;
  const TreeWalkOptions& options_;
  ObjectVisitor& visitor_;
  std::vector<Level> levels_;
  std::string resume_at_, resume_below_;
};

}  // namespace

model::Verdict verdict_of_other(const RemoteEntry& entry) {
  switch (entry.kind) {
    case RemoteEntry::Kind::link: return {VerdictKind::excluded, "symbolic link"};
    case RemoteEntry::Kind::special: return {VerdictKind::special_file, entry.what};
    default: return {VerdictKind::io_error, "the server does not say what it is"};
  }
}

void walk_tree(
    const std::function<std::expected<void, Refusal>(const std::string& folder, const RemoteTree::Take&)>& list,
    const NameSelection& selection, const TreeWalkOptions& options, ObjectVisitor& visitor) {
  Walker(list, selection, options, visitor).run();
}

}  // namespace assay::connect
