#include "extract/office/odf_package.h"
#include "extract/office/office.h"

namespace assay::extract {

void extract_odt(Input& input, const Context& context, Sink& sink) {
  Package package(input, context, sink);
  refuse_encrypted_odf(package);
  extract_odf_text(package, "content.xml", {});
  extract_odf_rest(package);
}

}  // namespace assay::extract
