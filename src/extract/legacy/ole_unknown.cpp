#include "extract/legacy/embedded.h"
#include "extract/legacy/legacy.h"
#include "extract/legacy/vba.h"
#include "extract/ole/compound_file.h"
#include "extract/ole/property_set.h"
#include "extract/printable.h"

namespace assay::extract {
namespace {

constexpr size_t min_characters = 4;

void give_strings(Input& stream, Sink& sink) {
  bool open = false;
  auto emit = [&](std::string_view text) {
    if (!open) sink.begin_text({.name = "strings"});
    open = true;
    sink.text(text);
    sink.text("\n");
  };
  PrintableStrings strings(min_characters, emit);
  char buffer[16 << 10];
  uint64_t offset = 0;
  std::string damage;
  try {
    while (const size_t n = stream.read_at(offset, buffer)) {
      strings.feed({buffer, n});
      offset += n;
      sink.tick();
    }
  } catch (const Failure& failure) {
    if (failure.verdict().kind != model::VerdictKind::partial) throw;
    damage = failure.verdict().reason;
  }
  strings.finish();
  if (open) sink.end_text();
  if (!damage.empty()) sink.partial(damage);
}

}  // namespace

void extract_ole(Input& input, const Context&, Sink& sink) {
  CompoundFile file(input);
  if (file.find("EncryptedPackage") != nullptr && file.find("EncryptionInfo") != nullptr)
    throw Failure(model::VerdictKind::encrypted, "password-protected document");
  extract_properties(file, sink);
  extract_macros(file, sink);
  for (const auto& entry : file.entries()) {
    if (entry.is_storage || entry.path.starts_with('\005') || is_embedded_content(file, entry)) continue;
    or_partial(sink, [&] {
      if (const auto stream = file.open(entry.path)) give_strings(*stream, sink);
    });
  }
  extract_embedded(file, sink);
  if (file.truncated()) sink.partial("number of streams");
}

}  // namespace assay::extract
