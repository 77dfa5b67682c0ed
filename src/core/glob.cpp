#include "core/glob.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/error.h"

namespace assay::core {
namespace {

constexpr size_t max_pattern_bytes = 4096;

Error bad_pattern(std::string_view pattern, std::string_view why) {
  return Error(ErrorKind::bad_input, fmt::format("the pattern '{}' {}", pattern, why));
}

using Predicate = int (*)(int);
struct NamedClass {
  std::string_view name;
  Predicate holds;
};
constexpr std::array<NamedClass, 12> named_classes = {{{"alnum", std::isalnum},
                                                       {"alpha", std::isalpha},
                                                       {"blank", std::isblank},
                                                       {"cntrl", std::iscntrl},
                                                       {"digit", std::isdigit},
                                                       {"graph", std::isgraph},
                                                       {"lower", std::islower},
                                                       {"print", std::isprint},
                                                       {"punct", std::ispunct},
                                                       {"space", std::isspace},
                                                       {"upper", std::isupper},
                                                       {"xdigit", std::isxdigit}}};

// "[:digit:]" at `at`; adds its bytes and returns its length, or 0 when there is none.
size_t add_named_class(std::string_view pattern, size_t at, std::bitset<256>& set) {
  if (!pattern.substr(at).starts_with("[:")) return 0;
  for (const NamedClass& named : named_classes) {
    const std::string_view rest = pattern.substr(at + 2);
    if (!rest.starts_with(named.name) || !rest.substr(named.name.size()).starts_with(":]")) continue;
    for (int byte = 0; byte < 128; ++byte)
      if (named.holds(byte) != 0) set.set(static_cast<size_t>(byte));
    return named.name.size() + 4;
  }
  return 0;
}

}  // namespace

Glob::Glob(std::string_view pattern) {
  if (pattern.size() > max_pattern_bytes) throw bad_pattern(pattern.substr(0, 40), "is longer than 4096 bytes");
  const std::string_view whole = pattern;
  if (pattern.starts_with('!')) {
    is_negated_ = true;
    pattern.remove_prefix(1);
  }
  if (pattern.ends_with('/')) {
    directories_only_ = true;
    pattern.remove_suffix(1);
  }
  is_anchored_ = pattern.find('/') != std::string_view::npos;
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  if (pattern.empty()) throw bad_pattern(whole, "is empty");
  compile(pattern);
  if (std::all_of(tokens_.begin(), tokens_.end(), [](const Token& token) { return token.kind == Kind::byte; }))
    for (const Token& token : tokens_) literal_ += token.byte;
}

void Glob::compile(std::string_view pattern) {
  for (size_t i = 0; i < pattern.size();) {
    const bool after_slash = i == 0 || pattern[i - 1] == '/';
    if (after_slash && pattern.substr(i) == "**") {
      tokens_.push_back({.kind = Kind::everything});
      return;
    }
    if (after_slash && pattern.substr(i).starts_with("**/")) {
      tokens_.push_back({.kind = Kind::directories});
      i += 3;
      continue;
    }
    switch (pattern[i]) {
      case '*':
        while (i < pattern.size() && pattern[i] == '*') ++i;
        tokens_.push_back({.kind = Kind::any_run});
        continue;
      case '?': tokens_.push_back({.kind = Kind::any_byte}); break;
      case '[': i = compile_class(pattern, i); continue;
      case '\\':
        if (++i == pattern.size()) throw bad_pattern(pattern, "ends with a lone backslash");
        [[fallthrough]];
      default: tokens_.push_back({.kind = Kind::byte, .byte = pattern[i]});
    }
    ++i;
  }
}

// Returns the place behind the closing bracket.
size_t Glob::compile_class(std::string_view pattern, size_t start) {
  std::bitset<256> set;
  size_t i = start + 1;
  const bool inverted = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (inverted) ++i;
  const auto take_byte = [&]() -> uint8_t {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    return static_cast<uint8_t>(pattern[i++]);
  };
  for (bool first = true; i < pattern.size() && (first || pattern[i] != ']'); first = false) {
    if (const size_t length = add_named_class(pattern, i, set); length != 0) {
      i += length;
      continue;
    }
    const unsigned low = take_byte();
    unsigned high = low;
    if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
      ++i;
      high = take_byte();
    }
    for (unsigned byte = low; byte <= high; ++byte) set.set(byte);
  }
  if (i >= pattern.size()) throw bad_pattern(pattern, "has a [ that is not closed");
  if (inverted) set.flip();
  set.reset('/');
  tokens_.push_back({.kind = Kind::one_of, .set = static_cast<uint16_t>(sets_.size())});
  sets_.push_back(set);
  return i + 1;
}

bool Glob::matches(std::string_view path, bool is_directory) const {
  if (directories_only_ && !is_directory) return false;
  if (!is_anchored_)
    if (const size_t slash = path.rfind('/'); slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return literal_.empty() ? matches_whole(path) : path == literal_;
}

// Whether the token takes this byte and stays or moves on, see matches_whole.
bool Glob::step(const Token& token, char byte) const {
  switch (token.kind) {
    case Kind::byte: return byte == token.byte;
    case Kind::any_byte:
    case Kind::any_run: return byte != '/';
    case Kind::one_of: return sets_[token.set][static_cast<uint8_t>(byte)];
    case Kind::directories:
    case Kind::everything: return true;
  }
  return false;
}

// A token that may match nothing lets the one behind it begin at the same byte.
void Glob::activate(size_t position, std::vector<uint8_t>& active) const {
  for (;; ++position) {
    active[position] = 1;
    if (position == tokens_.size()) return;
    const Kind kind = tokens_[position].kind;
    if (kind != Kind::any_run && kind != Kind::directories) return;
  }
}

// All ways to match are followed at once, so that no pattern makes it slow. active[i]: what was read matches the
// tokens before i, and token i may take the next byte. A `directories` token that began goes on for ever, and hands
// over to its successor at each slash.
bool Glob::matches_whole(std::string_view text) const {
  const size_t count = tokens_.size();
  std::vector<uint8_t> active(count + 1, 0);
  std::vector<uint8_t> next(count + 1, 0);
  std::vector<uint8_t> inside(count + 1, 0);  // `directories` tokens that began
  activate(0, active);
  for (const char byte : text) {
    std::fill(next.begin(), next.end(), 0);
    bool alive = false;
    for (size_t i = 0; i < count; ++i) {
      const Token& token = tokens_[i];
      if (token.kind == Kind::directories) {
        if (active[i] == 0 && inside[i] == 0) continue;
        inside[i] = 1;
        if (byte == '/') activate(i + 1, next);
        alive = true;
        continue;
      }
      if (active[i] == 0 || !step(token, byte)) continue;
      alive = true;
      if (token.kind == Kind::any_run) {
        activate(i, next);
      } else if (token.kind == Kind::everything) {
        next[i] = 1;
        next[count] = 1;
      } else {
        activate(i + 1, next);
      }
    }
    if (!alive) return false;
    active.swap(next);
  }
  return active[count] != 0;
}

GlobSet::GlobSet(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) add(pattern);
}

std::optional<bool> GlobSet::decide(std::string_view path, bool is_directory) const {
  for (auto glob = globs_.rbegin(); glob != globs_.rend(); ++glob)
    if (glob->matches(path, is_directory)) return !glob->is_negated();
  return std::nullopt;
}

}  // namespace assay::core
