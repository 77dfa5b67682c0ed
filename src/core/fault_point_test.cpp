#include "core/fault_point.h"

#ifdef ASSAY_FAULT_POINTS

#include <gtest/gtest.h>

#include <csignal>

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

TEST_F(FaultPoint, RefusesWhatItDoesNotUnderstand) {
  EXPECT_EXIT(set_fault_points("a.b=explode"), ::testing::ExitedWithCode(2), "a.b=explode");
  EXPECT_EXIT(set_fault_points("a.b=kill:0"), ::testing::ExitedWithCode(2), "COUNT");
  EXPECT_EXIT(set_fault_points("a.b"), ::testing::ExitedWithCode(2), "a.b");
}

}  // namespace
}  // namespace assay::core

#endif
