#include <string>

#include "extract/format.h"
#include "extract/sniff_binary.h"

namespace assay::extract {

Format sniff(Input& input, std::string_view name) {
  std::string head(sniff_head_bytes, '\0');
  head.resize(input.read_at(0, head));
  if (head.empty()) return Format::empty;
  const bool whole = head.size() < sniff_head_bytes;

  if (const auto magic = sniff_magic(head)) {
    if (head.starts_with("PK")) return sniff_zip(input, head);
    if (*magic == Format::ole) return sniff_compound_file(input, head);
    if (*magic == Format::executable && ends_with_zip_directory(input)) return Format::archive;
    return *magic;
  }
  return sniff_text(head, whole, name);
}

}  // namespace assay::extract
