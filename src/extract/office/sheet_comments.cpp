#include "extract/office/sheet_comments.h"

#include <algorithm>
#include <utility>

#include "extract/office/ooxml_text.h"
#include "extract/office/relationships.h"

namespace assay::extract {
namespace {

// The attribute is the file's; what is no cell's name is not passed on as one.
std::string cell_or_none(std::string reference) {
  constexpr size_t most_letters = 3, most_digits = 7;
  const size_t letters = std::min(reference.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), reference.size());
  const size_t digits = reference.size() - letters;
  const bool is_cell = letters > 0 && letters <= most_letters && digits > 0 && digits <= most_digits &&
                       reference.find_first_not_of("0123456789", letters) == std::string::npos;
  return is_cell ? std::move(reference) : std::string();
}

class SheetComments final : public XmlHandler {
 public:
  SheetComments(TextStreams& streams, const std::string& sheet) : streams_(streams), text_(streams), sheet_(sheet) {}

  void start(const XmlElement& element) override {
    if (element.name() == "comment" || element.name() == "threadedComment")
      streams_.restart({.name = "comments", .table = sheet_, .cell = cell_or_none(element.attribute("ref"))});
    text_.start(element);
  }
  void end(std::string_view name) override { text_.end(name); }
  void text(std::string_view utf8) override { text_.text(utf8); }

 private:
  TextStreams& streams_;
  OoxmlText text_;
  const std::string& sheet_;
};

}  // namespace

std::vector<size_t> comment_parts_of(Package& package, size_t sheet_part) {
  std::vector<size_t> parts;
  for (const Relationship& relationship : relationships_of(package, package.name(sheet_part))) {
    if (relationship.external || (relationship.type != "comments" && relationship.type != "threadedComment")) continue;
    const size_t part = package.find(relationship.target);
    if (part != Package::none && !package.is_taken(part)) parts.push_back(part);
  }
  return parts;
}

void extract_sheet_comments(Package& package, size_t sheet_part, const std::string& sheet) {
  for (const size_t part : comment_parts_of(package, sheet_part)) {
    TextStreams streams(package.sink(), {.name = "comments", .table = sheet});
    SheetComments comments(streams, sheet);
    package.parse(part, comments);
    streams.finish();
  }
}

}  // namespace assay::extract
