#include "core/sensitive.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

namespace assay::core {
namespace {

TEST(SensitiveTest, LeavesNoTextBehind) {
  using Text = Sensitive<std::string>;
  alignas(Text) std::array<std::byte, sizeof(Text)> place{};
  auto* text = std::construct_at(reinterpret_cast<Text*>(place.data()), std::string("hunter2"));
  Text moved(std::move(*text));
  EXPECT_EQ(moved.reveal(), "hunter2");
  std::destroy_at(text);  // short texts lie within the object, also after they were moved
  const std::string_view bytes(reinterpret_cast<const char*>(place.data()), place.size());
  EXPECT_EQ(bytes.find("unter2"), std::string_view::npos);
}

TEST(SensitiveTest, IsCopiedAndAssigned) {
  Sensitive<std::string> one("a"), other("b");
  const Sensitive<std::string> copy(one);
  one = other;
  EXPECT_EQ(one.reveal(), "b");
  EXPECT_EQ(copy.reveal(), "a");
  other = std::move(one);
  EXPECT_EQ(other.reveal(), "b");
  other = Sensitive<std::string>(std::string(100, 'x'));
  EXPECT_EQ(other.reveal().size(), 100U);
}

}  // namespace
}  // namespace assay::core
