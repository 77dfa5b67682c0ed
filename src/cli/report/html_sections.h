#pragma once

#include <string>

#include "cli/report/html_facts.h"

/// The parts of the page, from top to bottom. Each is HTML with everything that comes from data escaped; "" when it
/// has nothing to tell.
namespace assay::cli::html {

std::string overview(const Facts& facts, const scan::ScanSummary& summary);
std::string charts(const Facts& facts);
std::string entities(const Facts& facts);
std::string columns(const Facts& facts);
std::string unread(const Facts& facts, const scan::ScanSummary& summary);
/// The table's frame and filters; the script fills it.
std::string findings_table(const Facts& facts);
std::string footer(const Facts& facts);

}  // namespace assay::cli::html
