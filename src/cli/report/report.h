#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/rule.h"
#include "scan/scan.h"

namespace assay::cli {

/// Where a report is written: a file that is complete or not there, or standard output. Throws core::Error when
/// writing fails (full disk, closed pipe).
class Output {
 public:
  /// "" is standard output. A file is written beside its place under a temporary name, and moved there by commit().
  explicit Output(const std::string& path);
  ~Output();  ///< without commit(): removes the temporary file
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text);
  void commit();
  bool is_terminal() const;
  int descriptor() const { return ::fileno(file_); }

 private:
  std::string path_, temporary_;
  std::FILE* file_ = nullptr;
};

/// Turns results into one of the output formats. Streams what can be streamed; what cannot is kept within a bound and
/// the report says when it was reached.
class Report : public scan::ScanSink {
 public:
  virtual void finish(const scan::ScanSummary& summary) = 0;
};

struct ReportOptions {
  std::string format;              ///< table, json, jsonl, csv, sarif, html
  bool color = false;              ///< table: with escape sequences
  bool reveal = false;             ///< show values instead of masks
  std::vector<std::string> roots;  ///< as the user gave them, for the summary by folder
  std::string version;             ///< of Assay
  int64_t now_s = 0;               ///< since 1970: what the freshness of tables is told from
};

/// Throws core::Error(bad_input) for an unknown format.
std::unique_ptr<Report> make_report(const ReportOptions& options, const std::vector<model::Rule>& rules,
                                    Output& output);

/// Names of the formats, for --help.
const std::vector<std::string>& report_formats();

}  // namespace assay::cli
