#pragma once

#include <span>
#include <string>

namespace assay::cli {

/// One cell as RFC 4180 has it; one that a spreadsheet would take for a formula gets an apostrophe in front.
std::string csv_cell(std::string text);

/// A record of RFC 4180, of at least one cell, with the CRLF that ends it.
std::string csv_line(std::span<const std::string> cells);

}  // namespace assay::cli
