#include "extract/office/odf_text.h"

#include <algorithm>
#include <charconv>

namespace assay::extract {
namespace {

constexpr size_t max_box_bytes = size_t{256} << 10;

struct AsideName {
  std::string_view element;
  std::string_view stream;
};
constexpr AsideName asides[] = {{"annotation", "comments"},  {"note", "notes"},          {"notes", "notes"},
                                {"deletion", "deleted"},     {"text-box", ""},           {"header", "headers"},
                                {"footer", "headers"},       {"header-left", "headers"}, {"footer-left", "headers"},
                                {"header-first", "headers"}, {"footer-first", "headers"}};

void write_line(TextStream& stream, std::string_view text) {
  if (text.empty()) return;
  stream.write(text);
  stream.end_line();
}

bool is_paragraph(std::string_view name) { return name == "p" || name == "h"; }

/// Elements outside of paragraphs whose own text counts.
bool is_value(std::string_view name) { return name == "creator" || name == "title" || name == "desc"; }

}  // namespace

TextStream& OdfText::here() {
  if (asides_.empty()) return streams_.main();
  // A box inside an annotation or a note is part of it.
  for (auto aside = asides_.rbegin(); aside != asides_.rend(); ++aside)
    if (!aside->stream.empty()) return streams_.side(aside->stream);
  return box_;
}

void OdfText::start(const XmlElement& element) {
  ++depth_;
  const std::string_view name = element.name();
  for (const AsideName& aside : asides) {
    if (aside.element != name) continue;
    asides_.push_back({depth_, aside.stream});
    return;
  }
  if (is_paragraph(name) || is_value(name)) {
    ++paragraphs_;
  } else if (name == "page" && element.parent() == "presentation") {
    streams_.restart({.name = main_name_, .page = ++page_});
  } else if (name == "tab") {
    here().write("\t");
  } else if (name == "line-break") {
    here().end_line();
  } else if (name == "s") {
    constexpr size_t max_spaces = 1000;
    size_t spaces = 1;
    const std::string count = element.attribute("c");
    std::from_chars(count.data(), count.data() + count.size(), spaces);
    here().write(std::string(std::min(spaces, max_spaces), ' '));
  } else if (name == "table-cell") {
    here().begin_cell();
  } else {
    start_side_text(element);
  }
}

void OdfText::start_side_text(const XmlElement& element) {
  const std::string_view name = element.name();
  if (name == "a") write_line(streams_.side("links"), element.attribute("href"));
  if (element.parent() == "form" || element.parent() == "user-field-decls" || element.parent() == "variable-decls")
    for (const std::string_view what : {"name", "label", "current-value", "value", "string-value"})
      write_line(streams_.side("form"), element.attribute(what));
}

void OdfText::text(std::string_view utf8) {
  if (paragraphs_ == 0) return;
  here().write(utf8);
  if (box_.size() > max_box_bytes) streams_.main().write(box_.take());
  streams_.flush_if_large();
}

void OdfText::end_paragraph() {
  here().end_line();
  if (asides_.empty() && !box_.empty()) {
    streams_.main().write(box_.take());
    streams_.main().end_line();
  }
  streams_.flush_if_large();
}

void OdfText::end(std::string_view name) {
  const size_t depth = depth_--;
  if (!asides_.empty() && asides_.back().depth == depth) {
    here().end_line();
    asides_.pop_back();
    // A box of a slide is anchored in no paragraph.
    if (asides_.empty() && paragraphs_ == 0) end_paragraph();
  } else if (is_paragraph(name) || is_value(name)) {
    if (paragraphs_ > 0) --paragraphs_;
    end_paragraph();
  } else if (name == "table-cell") {
    here().end_cell();
  } else if (name == "table-row") {
    here().end_line();
  }
}

}  // namespace assay::extract
