// `assay key` and `assay credential` killed before and after each commit that they make: all stays readable, by the
// processes that run and by those that come, and the same command, said again, ends what was begun.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "secure/key_management.h"
#include "secure/secret_file.h"
#include "secure/store_credentials.h"
#include "tests/secrets/world.h"
#include "tests/support/installation.h"

namespace assay::tests {
namespace {

using secure::KeyRing;
using secure::StoreCredentials;

constexpr int credentials = 4;
constexpr const char* password = "correct horse battery";
constexpr int killed = 128 + 9;

std::string name_of(int i) { return fmt::format("c{}", i); }
std::string value_of(int i) { return fmt::format("s3cret-{}", i); }

class Killed : public ::testing::TestWithParam<sql::Dialect> {
 protected:
  Killed() : world_(GetParam()), store_(world_.open()), installation_(world_.url()) {
    KeyRing ring = secure::create_keys(store_->secrets(), bytes_of(password), quick());
    secure::write_key_file(key_file(), ring.master_key());
    reader_ = std::make_unique<StoreCredentials>(store_->secrets(), std::move(ring));
    for (int i = 0; i < credentials; ++i) reader_->put(name_of(i), value_of(i));
  }
  std::string key_file() const { return installation_.path("key"); }
  KeyRing unlock() {
    return KeyRing::unlock(secure::existing_envelope(store_->secrets()), secure::read_key_file(key_file()));
  }
  ProgramResult run(std::vector<std::string> arguments, const std::string& faults, const std::string& input = {}) {
    ProgramOptions options;
    options.environment["ASSAY_FAULT_POINTS"] = faults;
    options.input = input;
    return installation_.run(std::move(arguments), options);
  }
  std::vector<std::string> rotate() const { return {"key", "rotate", "--key-file", key_file()}; }

  void expect_all_readable(const std::string& when) {
    StoreCredentials newcomer(store_->secrets(), unlock());
    for (int i = 0; i < credentials; ++i) {
      EXPECT_EQ(reader_->get(name_of(i)).reveal(), value_of(i)) << when << ", by one that runs";
      EXPECT_EQ(newcomer.get(name_of(i)).reveal(), value_of(i)) << when << ", by one that comes";
    }
  }
  void expect_rotated() {
    const auto envelope = secure::existing_envelope(store_->secrets());
    int64_t active = 0;
    size_t data_keys = 0;
    for (const auto& key : envelope.keys) {
      if (key.purpose != "data") continue;
      ++data_keys;
      active = key.generation;
    }
    EXPECT_EQ(data_keys, 1U);
    for (const auto& facts : store_->secrets().list_credentials()) EXPECT_EQ(facts.key_generation, active);
  }

  SecretsWorld world_;
  std::unique_ptr<store::Store> store_;
  Installation installation_;
  std::unique_ptr<StoreCredentials> reader_;  // unlocked before anything happened
};
INSTANTIATE_TEST_SUITE_P(Dialects, Killed, ::testing::Values(sql::Dialect::sqlite, sql::Dialect::postgresql),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST_P(Killed, ARotationAtEachOfItsCommits) {
  std::vector<std::string> faults;
  for (const auto* moment : {"before", "after"}) {
    faults.push_back(fmt::format("add_data_key.{}_commit=kill", moment));
    faults.push_back(fmt::format("remove_unused_data_keys.{}_commit=kill", moment));
    for (int visit = 1; visit <= credentials; ++visit)
      faults.push_back(fmt::format("reseal_credential.{}_commit=kill:{}", moment, visit));
  }
  for (const auto& fault : faults) {
    EXPECT_EQ(run(rotate(), fault).exit_code, killed) << fault;
    expect_all_readable("after " + fault);
    const auto again = run(rotate(), "");
    EXPECT_EQ(again.exit_code, 0) << again.err;
    expect_all_readable("after the rotation that followed " + fault);
    expect_rotated();
  }
}

TEST_P(Killed, ARotationAgainAndAgain) {
  // Each seals one value and dies.
  for (int i = 0; i < credentials; ++i) {
    EXPECT_EQ(run(rotate(), "reseal_credential.after_commit=kill:1").exit_code, killed);
    expect_all_readable(fmt::format("after {} deaths", i + 1));
  }
  EXPECT_EQ(secure::existing_envelope(store_->secrets()).keys.size(), 4U);  // all one rotation
  EXPECT_EQ(run(rotate(), "").exit_code, 0);
  expect_rotated();
  expect_all_readable("at the end");
}

TEST_P(Killed, AChangeOfThePassword) {
  const std::vector<std::string> change = {"key", "change-password", "--password-stdin"};
  const auto unlocks = [&](const std::string& with) {
    return run({"key", "unlock", "--password-stdin"}, "", with + "\n").exit_code == 0;
  };
  const std::string both = std::string(password) + "\nanother password\n";
  EXPECT_EQ(run(change, "rewrap_keys.before_commit=kill", both).exit_code, killed);
  EXPECT_TRUE(unlocks(password));
  EXPECT_FALSE(unlocks("another password"));
  expect_all_readable("before the change");
  EXPECT_EQ(run(change, "rewrap_keys.after_commit=kill", both).exit_code, killed);
  EXPECT_FALSE(unlocks(password));
  EXPECT_TRUE(unlocks("another password"));
  for (int i = 0; i < credentials; ++i) EXPECT_EQ(reader_->get(name_of(i)).reveal(), value_of(i));
}

TEST_P(Killed, ACredentialThatIsSet) {
  const std::vector<std::string> set = {"credential", "set", name_of(0), "--value-stdin", "--key-file", key_file()};
  EXPECT_EQ(run(set, "put_credential.before_commit=kill", "another").exit_code, killed);
  expect_all_readable("before the commit");
  EXPECT_EQ(run(set, "put_credential.after_commit=kill", "another").exit_code, killed);
  EXPECT_EQ(reader_->get(name_of(0)).reveal(), "another");
}

TEST_P(Killed, TheMakingOfKeys) {
  const SecretsWorld world(GetParam());
  const Installation installation(world.url());
  const auto init = [&](const std::string& faults) {
    ProgramOptions options;
    options.environment["ASSAY_FAULT_POINTS"] = faults;
    options.input = std::string(password) + "\n";
    return installation.run({"key", "init", "--kdf", "argon2id-interactive", "--password-stdin"}, options).exit_code;
  };
  const auto store = world.open();
  EXPECT_EQ(init("create_key_envelope.before_commit=kill"), killed);
  EXPECT_FALSE(store->secrets().find_key_envelope());
  EXPECT_EQ(init("create_key_envelope.after_commit=kill"), killed);
  EXPECT_NO_THROW(KeyRing::unlock(secure::existing_envelope(store->secrets()), bytes_of(password)));
  EXPECT_EQ(init(""), 2);  // there are keys
}

}  // namespace
}  // namespace assay::tests
