#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extract/office/text_streams.h"
#include "extract/office/xml_stream.h"

namespace assay::extract {

/// The text of an OpenDocument part (ISO 26300-1) that is not a spreadsheet: paragraphs, table cells and rows, text
/// boxes after the paragraph that anchors them, pages of presentations; annotations, notes, tracked deletions, link
/// targets and form values as side texts. Only text inside paragraphs counts.
class OdfText final : public XmlHandler {
 public:
  OdfText(TextStreams& streams, std::string main_name) : streams_(streams), main_name_(std::move(main_name)) {}

  void start(const XmlElement& element) override;
  void end(std::string_view name) override;
  void text(std::string_view utf8) override;

 private:
  /// A place whose text goes elsewhere than the main text: an annotation, a note, a deletion, a text box.
  struct Aside {
    size_t depth;
    std::string_view stream;  ///< a side text's name; empty for a text box
  };

  TextStream& here();
  void end_paragraph();
  void start_side_text(const XmlElement& element);

  TextStreams& streams_;
  std::string main_name_;
  TextStream box_{Part{}};
  std::vector<Aside> asides_;
  size_t depth_ = 0;
  size_t paragraphs_ = 0;  // open ones
  uint32_t page_ = 0;
};

}  // namespace assay::extract
