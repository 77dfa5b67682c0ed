#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "secure/credentials.h"
#include "secure/secret_file.h"

namespace assay::secure {
namespace {

using core::ErrorKind;
using ::testing::HasSubstr;

template <typename Work>
core::Error error_of(const Work& work) {
  try {
    work();
  } catch (const core::Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorKind::bug, ""};
}

class Providers : public ::testing::Test {
 protected:
  Providers() {
    std::string name = (std::filesystem::temp_directory_path() / "assay-secure-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    folder_ = name;
    manager_.add(file_provider());
    manager_.add(environment_provider());
    manager_.add(absent_provider("vault", "set vault.address"));
  }
  ~Providers() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ / name; }
  std::string write(const std::string& name, std::string_view content, mode_t mode = 0400) const {
    std::ofstream(path(name)) << content;
    ::chmod(path(name).c_str(), mode);
    return path(name);
  }
  std::string resolve(const std::string& reference) { return manager_.resolve(reference).reveal(); }
  core::Error refusal(const std::string& reference) {
    return error_of([&] { manager_.resolve(reference); });
  }

  std::filesystem::path folder_;
  CredentialManager manager_;
};

TEST(References, AreASchemeAndAPlace) {
  const Reference reference = parse_reference("vault:secret/data/crm#password");
  EXPECT_EQ(reference.scheme, "vault");
  EXPECT_EQ(reference.path, "secret/data/crm");
  EXPECT_EQ(reference.key, "password");
  EXPECT_EQ(parse_reference("file:/a#b#c").path, "/a#b");
  EXPECT_EQ(parse_reference("env:A#B").path, "A#B");
  EXPECT_EQ(parse_reference("store:crm/reader").key, "");
}

TEST(References, ThatAreNoneAreNotQuoted) {
  for (const auto* text : {"hunter2secret", "hunter2secret:x", "", ":", "vault:", "vault:#hunter2secret", "file:/a#",
                           "store:hunter2secret\n", "https://user:hunter2secret@host"}) {
    const auto error = error_of([&] { parse_reference(text); });
    EXPECT_EQ(error.kind(), ErrorKind::bad_input) << text;
    EXPECT_THAT(error.what(), Not(HasSubstr("hunter2"))) << text;
  }
  EXPECT_EQ(error_of([] { parse_reference("store:" + std::string(5000, 'x')); }).kind(), ErrorKind::bad_input);
}

TEST_F(Providers, FilesAreReadWithoutTheirLastNewline) {
  EXPECT_EQ(resolve("file:" + write("a", "s3cret\n")), "s3cret");
  EXPECT_EQ(resolve("file:" + write("b", "two\nlines\r\n")), "two\nlines");
  EXPECT_EQ(resolve("file:" + write("c", " s3cret ")), " s3cret ");
}

TEST_F(Providers, FilesHaveMembers) {
  const std::string object =
      write("o.json", R"({"password": "s3cret\n", "port": 5432, "on": true, "more": {}, "no": null})");
  EXPECT_EQ(resolve("file:" + object + "#password"), "s3cret\n");
  EXPECT_EQ(resolve("file:" + object + "#port"), "5432");
  EXPECT_EQ(resolve("file:" + object + "#on"), "true");
  for (const auto* key : {"#more", "#no", "#absent"})
    EXPECT_EQ(refusal("file:" + object + key).kind(), ErrorKind::not_found) << key;
  const std::string lines = write("e.env", "# of the database\nUSER=crm\r\n PASSWORD = 'a=b#c' \nEMPTY=\n");
  EXPECT_EQ(resolve("file:" + lines + "#PASSWORD"), "a=b#c");
  EXPECT_EQ(resolve("file:" + lines + "#USER"), "crm");
  EXPECT_EQ(refusal("file:" + lines + "#EMPTY").kind(), ErrorKind::not_found);
  const auto error = refusal("file:" + lines + "#OTHER");
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_THAT(error.what(), Not(HasSubstr("a=b")));
  EXPECT_EQ(refusal("file:" + write("bad.json", R"({"password": "s3cret)") + "#password").kind(), ErrorKind::not_found);
}

TEST_F(Providers, FilesThatAreNoneSayWhy) {
  EXPECT_EQ(refusal("file:" + path("absent")).kind(), ErrorKind::not_found);
  EXPECT_EQ(refusal("file:" + folder_.string()).kind(), ErrorKind::bad_input);
  EXPECT_EQ(refusal("file:relative").kind(), ErrorKind::bad_input);
  EXPECT_EQ(refusal("file:/dev/zero").kind(), ErrorKind::bad_input);
  EXPECT_EQ(refusal("file:" + write("empty", "\n")).kind(), ErrorKind::not_found);
  EXPECT_EQ(refusal("file:" + write("long", std::string(70'000, 'x'))).kind(), ErrorKind::bad_input);
  ::mkfifo(path("fifo").c_str(), 0600);
  EXPECT_EQ(refusal("file:" + path("fifo")).kind(), ErrorKind::bad_input);  // and does not wait for a writer
}

TEST_F(Providers, VariablesAreReadWhenTheyAreNeeded) {
  EXPECT_EQ(refusal("env:ASSAY_TEST_SECRET").kind(), ErrorKind::not_found);
  ::setenv("ASSAY_TEST_SECRET", "s3cret", 1);
  EXPECT_EQ(resolve("env:ASSAY_TEST_SECRET"), "s3cret");
  ::setenv("ASSAY_TEST_SECRET", "another", 1);
  EXPECT_EQ(resolve("env:ASSAY_TEST_SECRET"), "another");
  ::unsetenv("ASSAY_TEST_SECRET");
  EXPECT_EQ(refusal("env:A=B").kind(), ErrorKind::bad_input);
}

TEST_F(Providers, WhatIsNotSetUpSaysWhatToDo) {
  EXPECT_THAT(refusal("vault:secret/data/crm#password").what(), HasSubstr("vault.address"));
  EXPECT_EQ(refusal("store:crm").kind(), ErrorKind::bad_input);
}

TEST_F(Providers, AKeyFileIsWrittenOnceAndForItsOwner) {
  const MasterKey key{.envelope_id = "0011223344556677", .bytes = LockedBytes::random(32)};
  write_key_file(path("key"), key);
  struct stat status{};
  ASSERT_EQ(::stat(path("key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0400U);
  const MasterKey read = read_key_file(path("key"));
  EXPECT_EQ(read.envelope_id, key.envelope_id);
  EXPECT_TRUE(read.bytes.equals(key.bytes));
  EXPECT_EQ(error_of([&] { write_key_file(path("key"), key); }).kind(), ErrorKind::bad_input);
  EXPECT_EQ(error_of([&] { write_key_file(path("no/key"), key); }).kind(), ErrorKind::not_found);
  size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_)) ++entries;
  EXPECT_EQ(entries, 1U);
}

TEST_F(Providers, AKeyFileThatOthersCanUseIsRefused) {
  const MasterKey key{.envelope_id = "0011223344556677", .bytes = LockedBytes::random(32)};
  write_key_file(path("key"), key);
  for (const mode_t mode : {0440, 0404, 0666, 0410}) {
    ::chmod(path("key").c_str(), mode);
    const auto error = error_of([&] { read_key_file(path("key")); });
    EXPECT_EQ(error.kind(), ErrorKind::denied) << mode;
    EXPECT_THAT(error.what(), HasSubstr("chmod 0400"));
  }
  ::chmod(path("key").c_str(), 0600);
  EXPECT_EQ(read_key_file(path("key")).envelope_id, key.envelope_id);
  if (::geteuid() != 0) return;
  ASSERT_EQ(::chown(path("key").c_str(), 12345, 12345), 0);
  EXPECT_THAT(error_of([&] { read_key_file(path("key")); }).what(), HasSubstr("belongs to another user"));
}

TEST_F(Providers, WhatIsNoKeyFileIsNotQuoted) {
  const std::string digits(64, 'a');
  for (const auto& text :
       {std::string("s3cretpassword\n"), std::string(), "assay-key 1 0011223344556677 " + digits + "a\n",
        "assay-key 2 0011223344556677 " + digits + "\n", "assay-key 1 001122334455667x " + digits + "\n",
        "assay-key 1 0011223344556677 " + std::string(64, 'x') + "\n", std::string(5000, 'x')}) {
    const auto error = error_of([&] { read_key_file(write("key", text)); });
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_THAT(error.what(), Not(HasSubstr("s3cret")));
    std::filesystem::remove(path("key"));
  }
}

TEST_F(Providers, TheCredentialOfAUnitIsFound) {
  ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_EQ(systemd_credential_path(), "");
  write("assay-key", "x");
  EXPECT_EQ(systemd_credential_path(), path("assay-key"));
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_EQ(systemd_credential_path(), "");
}

}  // namespace
}  // namespace assay::secure
