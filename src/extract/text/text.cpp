#include "extract/text/text.h"

#include <string>

#include "extract/text/charset.h"
#include "extract/text/chunks.h"
#include "extract/text/decoder.h"

namespace assay::extract {

void extract_text(Input& input, const Context&, Sink& sink) {
  sink.begin_text(Part{.name = "", .page = 0, .has_lines = true});
  std::optional<Decoder> decoder;
  for_each_chunk(input, [&](std::string_view bytes) {
    if (!decoder) decoder.emplace([&](std::string_view utf8) { sink.text(utf8); }, charset_declared_in_markup(bytes));
    decoder->feed(bytes);
    return true;
  });
  if (decoder) decoder->finish();
  sink.end_text();
}

}  // namespace assay::extract
