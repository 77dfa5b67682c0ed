#include "extract/mail/eml.h"

#include "extract/mail/mime.h"
#include "extract/text/text.h"

namespace assay::extract {
namespace {

bool starts_with_header(Input& input) {
  std::string head(4096, '\0');
  head.resize(input.read_at(0, head));
  std::string_view rest = head;
  while (!rest.empty() && (rest.front() == '\r' || rest.front() == '\n')) rest.remove_prefix(1);
  const std::string_view line = rest.substr(0, rest.find('\n'));
  return is_header_line(line) || line.starts_with("From ") || line.starts_with(">From ");
}

}  // namespace

void extract_eml(Input& input, const Context& context, Sink& sink) {
  if (!starts_with_header(input)) {
    extract_text(input, context, sink);
    return;
  }
  LineReader lines(input);
  MimeWalker(lines, context, sink, "").walk();
}

}  // namespace assay::extract
