#include "extract/office/office.h"
#include "extract/office/ooxml_rest.h"
#include "extract/office/package.h"
#include "extract/office/relationships.h"

namespace assay::extract {

void extract_docx(Input& input, const Context& context, Sink& sink) {
  Package package(input, context, sink);
  const size_t document = main_part(package, "word/document.xml");
  if (document == Package::none) sink.partial("document without its main part");
  else extract_ooxml_text(package, document, {});
  extract_ooxml_rest(package);
}

}  // namespace assay::extract
