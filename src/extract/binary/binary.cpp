#include "extract/binary/binary.h"

#include "extract/printable.h"

namespace assay::extract {
namespace {

constexpr size_t min_characters = 6;
constexpr size_t chunk_bytes = size_t{64} << 10;

/// Joins lines into larger pieces for the sink; begins the text with the first of them.
class LineWriter {
 public:
  explicit LineWriter(Sink& sink) : sink_(sink) {}

  void line(std::string_view text) {
    (pending_ += text) += '\n';
    if (pending_.size() >= chunk_bytes) flush();
  }

  void finish() {
    flush();
    if (open_) sink_.end_text();
  }

 private:
  void flush() {
    if (pending_.empty()) return;
    if (!open_) sink_.begin_text({.name = "strings"});
    open_ = true;
    sink_.text(pending_);
    pending_.clear();
  }

  Sink& sink_;
  std::string pending_;
  bool open_ = false;
};

}  // namespace

void extract_strings(Input& input, const Context& context, Sink& sink) {
  if (!context.binaries) return;
  LineWriter writer(sink);
  PrintableStrings strings(min_characters, [&](std::string_view text) { writer.line(text); });
  std::string buffer(chunk_bytes, '\0');
  uint64_t offset = 0;
  while (const size_t n = input.read_at(offset, buffer)) {
    strings.feed(std::string_view(buffer).substr(0, n));
    offset += n;
    sink.tick();
  }
  strings.finish();
  writer.finish();
}

}  // namespace assay::extract
