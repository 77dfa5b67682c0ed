#include "connect/connector_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connect/files/files_connector.h"
#include "core/error.h"

namespace assay::connect {
namespace {

constexpr std::string_view schemes[] = {"place", "places"};
constexpr SettingKey keys[] = {{.name = "password", .help = "how to log in", .is_secret = true}};

ConnectorKinds kinds() {
  return ConnectorKinds(
      {files::files_kind(),
       {.name = "place", .schemes = schemes, .settings = keys, .has_tables = false, .make = files::files_kind().make}});
}

std::string refusal(const std::string& kind, const SourceAddress& address) {
  try {
    static_cast<void>(kinds().make(kind, address, {}));
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    return error.what();
  }
  return "";
}

TEST(ConnectorKinds, AUrlNamesItsKindByItsScheme) {
  const auto all = kinds();
  EXPECT_EQ(all.of_url("places://host/x")->name, "place");
  EXPECT_EQ(all.of_url("other://host/x"), nullptr);
  EXPECT_EQ(all.of_url("/a/path"), nullptr);
  EXPECT_EQ(all.find("files")->name, "files");
}

TEST(ConnectorKinds, AKindThatTakesFilesNeedsNoSlashes) {
  const ConnectorKinds all({{.name = "place",
                             .schemes = schemes,
                             .settings = keys,
                             .has_tables = false,
                             .takes_files = true,
                             .make = files::files_kind().make}});
  EXPECT_EQ(all.of_url("place:a/file.yaml")->name, "place");
  EXPECT_EQ(all.of_url("place:/a/file.yaml")->name, "place");
  EXPECT_EQ(all.of_url("other:/a/file.yaml"), nullptr);
  EXPECT_EQ(kinds().of_url("place:/a/file.yaml"), nullptr);
}

TEST(ConnectorKinds, WhatIsUnknownIsNamedWithWhatIsKnown) {
  EXPECT_THAT(refusal("nothing", {}),
              testing::AllOf(testing::HasSubstr("nothing"), testing::HasSubstr("files, place")));
  EXPECT_THAT(refusal("place", {.roots = {"place://h"}, .settings = {{"colour", "x"}}, .include = {}, .exclude = {}}),
              testing::AllOf(testing::HasSubstr("colour"), testing::HasSubstr("password")));
  EXPECT_THAT(refusal("place", {}), testing::HasSubstr("needs a place"));
}

TEST(ConnectorKinds, APasswordInAUrlIsRefusedAndNotRepeated) {
  const auto text =
      refusal("place", {.roots = {"place://me:secret@host/x"}, .settings = {}, .include = {}, .exclude = {}});
  EXPECT_THAT(text, testing::AllOf(testing::HasSubstr("password"), testing::Not(testing::HasSubstr("secret"))));
  EXPECT_EQ(refusal("place", {.roots = {"place://me@host:1/a:b@c"}, .settings = {}, .include = {}, .exclude = {}}), "");
}

}  // namespace
}  // namespace assay::connect
