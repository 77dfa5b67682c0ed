#include "extract/nested/array_cell.h"

#include <string>

#include "extract/nested/json_cell.h"

namespace assay::extract {
namespace {

constexpr size_t max_dimensions = 6;  // PostgreSQL's own bound

class ArrayText {
 public:
  ArrayText(std::string_view text, bool of_json, CellLeaves& leaves)
      : text_(text), of_json_(of_json), leaves_(leaves) {}

  bool take() {
    if (text_.starts_with('[')) {  // the dimensions, where they do not begin with 1
      const size_t equals = text_.find('=');
      if (equals == std::string_view::npos) return false;
      if (text_.substr(0, equals).find_first_not_of("[]:+-0123456789") != std::string_view::npos) return false;
      at_ = equals + 1;
    }
    size_t depth = 0;
    bool wants_element = true;
    do {
      if (at_ == text_.size() || leaves_.is_refused()) return false;
      const char c = text_[at_];
      if (c == '{') {
        if (!wants_element || ++depth > max_dimensions) return false;
        ++at_;
        if (at_ < text_.size() && text_[at_] == '}') wants_element = false;  // an empty one
      } else if (c == '}') {
        if (wants_element || depth-- == 0) return false;
        ++at_;
      } else if (c == ',') {
        if (wants_element || depth == 0) return false;
        wants_element = true;
        ++at_;
      } else {
        if (!wants_element || depth == 0 || !element()) return false;
        wants_element = false;
      }
    } while (depth != 0);
    return at_ == text_.size() && !leaves_.is_refused();
  }

 private:
  bool element() {
    element_.clear();
    const bool is_quoted = text_[at_] == '"';
    if (is_quoted) ++at_;
    for (; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (is_quoted ? c == '"' : c == ',' || c == '}') break;
      if (!is_quoted && (c == '{' || c == '"')) return false;
      if (c == '\\') {
        if (++at_ == text_.size()) return false;
        c = text_[at_];
      }
      element_ += c;
    }
    if (at_ == text_.size()) return false;
    if (is_quoted) ++at_;
    else if (element_ == "NULL") return true;
    if (of_json_) return take_json(element_, leaves_);
    leaves_.value(element_);
    return true;
  }

  std::string_view text_;
  bool of_json_;
  CellLeaves& leaves_;
  size_t at_ = 0;
  std::string element_;
};

}  // namespace

bool take_postgres_array(std::string_view text, bool of_json, CellLeaves& leaves) {
  leaves.open_array();
  const bool is_whole = ArrayText(text, of_json, leaves).take();
  leaves.close();
  return is_whole;
}

}  // namespace assay::extract
