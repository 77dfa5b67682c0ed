// HTML.
#include "extract/text/html.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::extract_bytes({extract::Format::html, extract::extract_html}, "a.html", fuzz::as_text(data, size));
  return 0;
}
