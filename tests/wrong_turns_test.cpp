// What the commands around jobs say to mistakes: one clear sentence, the right exit code, and nothing written.
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/installation.h"
#include "tests/support/postgres_server.h"

namespace assay::tests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

void expect_refusal(const ProgramResult& result, int exit_code, const std::string& reason) {
  EXPECT_EQ(result.exit_code, exit_code) << result.out << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, AllOf(StartsWith("assay: "), HasSubstr(reason)));
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
}

void execute(const std::string& file, const char* statements) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), 0);
  EXPECT_EQ(sqlite3_exec(database, statements, nullptr, nullptr, nullptr), 0);
  sqlite3_close(database);
}

TEST(WrongTurns, WithTemplatesAreNamedWithFileAndLine) {
  const Installation assay;
  const auto file = assay.write("t.yaml", "name: t\nsources: [a]\ncolour: red\n");
  expect_refusal(assay.run({"template", "add", file}), 2, file + ":3: unknown key 'colour'");
  expect_refusal(assay.run({"template", "add", assay.write("u.yaml", "name: [\n")}), 2, "u.yaml:");
  expect_refusal(assay.run({"template", "add", assay.path("nowhere.yaml")}), 2, "No such file");
  EXPECT_FALSE(std::filesystem::exists(assay.path("data"))) << "nothing was written";
  assay.must({"template", "add", assay.write("v.yaml", "name: t\nsources: [a]\n")});
  expect_refusal(assay.run({"template", "add", assay.path("v.yaml")}), 2, "there is a template 't' already");
  EXPECT_THAT(assay.must({"template", "add", "--replace", assay.path("v.yaml")}), HasSubstr("replaced"));
  expect_refusal(assay.run({"template", "show", "x"}), 2, "there is no template 'x'");
  expect_refusal(assay.run({"template", "remove", "x"}), 2, "there is no template 'x'");
}

TEST(WrongTurns, WithJobsWriteNothing) {
  const Installation assay;
  assay.must({"source", "add", "off", "--path", "/srv", "--disabled"});
  for (const auto* source : {"nowhere", "off"})
    assay.must({"template", "add",
                assay.write(fmt::format("{}.yaml", source), fmt::format("name: {0}\nsources: [{0}]\n", source))});
  expect_refusal(assay.run({"job", "start", "missing"}), 2, "there is no template 'missing'");
  expect_refusal(assay.run({"job", "start", "nowhere"}), 2, "names the source 'nowhere', which does not exist");
  expect_refusal(assay.run({"job", "start", "off"}), 2, "names the source 'off', which is disabled");
  EXPECT_THAT(assay.json({"job", "list"}).as_array(), IsEmpty());
  for (const auto* command : {"show", "tasks", "watch", "pause", "resume", "cancel", "retry"}) {
    expect_refusal(assay.run({"job", command, "77"}), 2, "there is no job 77");
    expect_refusal(assay.run({"job", command, "m77"}), 2, "there is no master job 77");
    expect_refusal(assay.run({"job", command, "x"}), 2, "'x' is no job");
  }
  expect_refusal(assay.run({"findings", "list", "--job", "77"}), 2, "there is no job 77");
}

void expect_read_only(const Installation& assay, uid_t user) {
  const auto yaml = assay.write("t.yaml", "name: t\nsources: [s]\n");
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"source", "add", "s", "--path", "/srv"},
                                             {"template", "add", yaml},
                                             {"job", "list"},
                                             {"job", "start", "t"},
                                             {"db", "migrate"},
                                             {"serve"},
                                             {"worker"},
                                             {"orchestrator"}}) {
    const auto result = assay.run_as(user, command);
    SCOPED_TRACE(command.front());
    EXPECT_EQ(result.exit_code, 4) << result.out << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, AllOf(StartsWith("assay: cannot use the database "),
                                  HasSubstr(": the database is read-only; Assay writes its jobs and findings there")));
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  }
}

TEST(WrongTurns, WithADatabaseFileThatMayOnlyBeRead) {
  const Installation assay;
  assay.must({"db", "migrate"});
  // Root may write everything, so another user comes; for others the file's own permissions are enough.
  const uid_t user = ::getuid() == 0 ? 65534 : 0;
  ASSERT_EQ(::chmod(assay.database_file().c_str(), 0444), 0);
  ASSERT_EQ(::chmod(assay.path("data").c_str(), 0555), 0);
  expect_read_only(assay, user);
  ASSERT_EQ(::chmod(assay.path("data").c_str(), 0700), 0);
  EXPECT_EQ(std::ranges::distance(std::filesystem::directory_iterator(assay.path("data"))), 1);
}

TEST(WrongTurns, WithAServerThatOnlyReads) {
  auto& server = test::PostgresServer::shared();
  const std::string name = server.create_database();
  {
    const Installation assay(server.url(name));
    assay.must({"db", "migrate"});
    const Installation reader(server.url(name, "options=-c%20default_transaction_read_only%3Don"));
    expect_read_only(reader, 0);
    EXPECT_THAT(reader.must({"db", "status"}), HasSubstr("schema"));
    EXPECT_THAT(assay.json({"source", "list"}).as_array(), IsEmpty());
  }
  server.drop_database(name);
}

TEST(WrongTurns, WithSources) {
  const Installation assay;
  assay.must({"source", "add", "s", "--path", "/srv/"});
  EXPECT_THAT(assay.must({"source", "show", "s"}), HasSubstr("[\"/srv\"]"));
  expect_refusal(assay.run({"source", "add", "s", "--path", "/srv"}), 2, "s");
  expect_refusal(assay.run({"source", "add", "t", "--path", "/srv", "--include", "a["}), 2, "a[");
  for (const auto* command : {"show", "test", "remove", "enable", "disable"})
    expect_refusal(assay.run({"source", command, "x"}), 2, "there is no source 'x'");
  EXPECT_EQ(assay.run({"source", "add", "t"}).exit_code, 2) << "--path is missing";
  assay.must({"source", "add", "gone", "--path", assay.path("gone")});
  EXPECT_EQ(assay.run({"source", "test", "gone"}).exit_code, 4);
  assay.must({"source", "disable", "s"});
  EXPECT_THAT(assay.must({"source", "list"}), HasSubstr("disabled"));
  assay.must({"source", "remove", "s"});
  EXPECT_THAT(assay.must({"source", "list"}), Not(HasSubstr("disabled")));
}

TEST(WrongTurns, WithTheConfigurationAreNamedWithTheirPlace) {
  const Installation assay;
  const auto file = assay.write("a.yaml", "database: sqlite:x.db\nworker:\n  bach: 3\n");
  for (const auto& command : std::vector<std::vector<std::string>>{{"config", "show"}, {"serve"}, {"job", "list"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--config", file});
    expect_refusal(assay.run(arguments), 2, file + ":3: unknown key 'worker.bach'");
  }
  expect_refusal(assay.run({"job", "list", "--config", assay.path("none.yaml")}), 2, "No such file");
  expect_refusal(assay.run({"job", "list", "--database", "mysql://x/y"}), 2, "--database: 'database' must be");
  const auto shown = assay.must({"config", "show", "--database", "postgresql://u:geheim@h/d", "--format", "json"});
  EXPECT_THAT(shown, AllOf(HasSubstr("postgresql://u:***@h/d"), Not(HasSubstr("geheim"))));
}

TEST(WrongTurns, WithASqliteFile) {
  const Installation assay;
  const std::vector<std::vector<std::string>> commands = {{"job", "list"},
                                                          {"source", "list"},
                                                          {"template", "list"},
                                                          {"worker"},
                                                          {"orchestrator"},
                                                          {"db", "status"},
                                                          {"findings", "list", "--job", "1"}};
  for (const auto& command : commands) expect_refusal(assay.run(command), 4, "there is no such file");
  EXPECT_FALSE(std::filesystem::exists(assay.path("data"))) << "nothing was written";
  std::filesystem::create_directory(assay.path("data"));

  assay.write("data/assay.db", "this is no database, and long enough that nobody takes it for the header of one");
  const auto before = read_file(assay.database_file());
  for (const auto& command : commands) expect_refusal(assay.run(command), 4, "cannot use the database sqlite:");
  for (const auto* command : {"serve", "worker"}) expect_refusal(assay.run({command}), 4, "cannot use the database");
  expect_refusal(assay.run({"db", "migrate"}), 4, "cannot use the database");
  EXPECT_EQ(read_file(assay.database_file()), before);
  std::filesystem::remove(assay.database_file());

  execute(assay.database_file(), "CREATE TABLE customers(id INTEGER); INSERT INTO customers VALUES (1);");
  for (const auto& command : commands) expect_refusal(assay.run(command), 4, "cannot use the database sqlite:");
  expect_refusal(assay.run({"serve"}), 4, "cannot use the database");
  expect_refusal(assay.run({"db", "migrate"}), 4, "cannot use the database");
}

TEST(WrongTurns, WithASchemaOfAnotherTime) {
  const Installation assay;
  assay.must({"db", "migrate"});
  EXPECT_THAT(assay.must({"db", "status"}), HasSubstr("up to date"));
  execute(assay.database_file(),
          "INSERT INTO schema_migrations(number, name, checksum, applied_at) "
          "VALUES (9999, 'later', 'x', 0);");
  expect_refusal(assay.run({"job", "list"}), 4, "newer");
  expect_refusal(assay.run({"serve"}), 4, "newer");
  expect_refusal(assay.run({"db", "migrate"}), 4, "newer");
  EXPECT_EQ(assay.run({"db", "status"}).exit_code, 4);
}

TEST(WrongTurns, WithADatabaseThatCannotBeWritten) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root to run as another user";
  const Installation assay;
  assay.must({"db", "migrate"});
  const std::string other = assay.path("data/assay.db");
  for (const auto& path : {assay.tree().root().string(), assay.path("data")}) ::chmod(path.c_str(), 0755);
  ::chmod(other.c_str(), 0644);
  ::chmod(assay.path("fingerprint.key").c_str(), 0644);
  ProgramOptions options;
  options.environment = {{"ASSAY_CONFIG", "/dev/null"}};
  options.user = 65534;
  const auto result =
      run_program({assay_program(), "source", "add", "s", "--path", "/srv", "--database", "sqlite:" + other}, options);
  expect_refusal(result, 4, "");
  EXPECT_THAT(assay.json({"source", "list"}).as_array(), IsEmpty());
}

TEST(WrongTurns, WithPostgresql) {
  const Installation unreachable("postgresql://u:geheim@127.0.0.1:1/assay");
  for (const auto& command : std::vector<std::vector<std::string>>{{"job", "list"},
                                                                   {"db", "migrate"},
                                                                   {"db", "status"},
                                                                   {"worker"},
                                                                   {"serve"},
                                                                   {"source", "add", "s", "--path", "/"}}) {
    const auto result = unreachable.run(command);
    expect_refusal(result, 4, "cannot use the database postgresql://u:***@127.0.0.1:1/assay");
    EXPECT_THAT(result.err, Not(HasSubstr("geheim")));
  }
  auto& server = test::PostgresServer::shared();
  const Installation assay(server.url(server.create_database()));
  expect_refusal(assay.run({"job", "list"}), 4, "assay db migrate");
  expect_refusal(assay.run({"serve"}), 4, "assay db migrate");
  expect_refusal(assay.run({"source", "add", "s", "--path", "/"}), 4, "assay db migrate");
  assay.must({"db", "migrate"});
  assay.must({"source", "add", "s", "--path", "/"});
  EXPECT_THAT(assay.must({"db", "status"}), HasSubstr("up to date"));
}

}  // namespace
}  // namespace assay::tests
