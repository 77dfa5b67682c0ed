#pragma once

#include <cstdint>
#include <string>

namespace assay::model {

/// Where inside an object something stands. Fields that do not apply are empty or zero; all numbers are 1-based.
struct Locator {
  std::string member;  ///< path of members from the outside in, joined with "!/": "a.zip!/b.docx"; "" is the object
  std::string part;    ///< "body", "comments", "notes", "headers", ...; "" where the object itself is text or a table
  uint32_t page = 0;   ///< page of a PDF, slide of a presentation
  std::string table;   ///< sheet or table
  std::string column;  ///< column's name: its header where it has one, else its letter
  uint64_t row = 0;    ///< row as the user sees it in the sheet or file
  std::string cell;    ///< "B7" for sheets
  uint64_t line = 0;   ///< of the object; with a part or page, of its text as it was read
  uint64_t line_column = 0;  ///< in code points

  bool operator==(const Locator&) const = default;
};

/// "a.zip!/b.xlsx [comments] page 2 sheet Staff B7", "12:5": one line for a person.
std::string describe(const Locator& locator);

}  // namespace assay::model
