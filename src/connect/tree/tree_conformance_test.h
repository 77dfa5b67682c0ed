#pragma once

#include "connect/conformance.h"
#include "tests/support/background_server.h"
#include "tests/support/shared_folder.h"

namespace assay::connect {

/// A place on a server of its own, which a test may stop and start.
class TreePlace : public ConformancePlace {
 public:
  virtual const test::SharedFolder& folder() const = 0;
  virtual test::BackgroundServer& process() const = 0;
};

/// nullptr where its server cannot run.
using MakeTreePlace = std::unique_ptr<TreePlace> (*)();

/// What holds for every kind that reads another machine's files: what becomes of a read when the file or the server
/// does not stay as it was.
class TreeConformance : public testing::TestWithParam<MakeTreePlace> {
 protected:
  TreeConformance() : place_(GetParam()()) {}
  void SetUp() override {
    if (!place_) GTEST_SKIP() << "its server cannot be started here";
  }
  /// Reads "long", and calls `after_first` when a first piece has come.
  std::string read_long(const std::function<void()>& after_first) const {
    return read_all(*connector_at(*place_, place_->address()), "long", after_first);
  }

  std::unique_ptr<TreePlace> place_;
};

}  // namespace assay::connect
