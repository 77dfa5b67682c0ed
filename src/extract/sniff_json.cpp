#include "extract/sniff_json.h"

#include <string>

namespace assay::extract {
namespace {

constexpr size_t max_depth = 512;

/// Follows RFC 8259 value by value without recursion; says how far the text obeyed.
class JsonPrefix {
 public:
  explicit JsonPrefix(std::string_view text) : text_(text) {}

  JsonLook look() {
    JsonLook found;
    while (true) {
      skip_space();
      if (at_ == text_.size()) break;
      const size_t start = at_;
      if (text_[at_] != '{' && text_[at_] != '[') return {};
      const Outcome outcome = value();
      if (outcome == Outcome::wrong) return {};
      if (outcome == Outcome::cut) {
        found.cut = true;
        found.is_json = found.values > 0 || text_.size() - start > 1;
        return found;
      }
      ++found.values;
    }
    found.is_json = found.values > 0;
    return found;
  }

 private:
  enum class Outcome { good, cut, wrong };

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }

  Outcome string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return Outcome::good;
      }
      if (text_[at_] == '\\') ++at_;
      else if (text_[at_] == '\n') return Outcome::wrong;
    }
    return Outcome::cut;
  }

  Outcome scalar() {
    if (text_[at_] == '"') return string();
    const size_t start = at_;
    at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    const auto word = text_.substr(start, at_ - start);
    const bool number = word.find_first_not_of("+-.0123456789eE") == std::string_view::npos && !word.empty();
    const bool whole = number || word == "true" || word == "false" || word == "null" || word == "NaN";
    if (at_ == text_.size()) return Outcome::cut;
    return whole ? Outcome::good : Outcome::wrong;
  }

  /// One object or array with all inside it.
  Outcome value() {
    std::string open;
    bool want_value = false;
    do {
      skip_space();
      if (at_ == text_.size()) return Outcome::cut;
      const char c = text_[at_];
      if (c == '}' || c == ']') {
        if (open.empty() || (c == '}') != (open.back() == '{')) return Outcome::wrong;
        open.pop_back();
        ++at_;
        want_value = false;
      } else if (c == ',') {
        ++at_;
        want_value = false;
      } else if (!open.empty() && open.back() == '{' && !want_value) {
        if (const Outcome outcome = key(); outcome != Outcome::good) return outcome;
        want_value = true;
      } else if (c == '{' || c == '[') {
        if (open.size() >= max_depth) return Outcome::cut;
        open.push_back(c);
        ++at_;
        want_value = false;
      } else {
        if (const Outcome outcome = scalar(); outcome != Outcome::good) return outcome;
        want_value = false;
      }
    } while (!open.empty());
    return Outcome::good;
  }

  Outcome key() {
    if (text_[at_] != '"') return Outcome::wrong;
    if (const Outcome outcome = string(); outcome != Outcome::good) return outcome;
    skip_space();
    if (at_ == text_.size()) return Outcome::cut;
    return text_[at_++] == ':' ? Outcome::good : Outcome::wrong;
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

JsonLook look_at_json(std::string_view head) { return JsonPrefix(head).look(); }

}  // namespace assay::extract
