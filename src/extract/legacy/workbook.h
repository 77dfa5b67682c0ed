#pragma once

#include <map>
#include <string>
#include <string_view>

#include "extract/extractor.h"
#include "extract/legacy/biff_reader.h"
#include "extract/office/cell_format.h"
#include "extract/office/shared_strings.h"

namespace assay::extract {

/// What the sheets of a workbook need from its globals substream.
struct Workbook {
  bool biff8 = true;
  uint32_t codepage = 1252;
  CellFormats formats;
  std::map<uint64_t, std::string> sheet_names;  ///< by the offset of the sheet's BOF record
  SharedStrings strings;

  explicit Workbook(Scratch& scratch) : strings(scratch) {}
  /// A string with an 8-bit count (`short_count`) or a 16-bit count, of either BIFF version, at the reader's place.
  std::string read_string(ContinuedData& data, bool short_count) const;
};

/// Reads from behind the globals' BOF to their EOF. Throws Failure(encrypted) at FILEPASS.
void read_globals(BiffReader& reader, Workbook& workbook, Sink& sink);

/// Reads from behind a sheet's BOF to its EOF and gives its table, then comments, text boxes, links and headers.
void read_sheet(BiffReader& reader, Workbook& workbook, const std::string& name, Sink& sink);

}  // namespace assay::extract
