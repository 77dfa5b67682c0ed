#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/error.h"
#include "scan/scan.h"

/// What the tests of this room share.
namespace assay::scan::testing {

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
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(file(name), std::ios::binary) << content;
    return file(name);
  }

 private:
  std::string path_;
};

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline model::Finding sample_finding(const std::string& object = "dir/a.txt",
                                     const std::string& fingerprint = "0123456789abcdef0123456789abcdef") {
  model::Finding f;
  f.object = object;
  f.entity = "US_SSN";
  f.rule = "us-ssn";
  f.confidence = 0.9;
  f.masked = "***-**-**45";
  f.fingerprint = fingerprint;
  f.locator.line = 4;
  return f;
}

/// Keeps what reaches it.
class Recording final : public ScanSink {
 public:
  void on_finding(const model::Finding& finding) override { findings.push_back(finding); }
  void on_column(const model::ColumnFinding& column) override { columns.push_back(column); }
  void on_object(const model::ObjectRecord& record) override { objects.push_back(record); }
  std::vector<model::Finding> findings;
  std::vector<model::ColumnFinding> columns;
  std::vector<model::ObjectRecord> objects;
};

/// The message of the core::Error that `act` throws; "" when it throws none.
template <typename Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input) << error.what();
    return error.what();
  }
  return {};
}

}  // namespace assay::scan::testing
