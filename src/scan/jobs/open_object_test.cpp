#include "scan/jobs/open_object.h"

#include <gtest/gtest.h>

namespace assay::scan {
namespace {

TEST(OpenObject, IsWhatItsSourceSays) {
  connect::OpenedObject opened;
  opened.entry = {.name = "letters/a.txt", .size = 5, .owner = "CRM\\ada", .is_table = true};
  opened.is_stream = true;
  opened.part = "2 of 3 columns";
  const OpenObject object = open_object("smb://host/letters/a.txt", opened);
  EXPECT_EQ(object.path, "smb://host/letters/a.txt");
  EXPECT_EQ(object.name, "a.txt");
  EXPECT_EQ(object.size, 5U);
  EXPECT_EQ(object.owner, "CRM\\ada");
  EXPECT_EQ(object.part, "2 of 3 columns");
  EXPECT_TRUE(object.is_rows);
  EXPECT_TRUE(object.is_stream);
}

TEST(OpenObject, ANameWithoutFoldersIsAllOfIt) { EXPECT_EQ(last_name("a.txt"), "a.txt"); }

}  // namespace
}  // namespace assay::scan
