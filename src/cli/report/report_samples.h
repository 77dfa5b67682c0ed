#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "cli/report/report.h"

/// What the tests of all reports feed them with.
namespace assay::cli::testing {

inline constexpr const char* secret_value = "536-22-8145";
inline const std::string hostile_name =
    std::string("d/</script><script>alert(1)</script>\"'&,\n\x1b[31m\xff=cmd") + "\u202e";

/// A directory that is removed with its content.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay_test_XXXXXX").string();
    path_ = ::mkdtemp(pattern.data()) == nullptr ? std::string() : pattern;
    EXPECT_FALSE(path_.empty());
  }
  ~TemporaryDirectory() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline model::Rule sample_rule() {
  model::Rule rule;
  rule.name = "us-ssn";
  rule.entity = "US_SSN";
  rule.title = "Social Security number";
  rule.category = "government_id";
  rule.sensitivity = model::Sensitivity::critical;
  rule.regulations = {"CCPA", "HIPAA"};
  return rule;
}

inline model::Finding sample_finding() {
  model::Finding f;
  f.object = "dir/a b#.txt";
  f.locator.line = 3;
  f.locator.line_column = 7;
  f.entity = "US_SSN";
  f.rule = "us-ssn";
  f.category = "government_id";
  f.sensitivity = model::Sensitivity::critical;
  f.confidence = 0.95;
  f.reasons = {"pattern us-ssn/dashed: 0.65", "context word 'ssn': +0.30"};
  f.start = 46;
  f.end = 57;
  f.start_code_point = 45;
  f.end_code_point = 56;
  f.masked = "***-**-**45";
  f.fingerprint = "0123456789abcdef0123456789abcdef";
  f.value = core::Sensitive<std::string>(secret_value);
  return f;
}

inline model::Finding hostile_finding() {
  model::Finding f = sample_finding();
  f.object = hostile_name;
  f.locator = {};
  f.locator.member = "x</script>.zip!/\"q\",\n'z'";
  f.locator.table = "<b>Sheet</b>";
  f.locator.column = "=1+1";
  f.locator.row = 2;
  f.locator.cell = "B2";
  f.reasons = {"<img src=x onerror=alert(1)>", "a \"quoted\", reason"};
  f.masked = "=***\"</script>";
  return f;
}

inline model::ColumnFinding sample_column() {
  model::ColumnFinding c;
  c.object = "staff.csv";
  c.locator.column = "<i>ssn</i>";
  c.entity = "US_SSN";
  c.rule = "us-ssn";
  c.category = "government_id";
  c.sensitivity = model::Sensitivity::critical;
  c.confidence = 1;
  c.values = 100;
  c.agreeing = 95;
  c.reasons = {"95 % of the column's values agree: 1.00"};
  return c;
}

inline model::TableProfile sample_profile() {
  model::TableProfile p;
  p.object = "staff.csv";
  p.locator.table = "<b>staff</b>";
  p.rows = 100;
  model::ColumnProfile id;
  id.name = "id";
  id.rows = 100;
  id.distinct = 100;
  id.distinct_is_exact = true;
  id.type = "integer";
  id.conforming = 100;
  id.minimum = 1;
  id.maximum = 100;
  id.mean = 50.5;
  id.quantiles = {1, 5, 25, 50, 75, 95, 99};
  id.shortest = 1;
  id.longest = 3;
  id.mean_length = 1.92;
  id.patterns = {{"99", 90}};
  model::ColumnProfile ssn = id;
  ssn.name = "<i>ssn</i>";
  ssn.nulls = 20;
  ssn.conforming = 60;
  ssn.distinct = 70.4;
  ssn.distinct_is_exact = false;
  ssn.type = "text";
  ssn.entity = "US_SSN";
  ssn.confidence = 0.98765;
  ssn.valid = 40;
  ssn.minimum = ssn.maximum = ssn.mean = std::nullopt;
  ssn.quantiles.clear();
  ssn.top_values = {{"***-**-**45", 3}};
  ssn.outliers = 2;
  p.columns = {id, ssn};
  return p;
}

inline model::ObjectRecord unread_record() {
  return {.object = hostile_name,
          .member = "inner<.pdf",
          .format = "pdf",
          .bytes = 10,
          .findings = 0,
          .verdict = {model::VerdictKind::encrypted, "needs a <password>"}};
}

inline scan::ScanSummary sample_summary() {
  scan::ScanSummary s;
  s.objects = 3;
  s.members = 1;
  s.bytes = 1234;
  s.findings = 2;
  s.verdicts[static_cast<size_t>(model::VerdictKind::ok)] = 3;
  s.verdicts[static_cast<size_t>(model::VerdictKind::encrypted)] = 1;
  s.elapsed_ms = 2500;
  return s;
}

/// The report of the samples above, as a file's content.
inline std::string sample_report(const std::string& format, bool reveal = false, bool with_profile = false) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("report");
  Output output(path);
  const auto report =
      make_report({.format = format, .color = false, .reveal = reveal, .roots = {"dir"}, .version = "1.2.3"},
                  {sample_rule()}, output);
  report->on_finding(sample_finding());
  report->on_finding(hostile_finding());
  report->on_column(sample_column());
  if (with_profile) report->on_profile(sample_profile());
  report->on_object(unread_record());
  report->on_object(
      {.object = "dir/a b#.txt", .member = {}, .format = "text", .bytes = 100, .findings = 1, .verdict = {}});
  report->finish(sample_summary());
  output.commit();
  return content_of(path);
}

inline size_t count_of(const std::string& text, const std::string& piece) {
  size_t n = 0;
  for (size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + piece.size())) ++n;
  return n;
}

}  // namespace assay::cli::testing
