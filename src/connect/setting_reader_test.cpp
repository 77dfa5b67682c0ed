#include "connect/setting_reader.h"

#include <gmock/gmock.h>

#include <functional>

#include "core/error.h"

namespace assay::connect {
namespace {

std::string refusal(const std::function<void()>& ask) {
  try {
    ask();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    return error.what();
  }
  return {};
}

TEST(SettingReader, WhatIsNotSetOrSetToNothingIsTheDefault) {
  const SourceAddress address{.settings = {{"empty", ""}}};
  const SettingReader settings(address);
  for (const char* name : {"empty", "absent"}) {
    EXPECT_EQ(settings.text(name), "");
    EXPECT_FALSE(settings.flag(name));
    EXPECT_TRUE(settings.flag(name, true));
    EXPECT_TRUE(settings.choice(name, "a", "b", true));
    EXPECT_EQ(settings.number(name, 9), 0U);
    EXPECT_EQ(settings.percentage(name), 100);
  }
}

TEST(SettingReader, ValuesAreReadByTheirType) {
  const SourceAddress address{.settings = {{"yes", "true"}, {"no", "false"}, {"b", "b"}, {"n", "9"}, {"p", "0.5"}}};
  const SettingReader settings(address);
  EXPECT_TRUE(settings.flag("yes"));
  EXPECT_FALSE(settings.flag("no", true));
  EXPECT_FALSE(settings.choice("b", "a", "b", true));
  EXPECT_EQ(settings.number("n", 9), 9U);
  EXPECT_EQ(settings.percentage("p"), 0.5);
}

TEST(SettingReader, WhatIsOfNoSuchTypeIsRefusedByName) {
  for (const char* value : {"yes", "TRUE", " true", "10", "-1", "1e400", "nan", "0x1", "9 "}) {
    const SourceAddress address{.settings = {{"s", value}}};
    const SettingReader settings(address);
    EXPECT_EQ(refusal([&] { settings.flag("s"); }), "s must be true or false") << value;
    EXPECT_EQ(refusal([&] { settings.choice("s", "a", "b", true); }), "s must be a or b") << value;
    EXPECT_EQ(refusal([&] { settings.number("s", 9); }), "s must be a whole number up to 9") << value;
  }
  for (const char* value : {"0", "-1", "100.1", "nan", "inf", "x", "1%"}) {
    const SourceAddress address{.settings = {{"s", value}}};
    EXPECT_EQ(refusal([&] { SettingReader(address).percentage("s"); }), "s must be a number above 0 and up to 100")
        << value;
  }
}

}  // namespace
}  // namespace assay::connect
