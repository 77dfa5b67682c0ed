#pragma once

#include <cstdint>
#include <string_view>

#include "extract/input.h"

namespace assay::extract {

/// Content types that Assay tells apart. What is not listed is `text` or `unknown` (binary).
enum class Format : uint8_t {
  unknown,  ///< binary of no known kind
  empty,
  // Text family
  text,
  csv,
  tsv,
  json,
  jsonl,
  xml,
  html,
  yaml,
  ini,
  log,
  source,
  icalendar,
  vcard,
  sql,  ///< a script: statements and rows
  rtf,
  // Documents
  pdf,
  docx,
  xlsx,
  pptx,
  xlsb,
  odt,
  ods,
  odp,
  epub,
  doc,
  xls,
  ppt,
  ole,  ///< OLE2; `ole` is one of no known kind
  // Mail
  eml,
  mbox,
  msg,
  // Tables
  sqlite,
  rows,  ///< of a table in a database, as model/row_stream.h has it; never sniffed
  // Archives that libarchive reads, and single-file compression
  archive,
  compressed,
  // Images
  jpeg,
  png,
  tiff,
  gif,
  bmp,
  webp,
  // Known, and known to hold no text
  audio_video,
  font,
  executable,
};

std::string_view to_string(Format format) noexcept;

/// Judges by content; `name` (a file name) only breaks ties inside the text family. Reads a few KiB from the start,
/// the central directory of a ZIP or the directory of an OLE2 file.
Format sniff(Input& input, std::string_view name);

}  // namespace assay::extract
