#pragma once

#include <string>

namespace assay::cli {

/// One cell as RFC 4180 has it; one that a spreadsheet would take for a formula gets an apostrophe in front.
std::string csv_cell(std::string text);

}  // namespace assay::cli
