// Plain text and its encodings.
#include "extract/text/text.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::extract_bytes({extract::Format::text, extract::extract_text}, "a.txt", fuzz::as_text(data, size));
  return 0;
}
