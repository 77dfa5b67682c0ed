#include <string>
#include <vector>

#include "extract/office/office.h"
#include "extract/office/ooxml_rest.h"
#include "extract/office/package.h"
#include "extract/office/relationships.h"

namespace assay::extract {
namespace {

/// The relationship ids of the slides, hidden ones too, in the order of the show.
class SlideOrder final : public XmlHandler {
 public:
  void start(const XmlElement& element) override {
    constexpr size_t max_slides = 100'000;
    if (element.name() == "sldId" && ids.size() < max_slides) ids.push_back(element.relationship());
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  std::vector<std::string> ids;
};

void extract_slide(Package& package, size_t slide, uint32_t page) {
  extract_ooxml_text(package, slide, {.name = "", .page = page});
  for (const Relationship& relationship : relationships_of(package, package.name(slide))) {
    const bool notes = relationship.type == "notesSlide", comments = relationship.type == "comments";
    if (relationship.external || (!notes && !comments)) continue;
    const size_t part = package.find(relationship.target);
    if (part != Package::none && !package.is_taken(part))
      extract_ooxml_text(package, part, {.name = notes ? "notes" : "comments", .page = page});
  }
}

}  // namespace

void extract_pptx(Input& input, const Context& context, Sink& sink) {
  Package package(input, context, sink);
  const size_t presentation = main_part(package, "ppt/presentation.xml");
  if (presentation == Package::none) {
    sink.partial("presentation without its main part");
  } else {
    SlideOrder order;
    package.parse(presentation, order);
    const auto relationships = relationships_of(package, package.name(presentation));
    uint32_t page = 0;
    for (const std::string& id : order.ids) {
      ++page;
      const size_t slide = related_part(package, relationships, id);
      if (slide == Package::none) sink.partial("missing slide");
      else if (!package.is_taken(slide)) extract_slide(package, slide, page);
    }
  }
  extract_ooxml_rest(package);
}

}  // namespace assay::extract
