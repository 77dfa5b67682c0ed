#include "extract/text/text.h"

#include <string>

#include "extract/text/charset.h"
#include "extract/text/chunks.h"
#include "extract/text/decoder.h"
#include "extract/text/escapes.h"
#include "extract/text/terminal_codes.h"

namespace assay::extract {

void extract_text(Input& input, const Context& context, Sink& sink) {
  sink.begin_text(Part{.name = "", .page = 0, .has_lines = true});
  TerminalCodes codes;
  EscapeDecoder escapes(escapes_of(context.format, context.name), [&](std::string_view utf8, auto left_out) {
    if (!left_out.empty()) sink.left_out(left_out);
    sink.text(codes.erased(utf8));
  });
  std::optional<Decoder> decoder;
  for_each_chunk(input, [&](std::string_view bytes) {
    if (!decoder)
      decoder.emplace([&](std::string_view utf8) { escapes.feed(utf8); }, charset_declared_in_markup(bytes));
    decoder->feed(bytes);
    return true;
  });
  if (decoder) decoder->finish();
  escapes.finish();
  sink.end_text();
}

}  // namespace assay::extract
