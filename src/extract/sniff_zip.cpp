#include <algorithm>
#include <cstdint>
#include <string>

#include "extract/sniff_binary.h"

namespace assay::extract {
namespace {

using namespace std::string_view_literals;

constexpr size_t directory_read_bytes = size_t{1} << 20;
constexpr size_t end_record_bytes = 22;
constexpr size_t end_search_bytes = end_record_bytes + 65535;
constexpr size_t local_header_bytes = 30;
constexpr size_t directory_entry_bytes = 46;
constexpr int max_local_headers = 256;

uint32_t le16(std::string_view bytes, size_t at) {
  return static_cast<uint8_t>(bytes[at]) | static_cast<uint32_t>(static_cast<uint8_t>(bytes[at + 1])) << 8;
}
uint32_t le32(std::string_view bytes, size_t at) { return le16(bytes, at) | le16(bytes, at + 2) << 16; }
uint64_t le64(std::string_view bytes, size_t at) { return le32(bytes, at) | uint64_t{le32(bytes, at + 4)} << 32; }

std::string read_piece(Input& input, uint64_t offset, size_t size) {
  std::string bytes(size, '\0');
  bytes.resize(input.read_at(offset, bytes));
  return bytes;
}

/// What the names of the entries tell.
struct NameEvidence {
  bool package = false;  ///< a package of the Open Packaging Conventions
  bool word = false, sheet = false, binary_sheet = false, slides = false;
  bool epub_container = false, epub_package = false;

  void note(std::string_view entry) {
    std::string name(entry);
    std::ranges::transform(name, name.begin(), [](char c) {
      return c == '\\' ? '/' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    package |= name == "[content_types].xml" || name == "_rels/.rels";
    word |= name.starts_with("word/");
    binary_sheet |= name == "xl/workbook.bin";
    sheet |= name.starts_with("xl/");
    slides |= name.starts_with("ppt/");
    epub_container |= name == "meta-inf/container.xml";
    epub_package |= name.ends_with(".opf");
  }

  Format format() const {
    if (package && word) return Format::docx;
    if (package && binary_sheet) return Format::xlsb;
    if (package && sheet) return Format::xlsx;
    if (package && slides) return Format::pptx;
    if (epub_container && epub_package) return Format::epub;
    return Format::archive;
  }
};

/// ODF 1.2 part 3 and EPUB OCF put a stored entry "mimetype" first, so that its text stands at a fixed place.
std::optional<Format> format_from_mimetype(std::string_view head) {
  if (head.size() < local_header_bytes + 8 || head.substr(local_header_bytes, 8) != "mimetype") return std::nullopt;
  const size_t at = local_header_bytes + le16(head, 26) + le16(head, 28);
  if (at > head.size()) return std::nullopt;
  const std::string_view type = head.substr(at, 128);
  if (type.starts_with("application/epub+zip")) return Format::epub;
  constexpr auto odf = "application/vnd.oasis.opendocument."sv, old = "application/vnd.sun.xml."sv;
  const bool is_odf = type.starts_with(odf);
  if (!is_odf && !type.starts_with(old)) return std::nullopt;
  const auto kind = type.substr(is_odf ? odf.size() : old.size());
  if (kind.starts_with("spreadsheet") || kind.starts_with("calc")) return Format::ods;
  if (kind.starts_with("presentation") || kind.starts_with("graphics") || kind.starts_with("impress") ||
      kind.starts_with("draw"))
    return Format::odp;
  return Format::odt;
}

struct DirectoryPlace {
  uint64_t offset = 0;
  uint64_t size = 0;
};

std::optional<DirectoryPlace> find_directory(Input& input, uint64_t file_size) {
  if (file_size < end_record_bytes) return std::nullopt;
  const size_t tail_size = static_cast<size_t>(std::min<uint64_t>(file_size, end_search_bytes));
  const uint64_t tail_at = file_size - tail_size;
  const std::string tail = read_piece(input, tail_at, tail_size);
  const size_t end = tail.rfind("PK\5\6"sv);
  if (end == std::string::npos || end + end_record_bytes > tail.size()) return std::nullopt;
  DirectoryPlace place{le32(tail, end + 16), le32(tail, end + 12)};
  uint64_t directory_end = tail_at + end;
  if (place.offset == 0xFFFFFFFF && end >= 20 && tail.substr(end - 20, 4) == "PK\6\7"sv) {
    const std::string record = read_piece(input, le64(tail, end - 12), 56);
    if (record.size() < 56 || !record.starts_with("PK\6\6"sv)) return std::nullopt;
    place = {le64(record, 48), le64(record, 40)};
    directory_end = le64(tail, end - 12);
  }
  // Bytes before the first entry (a self-extracting program) move everything: trust the distance to the end record.
  if (directory_end >= place.size && directory_end - place.size > place.offset)
    place.offset = directory_end - place.size;
  if (place.offset >= file_size) return std::nullopt;
  return place;
}

bool note_directory(std::string_view directory, NameEvidence& evidence) {
  bool any = false;
  while (directory.size() >= directory_entry_bytes && directory.starts_with("PK\1\2"sv)) {
    const size_t name_size = le16(directory, 28);
    const size_t entry_size = directory_entry_bytes + name_size + le16(directory, 30) + le16(directory, 32);
    evidence.note(directory.substr(directory_entry_bytes, name_size));
    any = true;
    if (entry_size >= directory.size()) break;
    directory.remove_prefix(entry_size);
  }
  return any;
}

void note_local_headers(Input& input, std::string_view head, NameEvidence& evidence) {
  for (size_t at = 0; (at = head.find("PK\3\4"sv, at)) != std::string_view::npos; at += 4)
    if (at + local_header_bytes <= head.size())
      evidence.note(head.substr(at + local_header_bytes, le16(head, at + 26)));
  uint64_t at = 0;
  for (int i = 0; i < max_local_headers; ++i) {
    const std::string header = read_piece(input, at, local_header_bytes + 512);
    if (header.size() < local_header_bytes || !header.starts_with("PK\3\4"sv)) return;
    evidence.note(std::string_view(header).substr(local_header_bytes, le16(header, 26)));
    const bool sizes_follow_data = (le16(header, 6) & 8) != 0;
    if (sizes_follow_data || le32(header, 18) == 0xFFFFFFFF) return;
    at += local_header_bytes + le16(header, 26) + le16(header, 28) + le32(header, 18);
  }
}

}  // namespace

Format sniff_zip(Input& input, std::string_view head) {
  if (const auto format = format_from_mimetype(head)) return *format;
  NameEvidence evidence;
  bool directory_read = false;
  if (const auto place = find_directory(input, input.size())) {
    const auto size = static_cast<size_t>(std::min<uint64_t>(place->size, directory_read_bytes));
    directory_read = note_directory(read_piece(input, place->offset, size), evidence);
  }
  if (!directory_read) note_local_headers(input, head, evidence);
  return evidence.format();
}

bool ends_with_zip_directory(Input& input) {
  const auto place = find_directory(input, input.size());
  return place && read_piece(input, place->offset, 4) == "PK\1\2"sv;
}

}  // namespace assay::extract
