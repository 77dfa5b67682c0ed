#pragma once

#include <memory>

#include "cli/report/report.h"

namespace assay::cli {

// One file a format.
std::unique_ptr<Report> make_table_report(const ReportOptions& options, Output& output);
std::unique_ptr<Report> make_json_report(const ReportOptions& options, Output& output);
std::unique_ptr<Report> make_jsonl_report(const ReportOptions& options, Output& output);
std::unique_ptr<Report> make_csv_report(const ReportOptions& options, Output& output);
std::unique_ptr<Report> make_sarif_report(const ReportOptions& options, const std::vector<model::Rule>& rules,
                                          Output& output);
std::unique_ptr<Report> make_html_report(const ReportOptions& options, const std::vector<model::Rule>& rules,
                                         Output& output);

}  // namespace assay::cli
