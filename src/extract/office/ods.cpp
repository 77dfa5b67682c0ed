#include "extract/office/odf_package.h"
#include "extract/office/ods_sheets.h"
#include "extract/office/office.h"

namespace assay::extract {

void extract_ods(Input& input, const Context& context, Sink& sink) {
  Package package(input, context, sink);
  refuse_encrypted_odf(package);
  const size_t content = package.find("content.xml");
  if (content == Package::none) {
    sink.partial("spreadsheet without its content");
  } else {
    TextStreams beside(sink, {.name = "comments"});
    OdsSheets sheets(sink, beside);
    package.parse(content, sheets);
    sheets.finish();
    beside.finish();
  }
  extract_odf_rest(package);
}

}  // namespace assay::extract
