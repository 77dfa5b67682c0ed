// Mails and folders of mails.
#include <array>

#include "extract/mail/eml.h"
#include "extract/mail/mbox.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  constexpr std::array readers{fuzz::Reader{extract::Format::eml, extract::extract_eml},
                               fuzz::Reader{extract::Format::mbox, extract::extract_mbox}};
  fuzz::extract_sniffed(readers, "mail", fuzz::as_text(data, size));
  return 0;
}
