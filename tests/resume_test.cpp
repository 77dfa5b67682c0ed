// `assay scan --data-dir`: a scan that is killed at any point and taken up ends with the report of one that was not.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <set>
#include <sstream>
#include <thread>

#include "sql/connection.h"
#include "tests/support/program.h"
#include "tests/support/samples.h"
#include "tests/support/service.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::StartsWith;

constexpr const char* card_text = "Card 4111 1111 1111 1111 exp 12/27\n";
constexpr int small_files = 1'500;  // six packs
constexpr int killed = 128 + SIGKILL;

using Lines = std::multiset<std::string>;

/// What a report or a ledger says, without the order in which it says it and the time that it took.
Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    json::object object = json::parse(line).as_object();
    object.erase("elapsed_ms");
    lines.insert(json::serialize(object));
  }
  return lines;
}

struct Outcome {
  int exit_code = 0;
  std::string err;
  Lines report, ledger;
};

/// A tree to be scanned, and a data directory beside it.
class Resume : public testing::Test {
 protected:
  Resume() {
    for (int i = 0; i < small_files; ++i)
      tree_.write(fmt::format("files/{:03}/{}.txt", i / 100, i),
                  i % 5 == 0 ? card_text : fmt::format("file {}\ncard = \"4000 0000 0000 0002\"  # assay:ignore\n", i));
    std::string table = "name,card\n";
    for (int i = 0; i < 20; ++i) table += fmt::format("n{},4111111111111111\n", i);
    tree_.write("files/table.csv", table);
    tree_.write("files/archive.zip", zip_of({{"in/a.txt", card_text}, {"b.csv", table}}));
    tree_.write("files/blob", std::string("\0\1\2\3", 4) + std::string(100, '\x92'));
  }

  std::string data() const { return tree_.path("data"); }
  std::string files() const { return tree_.path("files"); }

  /// `fault` as in ASSAY_FAULT_POINTS; "" none.
  Outcome scan(const std::vector<std::string>& more, const std::string& fault = {}) const {
    const std::string ledger = tree_.path("ledger");
    std::vector<std::string> arguments = {"scan", "--format", "jsonl", "--ledger", ledger, files()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    ProgramOptions options;
    options.environment["ASSAY_FAULT_POINTS"] = fault;
    const auto result = run_assay(arguments, options);
    if (result.exit_code == killed) return {.exit_code = killed, .err = result.err, .report = {}, .ledger = {}};
    return {.exit_code = result.exit_code,
            .err = result.err,
            .report = lines_of(result.out),
            .ledger = lines_of(read_file(ledger))};
  }
  Outcome kept(const std::string& fault = {}) const { return scan({"--data-dir", data()}, fault); }
  Outcome resumed(const std::string& fault = {}) const { return scan({"--data-dir", data(), "--resume"}, fault); }

  int64_t number(const std::string& sql) const {
    sql::ConnectOptions options;
    options.url = "sqlite:" + data() + "/scan.db";
    return sql::connect(options)->query(sql).integer(0, 0);
  }

  const TemporaryTree tree_;
};

void expect_equal(const Outcome& is, const Outcome& want) {
  EXPECT_EQ(is.exit_code, want.exit_code) << is.err;
  EXPECT_EQ(is.report.size(), want.report.size());
  EXPECT_TRUE(is.report == want.report) << *is.report.rbegin() << "\n" << *want.report.rbegin();
  EXPECT_EQ(is.ledger.size(), want.ledger.size());
  EXPECT_TRUE(is.ledger == want.ledger);
}

TEST_F(Resume, KeptScansSayWhatOthersSay) {
  const Outcome plain = scan({});
  EXPECT_EQ(plain.exit_code, 3) << "one file is of no known format";
  EXPECT_GT(plain.report.size(), 300U);
  const Outcome stored = kept();
  EXPECT_THAT(stored.err, IsEmpty());
  expect_equal(stored, plain);
  struct stat status{};
  ASSERT_EQ(::stat(data().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  for (const char* name : {"/scan.db", "/scan.lock"}) {
    ASSERT_EQ(::stat((data() + name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
  }
  expect_equal(kept(), plain);  // another begins where one has ended
}

#ifdef ASSAY_FAULT_POINTS

TEST_F(Resume, TakesUpWhatWasKilledAtAnyPoint) {
  const Outcome undisturbed = kept();
  for (const char* point :
       {"submit_job.after_commit", "register_worker.after_commit", "claim_jobs.after_commit",
        "claim_ready_tasks.before_commit=kill:2", "claim_ready_tasks.after_commit=kill:3",
        "checkpoint_task.before_commit=kill:2", "checkpoint_task.after_commit=kill:2", "replace_outputs.before_commit",
        "replace_outputs.after_commit", "complete_tasks.before_commit=kill:2", "complete_tasks.after_commit=kill:1",
        "complete_tasks.after_commit=kill:3", "finish_job_if_done.before_commit", "finish_job_if_done.after_commit",
        "update_datasource.before_commit"}) {
    SCOPED_TRACE(point);
    const std::string fault = std::string(point).find('=') == std::string::npos ? std::string(point) + "=kill" : point;
    ASSERT_EQ(kept(fault).exit_code, killed);
    const Outcome end = resumed();
    EXPECT_THAT(end.err, StartsWith("assay: takes up the scan; "));
    expect_equal(end, undisturbed);
  }
}

TEST_F(Resume, TakesUpWhatIsKilledAgainAndAgain) {
  const Outcome undisturbed = kept();
  ASSERT_EQ(kept("checkpoint_task.after_commit=kill:1").exit_code, killed);
  for (const char* fault : {"replace_outputs.after_commit=kill:1", "complete_tasks.after_commit=kill:1",
                            "complete_tasks.after_commit=kill:1", "unregister_worker.after_commit=kill:1",
                            "unregister_orchestrator.before_commit=kill:1", "complete_tasks.before_commit=kill:2",
                            "finish_job_if_done.after_commit=kill:1"})
    EXPECT_EQ(resumed(fault).exit_code, killed) << fault;
  expect_equal(resumed(), undisturbed);
}

TEST_F(Resume, ReadsNothingTwice) {
  const Outcome undisturbed = kept();
  ASSERT_EQ(kept("complete_tasks.after_commit=kill:3").exit_code, killed);
  // Whoever reads these again finds nothing in them.
  std::vector<std::string> done;
  {
    sql::ConnectOptions options;
    options.url = "sqlite:" + data() + "/scan.db";
    const auto rows = sql::connect(options)->query("SELECT path FROM objects WHERE member_key = ''");
    for (size_t i = 0; i < rows.size(); ++i) done.emplace_back(rows.text(i, 0));
  }
  ASSERT_GE(done.size(), 256U);
  for (const std::string& path : done) tree_.write(path.substr(tree_.root().string().size() + 1), "nothing");
  const Outcome end = resumed();
  expect_equal(end, undisturbed);
  EXPECT_THAT(end.err, HasSubstr(fmt::format("; {}", done.size() < 1'000 ? std::to_string(done.size()) : "1,")))
      << "what is done already is told";
  EXPECT_EQ(number("SELECT COUNT(*) FROM workers"), 0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM orchestrators"), 0);
}

TEST_F(Resume, PacksThatFailWhileTheyAreReadAreReadAgain) {
  // Examiners are at work on the files before it; the attempt waits for them.
  expect_equal(kept("examine.001/199.txt=throw:1"), kept());
}

TEST_F(Resume, WithNothingBegunIsRefused) {
  ASSERT_EQ(kept("submit_job.before_commit=kill").exit_code, killed);
  const auto none = resumed();
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, AllOf(StartsWith("assay: there is no scan in "), HasSubstr("without --resume one begins")));
  EXPECT_EQ(kept().exit_code, 3);
}

TEST_F(Resume, WhereThereIsNoDirectoryMakesNone) {
  const auto none = resumed();
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, StartsWith("assay: cannot use the directory " + data() + ": No such file"));
  struct stat status{};
  EXPECT_NE(::stat(data().c_str(), &status), 0);
}

TEST_F(Resume, OfAnotherScanIsRefused) {
  ASSERT_EQ(kept("complete_tasks.after_commit=kill:2").exit_code, killed);
  const auto refused = [&](const std::vector<std::string>& more, const std::string& part) {
    const auto result = scan(more);
    EXPECT_EQ(result.exit_code, 2) << part;
    EXPECT_THAT(result.err, AllOf(StartsWith("assay: "), HasSubstr(part)));
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  };
  const std::vector<std::string> again = {"--data-dir", data(), "--resume"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), again.begin(), again.end());
    return more;
  };
  refused({"--data-dir", data()}, "holds a scan that has not ended; --resume takes it up");
  refused(with({tree_.path("data")}), "was begun with other PATHs");
  refused(with({"--min-confidence", "0.7", "--exclude", "*.iso"}), "was begun with other --exclude, --min-confidence");
  refused(with({"--max-depth", "3"}), "was begun with other limits");
  refused(with({"--entities", "CREDIT_CARD"}), "was begun with other --entities");
  tree_.write("key", std::string(64, '7'));
  refused(with({"--fingerprint-key", tree_.path("key")}), "was begun with other --fingerprint-key");
  EXPECT_EQ(resumed().exit_code, 3);
  refused(again, "has ended; without --resume another begins there");
}

TEST_F(Resume, WhileAnotherRunsIsRefused) {
  Service first({.arguments = {assay_program(), "scan", files(), "--data-dir", data()},
                 .environment = {{"ASSAY_FAULT_POINTS", "complete_tasks.after_commit=stop:1"},
                                 {"ASSAY_FINGERPRINT_KEY", std::string(64, '5')}},
                 .log_path = tree_.path("log")});
  while (!first.is_stopped() && first.is_running()) std::this_thread::yield();
  ASSERT_TRUE(first.is_stopped()) << first.log();
  for (const auto& result : {kept(), resumed()}) {
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, AllOf(StartsWith("assay: another scan runs in "), HasSubstr("at this moment")));
  }
  first.kill();
  EXPECT_THAT(resumed().err, HasSubstr("was begun with other --fingerprint-key")) << "the directory is free again";
}

#endif

TEST_F(Resume, GoesOnAfterAnInterrupt) {
  const Outcome undisturbed = kept();
  ProgramOptions options;
  options.signal = SIGINT;
  options.signal_examiners = 2;
  const auto cut = run_assay({"scan", files(), "--format", "jsonl", "--data-dir", data()}, options);
  EXPECT_THAT(cut.err, HasSubstr("--resume goes on"));
  EXPECT_THAT(cut.out, HasSubstr("\"interrupted\":true"));
  EXPECT_EQ(number("SELECT COUNT(*) FROM tasks WHERE attempt > 0 AND status <> 'COMPLETED'"), 0)
      << "no attempt is charged for it";
  EXPECT_EQ(number("SELECT COUNT(*) FROM tasks WHERE status IN ('RUNNING', 'FAILED', 'DEAD')"), 0);
  expect_equal(resumed(), undisturbed);
}

TEST_F(Resume, DirectoriesThatAreNotItsOwnAreRefused) {
  const auto refused = [&](const std::vector<std::string>& more, const std::string& part) {
    auto arguments = more;
    arguments.insert(arguments.begin(), "scan");
    const auto result = run_assay(arguments);
    EXPECT_EQ(result.exit_code, 2) << part;
    EXPECT_THAT(result.err, HasSubstr(part));
  };
  const std::string open = tree_.path("open");
  ASSERT_EQ(::mkdir(open.c_str(), 0700), 0);
  ASSERT_EQ(::chmod(open.c_str(), 0777), 0);
  refused({files(), "--data-dir", open}, "others may write to " + open);
  if (::getuid() == 0) {
    const std::string foreign = tree_.path("foreign");
    ASSERT_EQ(::mkdir(foreign.c_str(), 0700), 0);
    ASSERT_EQ(::chown(foreign.c_str(), 12345, 12345), 0);
    refused({files(), "--data-dir", foreign}, "belongs to another user");
  }
  ASSERT_EQ(::mkdir(data().c_str(), 0700), 0);
  {
    sql::ConnectOptions options;
    options.url = "sqlite:" + data() + "/scan.db";
    sql::connect(options)->run_script("CREATE TABLE customers (id INTEGER)");
  }
  refused({files(), "--data-dir", data()}, "the database belongs to another product");
  refused({files(), "--data-dir", data(), "--reveal", "-o", tree_.path("out")}, "values are never stored");
  refused({"-", "--data-dir", data()}, "standard input (-) cannot be read again");
  refused({files(), "--resume"}, "--resume requires --data-dir");
  EXPECT_EQ(run_assay({"scan", files(), "--data-dir", files() + "/blob"}).exit_code, 2) << "that is a file";
}

TEST_F(Resume, LeavesItsOwnFilesOut) {
  const auto result = run_assay({"scan", tree_.root(), "--format", "jsonl", "--data-dir", tree_.path("files/state"),
                                 "--ledger", tree_.path("files/ledger")});
  EXPECT_EQ(result.exit_code, 3);
  std::set<std::string> left_out;
  for (const auto& line : lines_of(result.out)) {
    if (line.find("\"finding\"") != std::string::npos) EXPECT_EQ(line.find("/state/"), std::string::npos) << line;
    if (line.find("a file of this scan") == std::string::npos) continue;
    const auto object = std::string(boost::json::parse(line).at("object").as_string());
    left_out.insert(object.substr(object.rfind('/') + 1));
  }
  EXPECT_THAT(left_out, IsSupersetOf({"scan.db", "scan.lock", "ledger"})) << result.out;
}

TEST_F(Resume, InAnotherWorkingDirectoryNeedsAbsolutePaths) {
  const auto here = [&](const std::string& directory, const std::string& command) {
    ProgramOptions options;
    options.environment["ASSAY_FINGERPRINT_KEY"] = std::string(64, '7');
    return run_program(
        {"/bin/sh", "-c",
         fmt::format("cd {} && exec {} scan files --data-dir {} {}", directory, assay_program(), data(), command)},
        options);
  };
  ASSERT_EQ(::mkdir(tree_.path("elsewhere").c_str(), 0700), 0);
  tree_.write("elsewhere/files/a.txt", card_text);
  EXPECT_EQ(here(tree_.root(), "-q").exit_code, 3);
  ASSERT_EQ(number("SELECT COUNT(*) FROM jobs WHERE status = 'COMPLETED'"), 1);
  {
    sql::ConnectOptions connect;
    connect.url = "sqlite:" + data() + "/scan.db";
    sql::connect(connect)->execute(
        "UPDATE datasources SET configuration = replace(configuration, '\"reported\":true', '\"reported\":false')");
  }
  const auto result = here(tree_.path("elsewhere"), "--resume");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("its PATHs are relative; take it up there"));
  EXPECT_EQ(here(tree_.root(), "--resume").exit_code, 3) << "only the report was missing";
}

}  // namespace
}  // namespace assay::tests
