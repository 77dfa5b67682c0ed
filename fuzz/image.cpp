// What stands in images beside their pixels.
#include "extract/image/image.h"

#include <array>

#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  using extract::Format;
  constexpr std::array readers{
      fuzz::Reader{Format::jpeg, extract::extract_image}, fuzz::Reader{Format::png, extract::extract_image},
      fuzz::Reader{Format::tiff, extract::extract_image}, fuzz::Reader{Format::gif, extract::extract_image},
      fuzz::Reader{Format::bmp, extract::extract_image},  fuzz::Reader{Format::webp, extract::extract_image}};
  fuzz::extract_sniffed(readers, "a", fuzz::as_text(data, size));
  return 0;
}
