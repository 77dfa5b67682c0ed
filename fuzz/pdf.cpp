// PDF documents, by poppler.
#include "extract/pdf/pdf.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  assay::extract::warm_up_pdf();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::extract_bytes({extract::Format::pdf, extract::extract_pdf}, "a.pdf", fuzz::as_text(data, size));
  return 0;
}
