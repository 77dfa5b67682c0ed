// Office documents as files: the packages, and whatever is in them.
#include "extract/office/office.h"

#include <array>

#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  using extract::Format;
  constexpr std::array readers{
      fuzz::Reader{Format::docx, extract::extract_docx}, fuzz::Reader{Format::xlsx, extract::extract_xlsx},
      fuzz::Reader{Format::pptx, extract::extract_pptx}, fuzz::Reader{Format::xlsb, extract::extract_xlsb},
      fuzz::Reader{Format::odt, extract::extract_odt},   fuzz::Reader{Format::ods, extract::extract_ods},
      fuzz::Reader{Format::odp, extract::extract_odp},   fuzz::Reader{Format::epub, extract::extract_epub}};
  fuzz::extract_sniffed(readers, "a", fuzz::as_text(data, size));
  return 0;
}
