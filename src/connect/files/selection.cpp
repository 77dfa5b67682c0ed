#include "connect/files/selection.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "connect/files/directory.h"
#include "core/error.h"

namespace assay::connect::files {
namespace {

constexpr size_t max_ignore_file_bytes = 1 << 20;

std::string read_small_file(int fd) {
  std::string text(max_ignore_file_bytes, '\0');
  size_t used = 0;
  while (used < text.size()) {
    const ssize_t count = ::read(fd, text.data() + used, text.size() - used);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    used += static_cast<size_t>(count);
  }
  text.resize(used);
  return text;
}

std::string_view without_trailing_spaces(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  while (line.ends_with(' ') && !line.ends_with("\\ ")) line.remove_suffix(1);
  return line;
}

void add_lines(std::string_view text, core::GlobSet& patterns) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = without_trailing_spaces(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    try {
      patterns.add(line);
    } catch (const core::Error&) {
      // Somebody else wrote this file: what cannot be read as a pattern leaves nothing out.
    }
  }
}

}  // namespace

std::optional<IgnoreRules> read_ignore_files(int directory, size_t directory_bytes,
                                             const std::vector<std::string>& names) {
  IgnoreRules rules{directory_bytes, {}};
  for (const std::string& name : names) {
    struct stat info{};
    if (::fstatat(directory, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode)) continue;
    const core::Fd file = open_inside(directory, name.c_str(), 0);
    if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    add_lines(read_small_file(file.get()), rules.patterns);
  }
  if (rules.patterns.empty()) return std::nullopt;
  return rules;
}

bool Selection::includes(std::string_view relative, bool is_directory) const {
  return include_.empty() || include_.decide(relative, is_directory).value_or(false);
}

const char* Selection::exclusion(std::string_view relative, bool is_directory, bool is_included,
                                 const std::vector<IgnoreRules>& ignores) const {
  if (const auto excluded = exclude_.decide(relative, is_directory)) {
    if (*excluded) return "by an exclude pattern";
  } else {
    for (auto rules = ignores.rbegin(); rules != ignores.rend(); ++rules) {
      const auto ignored = rules->patterns.decide(relative.substr(rules->directory_bytes), is_directory);
      if (ignored && *ignored) return "by an ignore file";
      if (ignored) break;
    }
  }
  // A directory that no include pattern names may still hold files that one does.
  if (!is_directory && !is_included && !includes(relative, false)) return "by no include pattern";
  return nullptr;
}

}  // namespace assay::connect::files
