// Plain text, its encodings, and the ways in which languages write characters.
#include <array>

#include "extract/text/text.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  using extract::Format;
  constexpr std::array formats{Format::text, Format::json, Format::source, Format::yaml, Format::ini, Format::xml};
  fuzz::extract_bytes({formats.at(size % formats.size()), extract::extract_text}, "a", fuzz::as_text(data, size));
  return 0;
}
