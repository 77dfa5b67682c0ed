// Printable strings of binaries.
#include "extract/binary/binary.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::extract_bytes({extract::Format::unknown, extract::extract_strings}, "a.bin", fuzz::as_text(data, size));
  return 0;
}
