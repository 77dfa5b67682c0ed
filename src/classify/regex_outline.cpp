#include "classify/regex_outline.h"

#include <algorithm>
#include <utility>

namespace assay::classify {
namespace {

using Node = RegexNode;
using NodePtr = std::unique_ptr<Node>;

struct Unknown {};

constexpr unsigned max_repeat = 100'000;
constexpr int max_depth = 60;

NodePtr make(Node::Kind kind) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  return node;
}

NodePtr make_bytes(const ByteSet& set) {
  auto node = make(Node::Kind::bytes);
  node->bytes = set;
  return node;
}

ByteSet set_of(std::string_view bytes) {
  ByteSet set;
  for (const char c : bytes) set.add(static_cast<uint8_t>(c));
  return set;
}

ByteSet inverted(ByteSet set) {
  set.invert();
  return set;
}

/// Recursive descent. Throws Unknown at what it does not know.
class OutlineParser {
 public:
  OutlineParser(std::string_view regex, bool ignore_case) : text_(regex), fold_(ignore_case) {}

  NodePtr parse() {
    NodePtr all = parse_choice(0);
    if (more()) throw Unknown{};
    return all;
  }

 private:
  bool more() const { return at_ < text_.size(); }
  char peek() const { return more() ? text_[at_] : '\0'; }
  bool take(std::string_view s) {
    if (!text_.substr(at_).starts_with(s)) return false;
    at_ += s.size();
    return true;
  }

  // Up to the group's end. Flags set inside end with it.
  NodePtr parse_choice(int depth) {
    if (depth > max_depth) throw Unknown{};
    const bool fold = fold_;
    auto choice = make(Node::Kind::choice);
    do {
      auto sequence = make(Node::Kind::sequence);
      while (more() && peek() != '|' && peek() != ')') sequence->children.push_back(parse_repeat(depth));
      choice->children.push_back(std::move(sequence));
    } while (take("|"));
    fold_ = fold;
    if (choice->children.size() == 1) return std::move(choice->children.front());
    return choice;
  }

  NodePtr parse_repeat(int depth) {
    NodePtr atom = parse_atom(depth);
    unsigned min = 0, max = 0;
    while (take_count(min, max)) {
      if (peek() == '?' || peek() == '+') ++at_;  // lazy and possessive match no more than greedy
      auto repeat = make(Node::Kind::repeat);
      repeat->min = min;
      repeat->max = max;
      repeat->children.push_back(std::move(atom));
      atom = std::move(repeat);
    }
    return atom;
  }

  bool take_count(unsigned& min, unsigned& max) {
    const char sign = peek();
    if (sign == '*' || sign == '+' || sign == '?') {
      ++at_;
      min = sign == '+' ? 1 : 0;
      max = sign == '?' ? 1 : unbounded;
      return true;
    }
    const size_t begin = at_;
    if (!take("{")) return false;
    if (peek() == ',') throw Unknown{};
    if (!take_number(min)) {  // not a count but itself
      at_ = begin;
      return false;
    }
    max = min;
    if (take(",") && !take_number(max)) max = unbounded;
    if (!take("}")) throw Unknown{};
    return true;
  }

  bool take_number(unsigned& number) {
    const size_t begin = at_;
    number = 0;
    for (; peek() >= '0' && peek() <= '9'; ++at_) {
      number = number * 10 + static_cast<unsigned>(peek() - '0');
      if (number > max_repeat) throw Unknown{};
    }
    return at_ > begin;
  }

  NodePtr parse_atom(int depth) {
    if (take("(")) return parse_group(depth);
    if (peek() == '[') return make_bytes(parse_class());
    if (peek() == '\\') return parse_escape_atom();
    if (take(".")) return make_bytes(inverted({}));
    if (take("^") || take("$")) return make(Node::Kind::empty);
    if (peek() == '*' || peek() == '+' || peek() == '?') throw Unknown{};
    return make_bytes(folded(ByteSet::of(static_cast<uint8_t>(text_[at_++]))));
  }

  NodePtr parse_group(int depth) {
    bool is_look_around = false;
    const bool fold = fold_;
    if (peek() == '*') throw Unknown{};
    if (take("?")) {
      if (take("=") || take("!") || take("<=") || take("<!")) {
        is_look_around = true;
      } else if (take("P<") || take("<") || take("'")) {
        while (more() && peek() != '>' && peek() != '\'') ++at_;
        ++at_;
      } else if (!take("|") && !take(">")) {
        if (parse_flags()) return make(Node::Kind::empty);
      }
    }
    NodePtr inner = parse_choice(depth + 1);
    if (!take(")")) throw Unknown{};
    fold_ = fold;
    if (is_look_around) return make(Node::Kind::empty);
    return inner;
  }

  // "i)", "-i:" and the like. True when the group is no more than that, and the flags hold from here on.
  bool parse_flags() {
    bool on = true;
    while (more()) {
      const char c = text_[at_++];
      if (c == ')') return true;
      if (c == ':') return false;
      if (c == '-') on = false;
      else if (c == 'i') fold_ = on;
      else if (c != 'm' && c != 's') throw Unknown{};
    }
    throw Unknown{};
  }

  ByteSet folded(ByteSet set) const {
    if (fold_) set.fold_case();
    return set;
  }

  NodePtr parse_escape_atom() {
    if (take("\\b") || take("\\B") || take("\\A") || take("\\z") || take("\\Z")) return make(Node::Kind::empty);
    return make_bytes(folded(parse_escape()));
  }

  ByteSet parse_escape() {
    ++at_;
    if (!more()) throw Unknown{};
    const char c = text_[at_++];
    switch (c) {
      case 'd': return digit_bytes();
      case 'D': return inverted(digit_bytes());
      case 'w': return word_bytes();
      case 'W': return inverted(word_bytes());
      case 's': return set_of(" \t\n\v\f\r");
      case 'S': return inverted(set_of(" \t\n\v\f\r"));
      case 'h': return set_of(" \t\xA0");
      case 't': return set_of("\t");
      case 'n': return set_of("\n");
      case 'r': return set_of("\r");
      case 'x': return ByteSet::of(parse_hex());
      default: break;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) throw Unknown{};
    return ByteSet::of(static_cast<uint8_t>(c));
  }

  uint8_t parse_hex() {
    unsigned value = 0;
    for (int i = 0; i < 2; ++i) {
      const char c = peek();
      const char small = static_cast<char>(c | 0x20);
      if (c >= '0' && c <= '9') value = value * 16 + static_cast<unsigned>(c - '0');
      else if (small >= 'a' && small <= 'f') value = value * 16 + static_cast<unsigned>(small - 'a' + 10);
      else throw Unknown{};
      ++at_;
    }
    return static_cast<uint8_t>(value);
  }

  ByteSet parse_class() {
    ++at_;
    const bool negated = take("^");
    ByteSet set;
    for (bool first = true; first || peek() != ']'; first = false) {
      if (!more() || take("[:")) throw Unknown{};
      const ByteSet item = class_item();
      const bool is_range = item.size() == 1 && peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']';
      if (!is_range) {
        set.add_all(item);
        continue;
      }
      ++at_;
      const ByteSet last = class_item();
      if (last.size() != 1 || last.first() < item.first()) throw Unknown{};
      set.add_all(ByteSet::of_range(item.first(), last.first()));
    }
    ++at_;
    set = folded(set);
    return negated ? inverted(set) : set;
  }

  ByteSet class_item() {
    if (!more()) throw Unknown{};
    return peek() == '\\' ? parse_escape() : ByteSet::of(static_cast<uint8_t>(text_[at_++]));
  }

  std::string_view text_;
  bool fold_;
  size_t at_ = 0;
};

unsigned times(unsigned count, unsigned each) {
  if (count == 0 || each == 0) return 0;
  if (count == unbounded || each == unbounded) return unbounded;
  return static_cast<unsigned>(std::min<uint64_t>(uint64_t{count} * each, unbounded));
}
unsigned plus(unsigned a, unsigned b) { return a > unbounded - b ? unbounded : a + b; }

}  // namespace

std::unique_ptr<RegexNode> outline_of(std::string_view regex, bool ignore_case) {
  try {
    return OutlineParser(regex, ignore_case).parse();
  } catch (const Unknown&) {
    return nullptr;
  }
}

unsigned longest_match(const RegexNode& node) {
  unsigned length = 0;
  switch (node.kind) {
    case Node::Kind::empty: return 0;
    case Node::Kind::bytes: return 1;
    case Node::Kind::sequence:
      for (const auto& child : node.children) length = plus(length, longest_match(*child));
      return length;
    case Node::Kind::choice:
      for (const auto& child : node.children) length = std::max(length, longest_match(*child));
      return length;
    case Node::Kind::repeat: return times(node.max, longest_match(*node.children.front()));
  }
  return unbounded;
}

unsigned fewest_digits(const RegexNode& node) {
  unsigned digits = 0;
  switch (node.kind) {
    case Node::Kind::empty: return 0;
    case Node::Kind::bytes: return !node.bytes.empty() && node.bytes.is_subset_of(digit_bytes()) ? 1 : 0;
    case Node::Kind::sequence:
      for (const auto& child : node.children) digits = plus(digits, fewest_digits(*child));
      return digits;
    case Node::Kind::choice:
      digits = unbounded;
      for (const auto& child : node.children) digits = std::min(digits, fewest_digits(*child));
      return digits;
    case Node::Kind::repeat: return times(node.min, fewest_digits(*node.children.front()));
  }
  return 0;
}

ByteSet bytes_in_every_match(const RegexNode& node) {
  ByteSet all;
  switch (node.kind) {
    case Node::Kind::empty: return {};
    case Node::Kind::bytes: return node.bytes.size() == 1 ? node.bytes : ByteSet{};
    case Node::Kind::sequence:
      for (const auto& child : node.children) all.add_all(bytes_in_every_match(*child));
      return all;
    case Node::Kind::choice:
      all.invert();
      for (const auto& child : node.children) all.keep_all(bytes_in_every_match(*child));
      return all;
    case Node::Kind::repeat: return node.min == 0 ? ByteSet{} : bytes_in_every_match(*node.children.front());
  }
  return all;
}

namespace {

// The least that each match has of solid bytes: in a row at its begin, at its end and anywhere. What is solid through
// and through has as many as it is long.
struct Solid {
  unsigned prefix = 0, suffix = 0, best = 0;
  bool all = true;
};

Solid joined(const Solid& one, const Solid& other) {
  return {one.all ? plus(one.prefix, other.prefix) : one.prefix,
          other.all ? plus(one.suffix, other.suffix) : other.suffix,
          std::max({one.best, other.best, plus(one.suffix, other.prefix)}), one.all && other.all};
}

Solid solid_of(const RegexNode& node) {
  Solid solid;
  switch (node.kind) {
    case Node::Kind::empty: return {};
    case Node::Kind::bytes:
      if (!node.bytes.is_subset_of(ByteSet::of_range(0x21, 0xFF))) return {0, 0, 0, false};
      return {1, 1, 1, true};
    case Node::Kind::sequence:
      for (const auto& child : node.children) solid = joined(solid, solid_of(*child));
      return solid;
    case Node::Kind::choice:
      solid = {unbounded, unbounded, unbounded, true};
      for (const auto& child : node.children) {
        const Solid one = solid_of(*child);
        solid = {std::min(solid.prefix, one.prefix), std::min(solid.suffix, one.suffix), std::min(solid.best, one.best),
                 solid.all && one.all};
      }
      return solid;
    case Node::Kind::repeat: {
      const Solid body = solid_of(*node.children.front());
      if (node.min == 0) return {0, 0, 0, body.all};
      if (body.all) {
        const unsigned length = times(node.min, body.best);
        return {length, length, length, true};
      }
      return node.min == 1 ? body : joined(body, body);
    }
  }
  return {0, 0, 0, false};
}

}  // namespace

unsigned longest_solid_run(const RegexNode& node) { return solid_of(node).best; }

}  // namespace assay::classify
