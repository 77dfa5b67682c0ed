// Compound files: Word, Excel and PowerPoint of old, and all others.
#include "extract/legacy/legacy.h"

#include <array>

#include "extract/ole/compound_file.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  assay::extract::warm_up_ole();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  using extract::Format;
  constexpr std::array readers{
      fuzz::Reader{Format::ole, extract::extract_ole}, fuzz::Reader{Format::doc, extract::extract_doc},
      fuzz::Reader{Format::xls, extract::extract_xls}, fuzz::Reader{Format::ppt, extract::extract_ppt}};
  fuzz::extract_sniffed(readers, "a", fuzz::as_text(data, size));
  return 0;
}
