// iCalendar and vCard.
#include "extract/text/folded.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  fuzz::extract_bytes({extract::Format::vcard, extract::extract_folded}, "a.vcf", fuzz::as_text(data, size));
  return 0;
}
