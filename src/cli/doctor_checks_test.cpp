#include "cli/doctor_checks.h"

#include <gtest/gtest.h>

namespace assay::cli {
namespace {

TEST(DoctorChecks, SandboxLevelDecides) {
  sandbox::SandboxStatus status;
  status.level = sandbox::Level::full;
  EXPECT_EQ(sandbox_check(status).health, Health::good);
  status.level = sandbox::Level::reduced;
  status.reasons = {"the kernel has no Landlock"};
  EXPECT_EQ(sandbox_check(status).health, Health::warning);
  EXPECT_EQ(sandbox_check(status).notes, status.reasons);
  status.level = sandbox::Level::none;
  EXPECT_EQ(sandbox_check(status).health, Health::bad);
}

TEST(DoctorChecks, ExaminerThatDoesNotWorkIsBadAndSaysWhy) {
  scan::SelfCheck self;
  self.problem = "not found";
  EXPECT_EQ(examiner_check(self).health, Health::bad);
  EXPECT_EQ(examiner_check(self).detail, "not found");
  self.examiner = "/x/assay-examiner";
  EXPECT_EQ(examiner_check(self).detail, "/x/assay-examiner: not found");
  self.ok = true;
  EXPECT_EQ(examiner_check(self).health, Health::good);
}

TEST(DoctorChecks, ResourcesThatDoNotSufficeAreWarnings) {
  EXPECT_EQ(memory_check(1000, 4, 250).health, Health::good);
  EXPECT_EQ(memory_check(999, 4, 250).health, Health::warning);
  EXPECT_EQ(open_files_check(1024, 8).health, Health::good);
  EXPECT_EQ(open_files_check(128, 8).health, Health::warning);
  EXPECT_EQ(temporary_directory_check("/t", true, 10, 10).health, Health::good);
  EXPECT_EQ(temporary_directory_check("/t", true, 9, 10).health, Health::warning);
  EXPECT_EQ(temporary_directory_check("/t", false, 10, 10).health, Health::bad);
}

TEST(DoctorChecks, LimitsAreToldInUnits) {
  model::Limits limits;
  limits.max_object_bytes = 5'000'000;
  const auto list = limits_in_force(limits);
  ASSERT_FALSE(list.empty());
  EXPECT_EQ(list[0], std::pair(std::string("--max-object-bytes"), std::string("5.0 MB")));
}

}  // namespace
}  // namespace assay::cli
