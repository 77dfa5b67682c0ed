#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extract/office/text_streams.h"
#include "extract/office/xml_stream.h"

namespace assay::extract {

/// The text of any WordprocessingML, PresentationML, DrawingML or chart part. Runs of a paragraph are joined as they
/// stand; paragraphs and table rows end lines, cells end in a tab. Text boxes follow the paragraph that anchors them;
/// deleted text, field instructions, form values, alternative text and reviewers' names become side texts.
class OoxmlText final : public XmlHandler {
 public:
  explicit OoxmlText(TextStreams& streams) : streams_(streams) {}

  void start(const XmlElement& element) override;
  void end(std::string_view name) override;
  void text(std::string_view utf8) override;

 private:
  enum class Capture { none, main, deleted, links };
  struct Choice {
    size_t depth;
    bool taken;
  };

  TextStream& here() { return box_depth_ > 0 ? box_ : streams_.main(); }
  bool start_structure(const XmlElement& element);
  void start_side_text(const XmlElement& element);
  void end_paragraph();

  TextStreams& streams_;
  TextStream box_{Part{}};
  Capture capture_ = Capture::none;
  bool captured_ = false;
  size_t depth_ = 0;
  size_t skip_from_depth_ = 0;  // 0: not skipping
  size_t box_depth_ = 0;
  std::vector<Choice> choices_;
};

}  // namespace assay::extract
