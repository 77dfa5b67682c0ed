// Archives and compressed files, by our reader of ZIP and by libarchive.
#include "extract/archive/archive.h"

#include <array>

#include "fuzz/harness.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  assay::extract::prepare_archive_library();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  constexpr std::array readers{fuzz::Reader{extract::Format::archive, extract::extract_archive},
                               fuzz::Reader{extract::Format::compressed, extract::extract_compressed}};
  fuzz::extract_sniffed(readers, "a", fuzz::as_text(data, size));
  return 0;
}
