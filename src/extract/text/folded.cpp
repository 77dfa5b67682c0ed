#include "extract/text/folded.h"

#include "extract/text/chunks.h"
#include "extract/text/decoder.h"
#include "extract/text/folded_text.h"

namespace assay::extract {

void extract_folded(Input& input, const Context&, Sink& sink) {
  sink.begin_text(Part{.name = "", .page = 0, .has_lines = true});
  FoldedText text([&](std::string_view utf8) { sink.text(utf8); });
  Decoder decoder([&](std::string_view utf8) { text.feed(utf8); });
  for_each_chunk(input, [&](std::string_view bytes) {
    decoder.feed(bytes);
    sink.tick();
    return true;
  });
  decoder.finish();
  text.finish();
  sink.end_text();
}

}  // namespace assay::extract
