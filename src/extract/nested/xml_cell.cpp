#include "extract/nested/xml_cell.h"

#include <algorithm>
#include <array>
#include <string>

#include "extract/office/xml_stream.h"

namespace assay::extract {
namespace {

constexpr std::string_view blanks = " \t\r\n";

class Elements final : public XmlHandler {
 public:
  explicit Elements(CellLeaves& leaves) : leaves_(leaves) {}

  void start(const XmlElement& element) override {
    give_text();
    if (depth_++ != 0) leaves_.name(element.name());  // the outermost is not the cell's
    leaves_.open_object();
    for (size_t i = 0; i < element.attribute_count() && !leaves_.is_refused(); ++i) {
      leaves_.name("@" + std::string(element.attribute_name(i)));
      leaves_.value(element.attribute_value(i));
    }
    leaves_.no_name();
  }
  void end(std::string_view) override {
    give_text();
    leaves_.close();
    leaves_.no_name();
    if (depth_ != 0) --depth_;
  }
  void text(std::string_view utf8) override { text_ += utf8; }

 private:
  void give_text() {
    const size_t begin = text_.find_first_not_of(blanks);
    if (begin != std::string::npos)
      leaves_.value(std::string_view(text_).substr(begin, text_.find_last_not_of(blanks) + 1 - begin));
    text_.clear();
  }

  CellLeaves& leaves_;
  size_t depth_ = 0;
  std::string text_;
};

}  // namespace

bool take_xml(std::string_view text, CellLeaves& leaves) {
  if (text.starts_with("<?xml")) {
    const size_t end = text.find("?>");
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 2);  // the cell is UTF-8 whatever that says
  }
  for (const std::string_view lost : {"<!--", "<?", "<!DOCTYPE"})
    if (text.find(lost) != std::string_view::npos) return false;
  std::array<std::string_view, 3> pieces = {"<cell>", text, "</cell>"};
  const auto pull = [&pieces, &leaves](std::span<char> out) -> size_t {
    for (std::string_view& piece : pieces) {
      if (piece.empty() || leaves.is_refused()) continue;
      const size_t n = std::min(out.size(), piece.size());
      std::copy_n(piece.begin(), n, out.begin());
      piece.remove_prefix(n);
      return n;
    }
    return 0;
  };
  Elements elements(leaves);
  return parse_xml(pull, elements).empty() && !leaves.is_refused();
}

}  // namespace assay::extract
