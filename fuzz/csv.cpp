// Delimited tables.
#include "extract/text/csv.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::extract_bytes({extract::Format::csv, extract::extract_csv}, "a.csv", fuzz::as_text(data, size));
  return 0;
}
