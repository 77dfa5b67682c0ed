#include "extract/office/ooxml_text.h"

namespace assay::extract {
namespace {

constexpr size_t max_box_bytes = size_t{256} << 10;

void write_line(TextStream& stream, std::string_view text) {
  if (text.empty()) return;
  stream.write(text);
  stream.end_line();
}

/// A tab stop's definition has the name of a tab in the text.
bool defines_tab_stop(std::string_view parent) { return parent == "tabs" || parent == "tabLst"; }

/// Legacy drawings hold text as HTML does.
bool is_vml_text(std::string_view name) { return name == "div" || name == "font" || name == "span"; }

bool holds_text(std::string_view name) {
  return name == "t" || name == "text" || name == "v" || name == "delText" || name == "author" || name == "instrText" ||
         name == "delInstrText" || is_vml_text(name);
}

}  // namespace

void OoxmlText::start(const XmlElement& element) {
  ++depth_;
  if (skip_from_depth_ != 0) return;
  const std::string_view name = element.name();
  if (holds_text(name)) {
    capture_ = Capture::main;
    if (name == "delText") capture_ = Capture::deleted;
    if (name == "instrText" || name == "delInstrText") capture_ = Capture::links;
    captured_ = false;
    if (name == "author") start_side_text(element);
    return;
  }
  if (!start_structure(element)) start_side_text(element);
}

bool OoxmlText::start_structure(const XmlElement& element) {
  const std::string_view name = element.name();
  if (name == "tab" || name == "ptab") {
    if (!defines_tab_stop(element.parent())) here().write("\t");
  } else if (name == "br" || name == "cr") {
    here().end_line();
  } else if (name == "noBreakHyphen") {
    here().write("-");
  } else if (name == "tc") {
    here().begin_cell();
  } else if (name == "txbxContent") {
    ++box_depth_;
  } else if (name == "AlternateContent") {
    choices_.push_back({depth_, false});
  } else if (name == "Choice") {
    // Of several ways to draw the same thing one is enough.
    if (!choices_.empty() && choices_.back().depth + 1 == depth_) {
      if (choices_.back().taken) skip_from_depth_ = depth_;
      choices_.back().taken = true;
    }
  } else if (name == "Fallback") {
    if (!choices_.empty() && choices_.back().taken) skip_from_depth_ = depth_;
  } else if (name == "rPh" || name == "phoneticPr") {
    skip_from_depth_ = depth_;
  } else {
    return false;
  }
  return true;
}

void OoxmlText::start_side_text(const XmlElement& element) {
  const std::string_view name = element.name();
  if (name == "comment" || name == "ins" || name == "del" || name == "cmAuthor") {
    write_line(streams_.side("authors"), element.attribute(name == "cmAuthor" ? "name" : "author"));
  } else if (name == "person" || name == "author") {
    write_line(streams_.side("authors"), element.attribute("author"));
    write_line(streams_.side("authors"), element.attribute("displayName"));
    write_line(streams_.side("authors"), element.attribute("name"));
  } else if (name == "fldSimple") {
    write_line(streams_.side("links"), element.attribute("instr"));
  } else if (name == "docPr" || name == "cNvPr") {
    write_line(streams_.side("alt"), element.attribute("title"));
    write_line(streams_.side("alt"), element.attribute("descr"));
  } else if (name == "listItem") {
    write_line(streams_.side("form"), element.attribute("displayText"));
    write_line(streams_.side("form"), element.attribute("value"));
  } else if (name == "default" && element.parent() == "textInput") {
    write_line(streams_.side("form"), element.attribute("val"));
  } else if (name == "docVar" || name == "connectString" || name == "query") {
    TextStream& properties = streams_.side("properties");
    if (name == "docVar") properties.write(element.attribute("name") + ": ");
    write_line(properties, element.attribute("val"));
  }
}

void OoxmlText::text(std::string_view utf8) {
  captured_ = true;
  switch (capture_) {
    case Capture::none: return;
    case Capture::main: here().write(utf8); break;
    case Capture::deleted: streams_.side("deleted").write(utf8); break;
    case Capture::links: streams_.side("links").write(utf8); break;
  }
  if (box_.size() > max_box_bytes) streams_.main().write(box_.take());
  streams_.flush_if_large();
}

void OoxmlText::end_paragraph() {
  here().end_line();
  for (const std::string_view name : {"deleted", "links"})
    if (streams_.has_side(name)) streams_.side(name).end_line();
  if (box_depth_ == 0 && !box_.empty()) {
    streams_.main().write(box_.take());
    streams_.main().end_line();
  }
  streams_.flush_if_large();
}

void OoxmlText::end(std::string_view name) {
  const size_t depth = depth_--;
  if (skip_from_depth_ != 0) {
    if (skip_from_depth_ == depth) skip_from_depth_ = 0;
    return;
  }
  if (holds_text(name)) {
    // Stand-alone values; "t" and its like are runs inside a paragraph.
    if (captured_ && (name == "v" || name == "text" || name == "author" || name == "div")) here().end_line();
    capture_ = Capture::none;
  } else if (name == "p" || name == "si" || name == "comment") {
    end_paragraph();
  } else if (name == "tc") {
    here().end_cell();
  } else if (name == "tr") {
    here().end_line();
  } else if (name == "txbxContent") {
    if (box_depth_ > 0) --box_depth_;
    box_.end_line();
  } else if (name == "AlternateContent" && !choices_.empty()) {
    choices_.pop_back();
  }
}

}  // namespace assay::extract
