// What Outlook makes: messages, winmail.dat and the compression of message bodies.
#include <array>

#include "extract/mail/compressed_rtf.h"
#include "extract/mail/msg.h"
#include "extract/mail/tnef.h"
#include "extract/ole/compound_file.h"
#include "fuzz/harness.h"

namespace {

using namespace assay;

void extract_winmail(extract::Input& input, const extract::Context& context, extract::Sink& sink) {
  extract::extract_tnef(extract::tnef_name, input, context, sink);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  extract::warm_up_ole();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t max_body_bytes = size_t{1} << 20;
  const std::string_view bytes = fuzz::as_text(data, size);
  if (bytes.starts_with("\xD0\xCF")) {
    fuzz::extract_bytes({extract::Format::msg, extract::extract_msg}, "a.msg", bytes);
    return 0;
  }
  const auto body = extract::decompress_rtf(bytes, max_body_bytes);
  fuzz::require(!body || body->size() <= max_body_bytes, "a body is no larger than allowed");
  fuzz::extract_bytes({extract::Format::unknown, extract_winmail}, extract::tnef_name, bytes);
  return 0;
}
