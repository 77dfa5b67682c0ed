// Rich text.
#include "extract/text/rtf.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::extract_bytes({extract::Format::rtf, extract::extract_rtf}, "a.rtf", fuzz::as_text(data, size));
  return 0;
}
