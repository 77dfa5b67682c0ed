// SQLite databases.
#include "extract/sqlite/sqlite.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  assay::extract::warm_up_sqlite();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::extract_bytes({extract::Format::sqlite, extract::extract_sqlite}, "a.sqlite", fuzz::as_text(data, size));
  return 0;
}
