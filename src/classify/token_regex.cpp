#include "classify/token_regex.h"

#include <algorithm>
#include <optional>

namespace assay::classify {
namespace {

using Node = RegexNode;
using NodePtr = std::unique_ptr<Node>;

struct Refusal {
  std::string reason;
};

NodePtr make(Node::Kind kind) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  return node;
}

NodePtr make_bytes(ByteSet set) {
  auto node = make(Node::Kind::bytes);
  node->bytes = set;
  return node;
}

/// Recursive descent over the supported syntax. Depth is bounded by max_depth.
class Parser {
 public:
  Parser(std::string_view regex, bool ignore_case) : text_(regex), fold_(ignore_case) {}

  std::vector<TokenBranch> parse() {
    std::vector<TokenBranch> branches;
    if (text_.starts_with("(?i)")) {
      fold_ = true;
      at_ = 4;
    }
    do {
      branches.push_back(parse_branch());
    } while (take('|'));
    if (at_ != text_.size()) throw Refusal{"unbalanced parenthesis"};
    return branches;
  }

 private:
  static constexpr int max_depth = 40;

  bool more() const { return at_ < text_.size(); }
  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool take(char c) {
    if (peek() != c || !more()) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view s) {
    if (!text_.substr(at_).starts_with(s)) return false;
    at_ += s.size();
    return true;
  }

  TokenBranch parse_branch() {
    TokenBranch branch;
    while (true) {
      if (take("\\b")) continue;
      if (take("(?<!")) {
        branch.not_before.add_all(parse_edge_set());
        continue;
      }
      break;
    }
    auto sequence = make(Node::Kind::sequence);
    while (more() && peek() != '|') {
      if (peek() == ')') throw Refusal{"unbalanced parenthesis"};
      if (text_.substr(at_).starts_with("\\b")) {
        at_ += 2;
        branch.end_is_word_edge = true;
        expect_edge();
        continue;
      }
      if (take("(?!")) {
        branch.not_after.add_all(parse_edge_set());
        expect_edge();
        continue;
      }
      if (take("(?=")) {
        ByteSet set = parse_edge_set_or_end();
        set.invert();
        branch.not_after.add_all(set);
        expect_edge();
        continue;
      }
      sequence->children.push_back(parse_repeat(0));
    }
    branch.body = std::move(sequence);
    return branch;
  }

  // What follows the first trailing edge condition may only be another one.
  void expect_edge() const {
    const auto rest = text_.substr(at_);
    if (rest.empty() || rest.front() == '|' || rest.starts_with("\\b") || rest.starts_with("(?!") ||
        rest.starts_with("(?="))
      return;
    throw Refusal{"look-around or \\b inside"};
  }

  // The inside of a one-byte look-around: a set, or a choice of sets.
  ByteSet parse_edge_set() {
    ByteSet set;
    do {
      auto node = parse_atom(0);
      if (node->kind != Node::Kind::bytes) throw Refusal{"look-around longer than one character"};
      set.add_all(node->bytes);
    } while (take('|'));
    if (!take(')')) throw Refusal{"look-around longer than one character"};
    return set;
  }

  ByteSet parse_edge_set_or_end() {
    ByteSet set;
    do {
      if (take('$')) continue;
      auto node = parse_atom(0);
      if (node->kind != Node::Kind::bytes) throw Refusal{"look-around longer than one character"};
      set.add_all(node->bytes);
    } while (take('|'));
    if (!take(')')) throw Refusal{"look-around longer than one character"};
    return set;
  }

  NodePtr parse_choice(int depth) {
    if (depth > max_depth) throw Refusal{"nested too deep"};
    auto choice = make(Node::Kind::choice);
    do {
      auto sequence = make(Node::Kind::sequence);
      while (more() && peek() != '|' && peek() != ')') sequence->children.push_back(parse_repeat(depth));
      choice->children.push_back(std::move(sequence));
    } while (take('|'));
    if (choice->children.size() == 1) return std::move(choice->children.front());
    return choice;
  }

  NodePtr parse_repeat(int depth) {
    NodePtr atom = parse_atom(depth);
    while (more()) {
      unsigned min = 0, max = 0;
      if (take('?')) {
        max = 1;
      } else if (peek() == '*' || peek() == '+') {
        throw Refusal{"unbounded repeat"};
      } else if (peek() == '{') {
        ++at_;
        min = parse_number();
        max = min;
        if (take(',')) {
          if (peek() == '}') throw Refusal{"unbounded repeat"};
          max = parse_number();
        }
        if (!take('}') || max < min || max > token_match_bytes) throw Refusal{"repeat out of range"};
      } else {
        break;
      }
      if (peek() == '?' || peek() == '+') ++at_;  // lazy and possessive: the longest match is taken anyway
      auto repeat = make(Node::Kind::repeat);
      repeat->min = min;
      repeat->max = max;
      repeat->children.push_back(std::move(atom));
      atom = std::move(repeat);
    }
    return atom;
  }

  unsigned parse_number() {
    unsigned n = 0;
    if (peek() < '0' || peek() > '9') throw Refusal{"malformed repeat"};
    while (peek() >= '0' && peek() <= '9' && n < 100000) n = n * 10 + static_cast<unsigned>(text_[at_++] - '0');
    return n;
  }

  NodePtr parse_atom(int depth) {
    const char c = peek();
    if (!more()) throw Refusal{"unexpected end"};
    if (take('(')) {
      if (take('?')) {
        if (take('P') || peek() == '<') {
          if (!take('<') || peek() == '=' || peek() == '!') throw Refusal{"look-around inside"};
          while (more() && peek() != '>') ++at_;
          ++at_;
        } else if (!take(':')) {
          throw Refusal{"look-around inside"};
        }
      }
      auto inner = parse_choice(depth + 1);
      if (!take(')')) throw Refusal{"unbalanced parenthesis"};
      return inner;
    }
    if (c == '[') return make_bytes(parse_class());
    if (c == '.') {
      ++at_;
      ByteSet set = ByteSet::of('\n');
      set.invert();
      return make_bytes(set);
    }
    if (c == '\\') return make_bytes(folded(parse_escape()));
    if (c == '^' || c == '$' || c == '*' || c == '+' || c == '?' || c == '{') throw Refusal{"anchor or stray repeat"};
    ++at_;
    return make_bytes(folded(ByteSet::of(static_cast<uint8_t>(c))));
  }

  ByteSet folded(ByteSet set) const {
    if (fold_) set.fold_case();
    return set;
  }

  ByteSet parse_escape() {
    ++at_;
    const char c = peek();
    ++at_;
    ByteSet set;
    switch (c) {
      case 'd': return digit_bytes();
      case 'D':
        set = digit_bytes();
        set.invert();
        return set;
      case 'w': return word_bytes();
      case 'W':
        set = word_bytes();
        set.invert();
        return set;
      case 's':
        for (char b : {' ', '\t', '\n', '\r', '\f', '\v'}) set.add(static_cast<uint8_t>(b));
        return set;
      case 'S':
        for (char b : {' ', '\t', '\n', '\r', '\f', '\v'}) set.add(static_cast<uint8_t>(b));
        set.invert();
        return set;
      case 't': return ByteSet::of('\t');
      case 'n': return ByteSet::of('\n');
      case 'r': return ByteSet::of('\r');
      case 'x': return ByteSet::of(parse_hex());
      default: break;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\0')
      throw Refusal{"unsupported escape"};
    return ByteSet::of(static_cast<uint8_t>(c));
  }

  uint8_t parse_hex() {
    unsigned n = 0;
    for (int i = 0; i < 2; ++i) {
      const char c = peek();
      if (c >= '0' && c <= '9') n = n * 16 + static_cast<unsigned>(c - '0');
      else if (c >= 'a' && c <= 'f') n = n * 16 + static_cast<unsigned>(c - 'a' + 10);
      else if (c >= 'A' && c <= 'F') n = n * 16 + static_cast<unsigned>(c - 'A' + 10);
      else throw Refusal{"unsupported escape"};
      ++at_;
    }
    if (n >= 0x80) throw Refusal{"non-ASCII escape"};
    return static_cast<uint8_t>(n);
  }

  ByteSet parse_class() {
    ++at_;
    const bool negated = take('^');
    ByteSet set;
    bool first = true;
    while (true) {
      if (!more()) throw Refusal{"unterminated class"};
      if (peek() == ']' && !first) break;
      first = false;
      if (peek() == '[' && peek(1) == ':') throw Refusal{"POSIX class"};
      if (static_cast<uint8_t>(peek()) >= 0x80) throw Refusal{"non-ASCII class"};
      const bool is_escape = peek() == '\\';
      ByteSet item = is_escape ? parse_escape() : ByteSet::of(static_cast<uint8_t>(text_[at_++]));
      const auto low = single(item);
      if (low && peek() == '-' && peek(1) != ']' && at_ + 1 < text_.size()) {
        ++at_;
        const ByteSet high_item = peek() == '\\' ? parse_escape() : ByteSet::of(static_cast<uint8_t>(text_[at_++]));
        const auto high = single(high_item);
        if (!high || *high < *low) throw Refusal{"malformed range"};
        item = ByteSet::of_range(*low, *high);
      }
      set.add_all(item);
    }
    ++at_;
    set = folded(set);
    if (negated) set.invert();
    return set;
  }

  static std::optional<uint8_t> single(const ByteSet& set) {
    std::optional<uint8_t> only;
    for (unsigned b = 0; b < 256; ++b)
      if (set.has(static_cast<uint8_t>(b))) {
        if (only) return std::nullopt;
        only = static_cast<uint8_t>(b);
      }
    return only;
  }

  std::string_view text_;
  bool fold_;
  size_t at_ = 0;
};

unsigned longest(const Node& node) {
  unsigned n = 0;
  switch (node.kind) {
    case Node::Kind::empty: return 0;
    case Node::Kind::bytes: return 1;
    case Node::Kind::sequence:
      for (const auto& child : node.children) n = std::min(100000U, n + longest(*child));
      return n;
    case Node::Kind::choice:
      for (const auto& child : node.children) n = std::max(n, longest(*child));
      return n;
    case Node::Kind::repeat: return std::min(100000U, node.max * longest(*node.children.front()));
  }
  return n;
}

// How far into its beginning a match is, until its first digit: which of these states may hold after a node. A match
// may begin with letters that the search looks back over: at most max_leads runs of at most max_lead_letters letters,
// each followed by one blank, '-' or ':' ("B-AB 1234", "ac:de:48").
using States = uint32_t;
constexpr unsigned letters_states = max_lead_letters_before_colon + 2;  // 0 to so many letters, and more
constexpr States at_letters(unsigned leads, unsigned letters) {
  return States{1} << (leads * letters_states + letters);
}
constexpr States has_digit = States{1} << 28, failed = States{1} << 29, opened = States{1} << 30,
                 at_start = at_letters(0, 0);
static_assert((max_leads + 1) * letters_states <= 28);

bool ends_lead(uint8_t byte, unsigned letters) {
  if (letters == 0) return false;
  return byte == ':' ? letters <= max_lead_letters_before_colon
                     : (byte == ' ' || byte == '-') && letters <= max_lead_letters;
}

States step_byte(uint8_t byte, States states) {
  const bool is_digit = digit_bytes().has(byte), is_word = word_bytes().has(byte);
  States next = states & (has_digit | failed);
  if (states & opened) next |= is_digit ? has_digit : is_word ? at_letters(max_leads, letters_states - 1) : failed;
  for (unsigned leads = 0; leads <= max_leads; ++leads)
    for (unsigned letters = 0; letters < letters_states; ++letters) {
      if (!(states & at_letters(leads, letters))) continue;
      if (is_digit) next |= has_digit;
      else if (is_word) next |= at_letters(leads, std::min(letters + 1, letters_states - 1));
      else if (leads == 0 && letters == 0 && (byte == '+' || byte == '(')) next |= opened;
      else if (ends_lead(byte, letters) && leads < max_leads) next |= at_letters(leads + 1, 0);
      else next |= failed;
    }
  return next;
}

States step_bytes(const ByteSet& set, States states) {
  States next = 0;
  for (unsigned b = 0; b < 256; ++b)
    if (set.has(static_cast<uint8_t>(b))) next |= step_byte(static_cast<uint8_t>(b), states);
  return next;
}

States step(const Node& node, States states) {
  switch (node.kind) {
    case Node::Kind::empty: return states;
    case Node::Kind::bytes: return step_bytes(node.bytes, states);
    case Node::Kind::sequence:
      for (const auto& child : node.children) states = step(*child, states);
      return states;
    case Node::Kind::choice: {
      States all = 0;
      for (const auto& child : node.children) all |= step(*child, states);
      return all;
    }
    case Node::Kind::repeat: {
      States all = node.min == 0 ? states : 0;
      States now = states;
      for (unsigned i = 1; i <= std::min(node.max, 12U); ++i) {
        now = step(*node.children.front(), now);
        if (i >= node.min || node.min > 12) all |= now;
      }
      return all;
    }
  }
  return failed;
}

}  // namespace

TokenRegex parse_token_regex(std::string_view regex, bool ignore_case) {
  TokenRegex result;
  try {
    result.branches = Parser(regex, ignore_case).parse();
    for (const auto& branch : result.branches) {
      if (longest(*branch.body) > token_match_bytes) throw Refusal{"may match more than 160 bytes"};
      if (step(*branch.body, at_start) != has_digit) throw Refusal{"may begin elsewhere than at a token with a digit"};
    }
  } catch (const Refusal& refusal) {
    result.branches.clear();
    result.refusal = refusal.reason;
  }
  return result;
}

}  // namespace assay::classify
