// The rows of a database's table.
#include "extract/rows/rows.h"

#include "fuzz/harness.h"
#include "model/row_stream.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  const auto bytes = fuzz::as_text(data, size);
  fuzz::extract_bytes({extract::Format::rows, extract::extract_rows}, "table", bytes);
  // Most inputs would not get past the beginning.
  fuzz::extract_bytes({extract::Format::rows, extract::extract_rows}, "table",
                      std::string(model::row_stream_magic) + std::string(bytes));
  return 0;
}
