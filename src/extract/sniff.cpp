#include <string>

#include "extract/format.h"
#include "extract/sniff_binary.h"

namespace assay::extract {
namespace {

// A log that was emptied while its writer kept its place begins with as many zeros as it once was long.
Format sniff_behind_hole(Input& input, std::string& buffer, std::string_view name) {
  constexpr uint64_t longest_hole_bytes = uint64_t{64} << 20;
  for (uint64_t at = buffer.size(); at < longest_hole_bytes;) {
    buffer.resize(sniff_head_bytes);
    buffer.resize(input.read_at(at, buffer));
    if (buffer.empty()) return Format::unknown;
    const size_t text = buffer.find_first_not_of('\0');
    if (text == std::string::npos) {
      at += buffer.size();
      continue;
    }
    buffer.resize(sniff_head_bytes);
    buffer.resize(input.read_at(at + text, buffer));
    return sniff_behind_zeros(buffer, buffer.size() < sniff_head_bytes, name);
  }
  return Format::unknown;
}

}  // namespace

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
  if (!whole && head.find_first_not_of('\0') == std::string::npos) return sniff_behind_hole(input, head, name);
  return sniff_text(head, whole, name);
}

}  // namespace assay::extract
