#include "extract/text/html.h"

#include <optional>

#include "extract/text/charset.h"
#include "extract/text/chunks.h"
#include "extract/text/decoder.h"
#include "extract/text/html_text.h"

namespace assay::extract {

void extract_html(Input& input, const Context&, Sink& sink) {
  extract_html_part(input, {}, Part{.name = "", .page = 0, .has_lines = true}, sink);
}

void extract_html_part(Input& input, std::string_view charset, const Part& part, Sink& sink) {
  sink.begin_text(part);
  HtmlText html([&](std::string_view text) { sink.text(text); });
  std::optional<Decoder> decoder;
  for_each_chunk(input, [&](std::string_view bytes) {
    if (!decoder) {
      const std::string declared = charset.empty() ? charset_declared_in_markup(bytes) : std::string(charset);
      decoder.emplace([&](std::string_view utf8) { html.feed(utf8); }, declared);
    }
    decoder->feed(bytes);
    sink.tick();
    return true;
  });
  if (decoder) decoder->finish();
  html.finish();
  sink.end_text();
}

}  // namespace assay::extract
