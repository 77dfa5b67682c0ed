#include "scan/wire/profile_assembly.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::scan {
namespace {

ProfilePiece piece(size_t columns, bool is_first, bool is_last) {
  ProfilePiece out{.table = {}, .is_first = is_first, .is_last = is_last};
  out.table.rows = is_first ? 7 : 0;
  out.table.columns.resize(columns);
  return out;
}

TEST(ProfileAssembly, PiecesBecomeOne) {
  ProfileAssembly assembly;
  EXPECT_FALSE(assembly.add(piece(3, true, false)));
  EXPECT_FALSE(assembly.add(piece(0, false, false)));
  const auto whole = assembly.add(piece(2, false, true));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->columns.size(), 5U);
  EXPECT_EQ(whole->rows, 7U);
  EXPECT_TRUE(assembly.add(piece(1, true, true)));
}

TEST(ProfileAssembly, PiecesThatDoNotFitAreRefused) {
  ProfileAssembly assembly;
  EXPECT_THROW(assembly.add(piece(1, false, true)), core::Error) << "nothing began";
  EXPECT_FALSE(assembly.add(piece(1, true, false)));
  EXPECT_THROW(assembly.add(piece(1, true, true)), core::Error) << "another has not ended";
  EXPECT_TRUE(assembly.add(piece(1, true, true)));
}

TEST(ProfileAssembly, IsBounded) {
  ProfileAssembly wide;
  EXPECT_FALSE(wide.add(piece(max_profiled_columns, true, false)));
  EXPECT_THROW(wide.add(piece(1, false, true)), core::Error);
  ProfileAssembly many;
  for (size_t i = 0; i < max_profiled_columns_of_an_object / 2; ++i) ASSERT_TRUE(many.add(piece(1, true, true)));
  EXPECT_THROW(many.add(piece(0, true, true)), core::Error);
}

TEST(ProfileAssembly, AWorkerThatDiedLeavesNothing) {
  ProfileAssembly assembly;
  EXPECT_FALSE(assembly.add(piece(5, true, false)));
  assembly.drop();
  const auto whole = assembly.add(piece(1, true, true));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->columns.size(), 1U);
  // Nor what it had used up of what may be sent.
  for (int worker = 0; worker < 2; ++worker) {
    for (size_t i = 0; i < max_profiled_columns_of_an_object / 2 - 1; ++i)
      ASSERT_TRUE(assembly.add(piece(1, true, true)));
    assembly.drop();
  }
}

}  // namespace
}  // namespace assay::scan
