#pragma once

#include <string>
#include <string_view>

#include "extract/office/text_streams.h"
#include "extract/office/xml_stream.h"

namespace assay::extract {

/// XML of no known vocabulary, or of names and values (document properties, custom XML, caches): a line
/// "name: value" for each element that holds text and, when asked, for each attribute, or for those that hold the
/// values of a pivot table's cache.
class GenericXml final : public XmlHandler {
 public:
  enum class Attributes { ignored, given, cached_values };
  GenericXml(TextStreams& streams, Attributes attributes) : streams_(streams), attributes_(attributes) {}

  void start(const XmlElement& element) override;
  void end(std::string_view name) override;
  void text(std::string_view utf8) override;

 private:
  TextStreams& streams_;
  Attributes attributes_;
  std::string label_;  // written before the next text
  bool label_is_given_ = false;
  bool in_line_ = false;
};

}  // namespace assay::extract
