#include "core/fault_point.h"

#ifdef ASSAY_FAULT_POINTS

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace assay::core {
namespace {

class FaultPoint : public ::testing::Test {
 protected:
  void TearDown() override { set_fault_points(""); }
};

TEST_F(FaultPoint, DoesNothingUnlessNamed) {
  EXPECT_NO_THROW(fault_point("complete_tasks", "before_commit"));
  set_fault_points("claim_jobs.before_commit=throw");
  EXPECT_NO_THROW(fault_point("complete_tasks", "before_commit"));
  EXPECT_THROW(fault_point("claim_jobs", "before_commit"), InjectedFault);
}

TEST_F(FaultPoint, CountsVisits) {
  set_fault_points("a.b=throw:3,c.d=throw");
  EXPECT_NO_THROW(fault_point("a", "b"));
  EXPECT_THROW(fault_point("c", "d"), InjectedFault);
  EXPECT_NO_THROW(fault_point("a", "b"));
  EXPECT_THROW(fault_point("a", "b"), InjectedFault);
  EXPECT_NO_THROW(fault_point("a", "b"));
}

TEST_F(FaultPoint, Kills) {
  set_fault_points("a.b=kill");
  EXPECT_EXIT(fault_point("a", "b"), ::testing::KilledBySignal(SIGKILL), "");
}

TEST_F(FaultPoint, HoldsUntilItIsLetGo) {
  std::string folder = (std::filesystem::temp_directory_path() / "assay-hold-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  ::setenv("ASSAY_FAULT_HOLD", folder.c_str(), 1);
  set_fault_points("a.b/c=hold:1");
  std::atomic<bool> is_past{false};
  std::jthread held([&is_past] {
    fault_point("a", "b/c");
    is_past = true;
  });
  const std::filesystem::path mark = folder + "/a.b_c";
  while (!std::filesystem::exists(mark)) std::this_thread::yield();
  EXPECT_FALSE(is_past);
  std::filesystem::remove(mark);
  held.join();
  EXPECT_TRUE(is_past);
  fault_point("a", "b/c");  // the second visit is none of its business
  std::filesystem::remove_all(folder);
}

TEST_F(FaultPoint, RefusesWhatItDoesNotUnderstand) {
  EXPECT_EXIT(set_fault_points("a.b=explode"), ::testing::ExitedWithCode(2), "a.b=explode");
  EXPECT_EXIT(set_fault_points("a.b=kill:0"), ::testing::ExitedWithCode(2), "COUNT");
  EXPECT_EXIT(set_fault_points("a.b"), ::testing::ExitedWithCode(2), "a.b");
}

}  // namespace
}  // namespace assay::core

#endif
