#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/program.h"
#include "tests/support/service.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {

/// An `assay` of its own: a directory with its database, its files, and no configuration but what a test says.
class Installation {
 public:
  /// `database`: a URL; "": the SQLite file of the data directory.
  explicit Installation(std::string database = {});

  const TemporaryTree& tree() const { return tree_; }
  std::string path(std::string_view name) const { return tree_.path(name); }
  std::string write(std::string_view name, std::string_view content) const { return tree_.write(name, content); }
  std::string database_file() const { return path("data/assay.db"); }

  /// A variable that every program of this installation gets from here on; "" unsets it.
  void set(const std::string& variable, const std::string& value) { more_environment_[variable] = value; }

  /// `assay` with these arguments, in this installation; `options` on top of that.
  ProgramResult run(std::vector<std::string> arguments, ProgramOptions options = {}) const;
  /// The same as another user, when this process is root; 0: as this one.
  ProgramResult run_as(uid_t user, std::vector<std::string> arguments) const;
  /// The same; fails the test unless it exits with 0, and gives its standard output.
  std::string must(std::vector<std::string> arguments) const;
  /// The same as JSON.
  boost::json::value json(std::vector<std::string> arguments) const;

  /// Starts serve, orchestrator or worker and waits until it says that it has started.
  std::unique_ptr<Service> start(std::vector<std::string> arguments);
  /// Any other program, with what it writes in a file.
  std::unique_ptr<Service> start_program(std::vector<std::string> arguments, const std::string& log_path) const;
  /// Where the process that was started last serves its pages: "127.0.0.1:40123".
  std::string address() const { return address_; }

  /// Adds a source "files" with the files of `folder` and a template "all" for it.
  void add_source_and_template(const std::string& folder) const;
  /// Waits until a job has one of these states, and gives the state that it has: an empty text when time is up.
  std::string wait_for_status(int64_t job_id, const std::vector<std::string>& statuses) const;

 private:
  std::map<std::string, std::string> environment() const;

  std::map<std::string, std::string> more_environment_;
  TemporaryTree tree_;
  std::string database_, address_;
  int services_ = 0;
};

/// The answer to one GET, header and all; "" when nobody listens.
std::string http_get(const std::string& address, const std::string& target);

}  // namespace assay::tests
