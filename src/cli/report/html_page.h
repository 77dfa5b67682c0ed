#pragma once

#include "cli/report/html_facts.h"

namespace assay::cli::html {

/// Writes the whole page: one file without any outside resource, whose Content-Security-Policy lets nothing run but
/// its own script. Every text that comes from data is escaped. Takes the rows out of `facts`.
void write_page(Facts& facts, const scan::ScanSummary& summary, Output& output);

}  // namespace assay::cli::html
