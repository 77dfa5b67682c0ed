#include "sql/sqlite_connection.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "sql/conformance_test.h"

namespace assay::sql {
namespace {

using testing::HasSubstr;

class SqliteOnly : public Conformance {
 protected:
  ConnectOptions at(const std::string& name) const {
    ConnectOptions options = options_;
    options.url = "sqlite:" + place_ + "/" + name;
    return options;
  }
  int mode_of(const std::string& name) const {
    struct stat status{};
    EXPECT_EQ(::stat((place_ + "/" + name).c_str(), &status), 0) << name;
    return status.st_mode & 0777;
  }
};

TEST_P(SqliteOnly, NewFilesAreTheOwnersAlone) {
  connection_->run_script("CREATE TABLE items (id bigint); INSERT INTO items VALUES (1)");
  EXPECT_EQ(mode_of("a.db"), 0600);
  EXPECT_EQ(mode_of("a.db-wal"), 0600);
  EXPECT_EQ(mode_of("a.db-shm"), 0600);
}

TEST_P(SqliteOnly, AFilesModeStaysAsItIs) {
  connect(at("b.db"))->run_script("CREATE TABLE items (id bigint)");
  ASSERT_EQ(::chmod((place_ + "/b.db").c_str(), 0640), 0);
  connect(at("b.db"))->run_script("INSERT INTO items VALUES (1)");
  EXPECT_EQ(mode_of("b.db"), 0640);
}

TEST_P(SqliteOnly, SettingsAreMade) {
  EXPECT_EQ(cell("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(number("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(number("PRAGMA trusted_schema"), 0);
  EXPECT_EQ(number("PRAGMA synchronous"), 0);
  ConnectOptions durable = options_;
  durable.durable = true;
  EXPECT_EQ(connect(durable)->query("PRAGMA synchronous").integer(0, 0), 2);
}

TEST_P(SqliteOnly, ForeignKeysHold) {
  connection_->run_script(
      "CREATE TABLE parents (id bigint PRIMARY KEY); CREATE TABLE children (parent bigint REFERENCES parents (id))");
  const Error error = failure_in_transaction(*connection_, "INSERT INTO children VALUES (7)");
  EXPECT_EQ(error.kind(), core::ErrorKind::permanent);
  EXPECT_THAT(error.what(), HasSubstr("FOREIGN KEY"));
}

TEST_P(SqliteOnly, NothingElseCanBeOpenedOrLoaded) {
  EXPECT_THROW(connection_->run_script("ATTACH DATABASE '" + place_ + "/other.db' AS other"), Error);
  EXPECT_FALSE(std::filesystem::exists(place_ + "/other.db"));
  EXPECT_THROW(connection_->query("SELECT load_extension('x')"), Error);
  connection_->run_script("PRAGMA writable_schema = ON");
  EXPECT_THROW(connection_->execute("DELETE FROM sqlite_schema"), Error);
}

TEST_P(SqliteOnly, TheClockIsTheCallers) {
  ConnectOptions options = options_;
  int64_t now_ms = 1'000;
  options.now_ms = [&] { return now_ms; };
  const auto own = connect(options);
  EXPECT_EQ(own->query("SELECT assay_now_ms()").integer(0, 0), 1'000);
  now_ms = 2'000;
  EXPECT_EQ(own->query("SELECT assay_now_ms()").integer(0, 0), 2'000);
  own->run_script("CREATE TABLE events (id bigint, at bigint DEFAULT (assay_now_ms()))");
  own->execute("INSERT INTO events (id) VALUES (1)");
  EXPECT_EQ(own->query("SELECT at FROM events").integer(0, 0), 2'000);
  EXPECT_GT(number("SELECT assay_now_ms()"), 1'700'000'000'000);
}

TEST_P(SqliteOnly, APathIsTakenLiterally) {
  const std::string previous = std::filesystem::current_path();
  std::filesystem::current_path(place_);
  for (const std::string name : {"file:x.db?mode=memory", ":memory:x", "a b?c#d%20"}) {
    ConnectOptions options = options_;
    options.url = "sqlite:" + name;
    connect(options)->run_script("CREATE TABLE items (id bigint)");
    EXPECT_TRUE(std::filesystem::exists(name)) << name;
  }
  std::filesystem::current_path(previous);
}

TEST_P(SqliteOnly, MemoryIsEachConnectionsOwn) {
  ConnectOptions options = options_;
  options.url = "sqlite::memory:";
  const auto one = connect(options);
  const auto two = connect(options);
  one->run_script("CREATE TABLE items (id bigint)");
  EXPECT_THROW(two->query("SELECT * FROM items"), Error);
  const Transaction snapshot(*one, TransactionMode::snapshot);
  EXPECT_TRUE(one->query("SELECT * FROM items").empty());
}

TEST_P(SqliteOnly, WhatCannotBeOpenedIsSaid) {
  const Error no_folder = error_of([&] { connect(at("no/such/folder.db")); });
  EXPECT_EQ(no_folder.kind(), core::ErrorKind::not_found);
  EXPECT_THAT(no_folder.what(), HasSubstr("no/such/folder.db"));
  ConnectOptions reader = at("absent.db");
  reader.read_only = true;
  EXPECT_EQ(error_of([&] { connect(reader); }).kind(), core::ErrorKind::not_found);
  EXPECT_FALSE(std::filesystem::exists(place_ + "/absent.db"));
  std::ofstream(place_ + "/text.db") << std::string(10'000, 'x');
  EXPECT_EQ(error_of([&] { connect(at("text.db")); }).kind(), core::ErrorKind::bad_input);
  for (const char* url : {"", "sqlite:", "sqlite", "mysql://x", "/a/path"}) {
    ConnectOptions options;
    options.url = url;
    EXPECT_EQ(error_of([&] { connect(options); }).kind(), core::ErrorKind::bad_input) << url;
  }
}

TEST_P(SqliteOnly, ManyMayOpenANewFileAtOnce) {
  constexpr int threads = 8;
  std::atomic<int> opened = 0;
  std::vector<std::thread> users;
  users.reserve(threads);
  for (int i = 0; i < threads; ++i)
    users.emplace_back([&] {
      try {
        connect(at("new.db"))->run_script("CREATE TABLE IF NOT EXISTS items (id bigint); INSERT INTO items VALUES (1)");
        ++opened;
      } catch (const Error& error) {
        ADD_FAILURE() << error.what();
      }
    });
  for (std::thread& user : users) user.join();
  EXPECT_EQ(opened, threads);
  EXPECT_EQ(connect(at("new.db"))->query("SELECT count(*) FROM items").integer(0, 0), threads);
}

TEST_P(SqliteOnly, AFullDatabaseIsSaidAndCanBeUsedOn) {
  connection_->run_script("CREATE TABLE items (bytes blob)");
  connection_->run_script("PRAGMA max_page_count = 20");
  const Error error = failure_in_transaction(*connection_, "INSERT INTO items VALUES (zeroblob(1000000))");
  EXPECT_EQ(error.trouble(), Trouble::full);
  EXPECT_EQ(error.kind(), core::ErrorKind::transient);
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(number("SELECT count(*) FROM items"), 0);
}

TEST_P(SqliteOnly, AnotherProcessIsWaitedForAndMayDie) {
  connection_->run_script("CREATE TABLE items (id bigint)");
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe2(ready.data(), O_CLOEXEC), 0);
  connection_.reset();  // a connection may not cross a fork
  const pid_t child = ::fork();
  if (child == 0) {
    const auto own = connect(options_);
    own->begin();
    own->execute("INSERT INTO items VALUES (1)");
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ConnectOptions hasty = options_;
  hasty.busy_timeout_ms = 20;
  EXPECT_EQ(error_of([&] { connect(hasty)->begin(); }).trouble(), Trouble::busy);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const auto after = connect(hasty);
  Transaction transaction(*after);
  EXPECT_EQ(after->query("SELECT count(*) FROM items").integer(0, 0), 0);
  transaction.commit();
  for (const int fd : ready) ::close(fd);
}

TEST_P(SqliteOnly, ThereAreNoNotifications) {
  connection_->listen("news");
  EXPECT_FALSE(connection_->wait_for_notification(60'000));
}

INSTANTIATE_TEST_SUITE_P(Dialects, SqliteOnly, testing::Values(Dialect::sqlite),
                         [](const auto& test) { return std::string(to_string(test.param)); });

}  // namespace
}  // namespace assay::sql
