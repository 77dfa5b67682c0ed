// Scripts of SQL.
#include "extract/text/sql.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::extract_bytes({extract::Format::sql, extract::extract_sql}, "a.sql", fuzz::as_text(data, size));
  return 0;
}
