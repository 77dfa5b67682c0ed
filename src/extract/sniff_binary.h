#pragma once

#include <optional>
#include <string_view>

#include "extract/format.h"
#include "extract/input.h"

/// The parts of sniff(): each looks for one group of formats in the first bytes of an object.
namespace assay::extract {

/// Bytes at the start that the judgement rests on: enough for the volume descriptor of ISO 9660 at 32 KiB.
inline constexpr size_t sniff_head_bytes = size_t{40} << 10;

/// By magic bytes alone. ZIP and OLE2 come back as `archive` and `ole`, to be told apart by the functions below.
std::optional<Format> sniff_magic(std::string_view head);

/// True for a tar header block: POSIX magic or, for older ones, a checksum that is right.
bool is_tar_header(std::string_view head);

/// Tells office documents from plain archives by the names in the central directory, or in local headers when the
/// directory is gone. The source of the structures is PKWARE's APPNOTE.TXT 6.3.
Format sniff_zip(Input& input, std::string_view head);

/// True when the file ends with the end record of a ZIP: a self-extracting program holds files.
bool ends_with_zip_directory(Input& input);

/// By the names of the streams in the root storage ([MS-CFB]).
Format sniff_compound_file(Input& input, std::string_view head);

/// The text family, mail included; `whole` when `head` is all there is. `unknown` when it is not text.
Format sniff_text(std::string_view head, bool whole, std::string_view name);

/// The same of what stands behind zeros that fill the beginning: no more than a text without structure.
Format sniff_behind_zeros(std::string_view head, bool whole, std::string_view name);

}  // namespace assay::extract
