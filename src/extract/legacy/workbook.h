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
  bool since_1904 = false;
  std::map<uint16_t, std::string> formats;
  std::vector<uint16_t> cell_formats;             ///< format number by XF index
  std::map<uint64_t, std::string> sheet_names;    ///< by the offset of the sheet's BOF record
  BiffStrings strings;

  /// A number as the cell shows it, as far as dates and digit masks go.
  std::string format_cell(double value, uint16_t xf) const;
  /// A string with an 8-bit count (`short_count`) or a 16-bit count, of either BIFF version, at the reader's place.
  std::string read_string(ContinuedData& data, bool short_count) const;
};

/// Reads from behind the globals' BOF to their EOF. Throws Failure(encrypted) at FILEPASS.
void read_globals(BiffReader& reader, Workbook& workbook, Sink& sink);

/// Reads from behind a sheet's BOF to its EOF and gives its table, then comments, text boxes, links and headers.
void read_sheet(BiffReader& reader, Workbook& workbook, const std::string& name, Sink& sink);

}  // namespace assay::extract
