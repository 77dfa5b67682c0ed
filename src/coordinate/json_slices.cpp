#include "coordinate/json_slices.h"

#include <charconv>
#include <vector>

#include "core/error.h"

namespace assay::coordinate {
namespace {

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void skip_space() noexcept {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool take(char c) noexcept {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool is_at_end() noexcept {
    skip_space();
    return at_ >= text_.size();
  }
  /// One value of any kind; empty when the text ends inside it or there is none.
  std::string_view take_value() {
    skip_space();
    const size_t begin = at_;
    std::vector<bool> open;  // true: an object
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!skip_string()) return {};
      } else if (c == '[' || c == '{') {
        open.push_back(c == '{');
        ++at_;
      } else if (c == ']' || c == '}') {
        if (open.empty()) break;  // of whoever holds this value
        if (open.back() != (c == '}')) return {};
        open.pop_back();
        ++at_;
      } else if (open.empty() && (c == ',' || c == ':' || is_space(c))) {
        break;
      } else {
        ++at_;
      }
      if (open.empty() && (c == '"' || c == ']' || c == '}')) break;
    }
    return open.empty() ? text_.substr(begin, at_ - begin) : std::string_view();
  }

 private:
  bool skip_string() noexcept {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') ++at_;
      else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  std::string_view text_;
  size_t at_ = 0;
};

[[noreturn]] void malformed() { throw core::Error(core::ErrorKind::bug, "a task's output is no JSON array of items"); }

}  // namespace

void for_each_element(std::string_view array, const std::function<void(std::string_view)>& visit) {
  Reader reader(array);
  if (!reader.take('[')) malformed();
  if (reader.take(']')) {
    if (!reader.is_at_end()) malformed();
    return;
  }
  while (true) {
    const std::string_view element = reader.take_value();
    if (element.empty()) malformed();
    visit(element);
    if (reader.take(',')) continue;
    if (!reader.take(']') || !reader.is_at_end()) malformed();
    return;
  }
}

std::optional<std::string_view> member_of(std::string_view object, std::string_view name) {
  Reader reader(object);
  if (!reader.take('{') || reader.take('}')) return std::nullopt;
  while (true) {
    const std::string_view key = reader.take_value();
    if (key.size() < 2 || key.front() != '"' || !reader.take(':')) return std::nullopt;
    const std::string_view value = reader.take_value();
    if (value.empty()) return std::nullopt;
    if (key.substr(1, key.size() - 2) == name) return value;
    if (!reader.take(',')) return std::nullopt;
  }
}

uint64_t number_in(std::string_view object, std::string_view name) {
  const auto value = member_of(object, name);
  uint64_t number = 0;
  if (!value) return 0;
  const auto [end, failure] = std::from_chars(value->data(), value->data() + value->size(), number);
  return failure == std::errc() && end == value->data() + value->size() ? number : 0;
}

std::string_view text_in(std::string_view object, std::string_view name) {
  const auto value = member_of(object, name);
  if (!value || value->size() < 2 || value->front() != '"' || value->find('\\') != std::string_view::npos) return {};
  return value->substr(1, value->size() - 2);
}

}  // namespace assay::coordinate
