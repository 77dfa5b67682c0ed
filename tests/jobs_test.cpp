// Jobs as a user meets them: sources, templates, jobs, findings and processes, all through the program.
#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>

#include "tests/support/installation.h"

namespace assay::tests {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr const char* card_text = "Card 4111 1111 1111 1111 exp 12/27\n";

size_t lines_of(const std::string& text) { return static_cast<size_t>(std::ranges::count(text, '\n')); }

TEST(Jobs, AreStartedWatchedAndReadOnOneMachine) {
  Installation assay;
  for (int i = 0; i < 5; ++i) assay.write(fmt::format("files/{}.txt", i), card_text);
  assay.write("files/blob", std::string("\0\1\2\3", 4) + std::string(100, '\x92'));
  const auto serve = assay.start({"serve"});
  assay.add_source_and_template(assay.path("files"));
  EXPECT_THAT(assay.must({"source", "test", "files"}), HasSubstr("6 files can be read"));

  const auto start = assay.run({"job", "start", "all", "--wait"});
  EXPECT_EQ(start.exit_code, 3) << "one file is of no known format\n" << start.out << start.err;
  EXPECT_THAT(start.out, AllOf(StartsWith("started job 1 of master job m1"), HasSubstr("job 1 COMPLETED"),
                               HasSubstr("6 of 6 objects")));

  const auto job = assay.json({"job", "show", "1"}).as_array().at(0).as_object();
  EXPECT_EQ(job.at("status").as_string(), "COMPLETED");
  EXPECT_EQ(job.at("progress").at("objects").at("done").as_int64(), 5);
  EXPECT_EQ(job.at("progress").at("objects").at("failed").as_int64(), 1);
  EXPECT_EQ(job.at("progress").at("findings").as_int64(), 5);
  EXPECT_THAT(job.at("reasons").as_array(), IsEmpty());
  EXPECT_EQ(assay.json({"job", "show", "m1"}).as_array().size(), 1U);
  EXPECT_EQ(assay.json({"job", "list", "--status", "completed"}).as_array().size(), 1U);
  EXPECT_EQ(assay.json({"job", "list", "--status", "failed"}).as_array().size(), 0U);
  EXPECT_THAT(assay.must({"job", "tasks", "1"}), HasSubstr("scan.enumerate"));
  EXPECT_EQ(assay.run({"job", "watch", "1"}).exit_code, 3) << "it is over already";

  EXPECT_EQ(lines_of(assay.must({"findings", "export", "--job", "1"})), 5U);
  EXPECT_EQ(lines_of(assay.must({"findings", "export", "--job", "m1", "--format", "csv"})), 6U);
  EXPECT_EQ(assay.json({"findings", "list", "--job", "1", "--entity", "CREDIT_CARD"}).as_array().size(), 5U);
  EXPECT_EQ(assay.json({"findings", "list", "--job", "1", "--entity", "US_SSN"}).as_array().size(), 0U);
  EXPECT_EQ(assay.json({"findings", "list", "--job", "1", "--path", assay.path("files/3")}).as_array().size(), 1U);
  const auto limited = assay.run({"findings", "list", "--job", "1", "--limit", "2"});
  EXPECT_EQ(lines_of(limited.out), 3U);
  EXPECT_THAT(limited.err, HasSubstr("there are more than these 2 findings"));
  EXPECT_EQ(assay.must({"findings", "export", "--job", "1", "-o", assay.path("out.jsonl")}), "");
  EXPECT_EQ(lines_of(read_file(assay.path("out.jsonl"))), 5U);
  for (const auto* format : {"jsonl", "json", "csv"})
    EXPECT_THAT(assay.must({"findings", "export", "--job", "1", "--format", format}), Not(HasSubstr("4111 1111")));

  serve->signal(SIGTERM);
  EXPECT_EQ(serve->wait(30s), 0);
  EXPECT_THAT(serve->log(), HasSubstr("\"message\":\"ended\""));
  struct stat status{};
  ASSERT_EQ(::stat(assay.path("data").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST(Jobs, TellOfAllThatTheyCovered) {
  Installation assay;
  assay.write("files/a.txt", card_text);
  const auto gone = assay.write("files/gone.txt", card_text);
  std::string table = "name,card\n";
  for (int i = 0; i < 20; ++i) table += fmt::format("n{},4111111111111111\n", i);
  assay.write("files/t.csv", table);
  const auto serve = assay.start({"serve"});
  assay.add_source_and_template(assay.path("files"));
  assay.must({"job", "start", "all", "--wait"});
  std::filesystem::remove(gone);
  assay.write("files/new.txt", card_text);
  assay.must({"job", "start", "all", "--wait"});

  const auto objects = [&](std::vector<std::string> arguments) {
    std::set<std::string> names;
    for (const auto& found : assay.json(std::move(arguments)).as_array())
      names.insert(std::filesystem::path(std::string(found.at("object").as_string())).filename());
    return names;
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(objects({"findings", "list", "--job", "2"}), (Names{"a.txt", "new.txt", "t.csv"}));
  EXPECT_EQ(objects({"findings", "list", "--job", "2", "--new-only"}), (Names{"new.txt"}));
  EXPECT_EQ(objects({"findings", "list", "--job", "1"}), (Names{"a.txt", "t.csv"})) << "what is gone is gone";
  EXPECT_EQ(objects({"findings", "export", "--job", "m2", "--new-only"}), (Names{"new.txt"}));
  EXPECT_EQ(objects({"findings", "columns", "--job", "2"}), (Names{"t.csv"}));
  EXPECT_EQ(objects({"findings", "columns", "--job", "2", "--new-only"}), (Names{}));
  EXPECT_EQ(objects({"findings", "columns", "--job", "2", "--entity", "US_SSN"}), (Names{}));
  EXPECT_THAT(assay.must({"findings", "columns", "--job", "2"}),
              AllOf(StartsWith("ENTITY"), HasSubstr("CREDIT_CARD"), HasSubstr("20 of 20"), HasSubstr("t.csv")));
  EXPECT_EQ(lines_of(assay.must({"findings", "columns", "--job", "2", "--format", "csv"})), 2U);
}

TEST(Jobs, RunWithProcessesApart) {
  Installation assay;
  assay.write("files/a.txt", card_text);
  assay.must({"db", "migrate"});
  assay.add_source_and_template(assay.path("files"));
  assay.must({"job", "start", "all"});
  const auto orchestrator = assay.start({"orchestrator"});
  const auto worker = assay.start({"worker", "--worker-concurrency", "2"});
  EXPECT_EQ(assay.wait_for_status(1, {"COMPLETED", "FAILED"}), "COMPLETED");
  for (auto* process : {orchestrator.get(), worker.get()}) {
    process->signal(SIGINT);
    EXPECT_EQ(process->wait(30s), 0) << process->log();
  }
}

TEST(Jobs, SayWhyTheyDoNotRun) {
  const Installation assay;
  assay.write("files/a.txt", card_text);
  assay.add_source_and_template(assay.path("files"));
  assay.must({"job", "start", "all"});
  EXPECT_THAT(
      assay.must({"job", "show", "1"}),
      AllOf(HasSubstr("status      QUEUED"), HasSubstr("- no orchestrator is alive in the node group 'default'"),
            HasSubstr("- no worker is alive")));
}

TEST(Jobs, ArePausedResumedAndCancelled) {
  Installation assay;
  assay.write("files/a.txt", card_text);
  assay.must({"db", "migrate"});
  assay.add_source_and_template(assay.path("files"));
  const auto orchestrator = assay.start({"orchestrator"});
  assay.must({"job", "start", "all"});
  ASSERT_EQ(assay.wait_for_status(1, {"RUNNING"}), "RUNNING") << "nobody does its tasks: it stays so";
  assay.must({"job", "pause", "1"});
  EXPECT_EQ(assay.wait_for_status(1, {"PAUSED"}), "PAUSED");
  EXPECT_THAT(assay.must({"job", "show", "1"}), HasSubstr("- it is paused; `assay job resume 1`"));
  EXPECT_THAT(assay.must({"job", "resume", "1"}), HasSubstr("job 1 is RUNNING"));
  assay.must({"job", "cancel", "m1"});
  EXPECT_EQ(assay.wait_for_status(1, {"CANCELLED"}), "CANCELLED");
  const auto again = assay.run({"job", "pause", "1"});
  EXPECT_EQ(again.exit_code, 2) << again.out;
  EXPECT_EQ(lines_of(again.err), 1U) << again.err;
}

TEST(Jobs, AreStartedOnceWithOneIdempotencyKey) {
  const Installation assay;
  assay.write("files/a.txt", card_text);
  assay.add_source_and_template(assay.path("files"));
  const auto first = assay.json({"job", "start", "all", "--idempotency-key", "monday"});
  const auto second = assay.json({"job", "start", "all", "--idempotency-key", "monday"});
  EXPECT_FALSE(first.at("existed").as_bool());
  EXPECT_TRUE(second.at("existed").as_bool());
  EXPECT_EQ(first.at("job_ids"), second.at("job_ids"));
  EXPECT_EQ(assay.json({"job", "list"}).as_array().size(), 1U);
}

TEST(Jobs, AreOnePerNodeGroup) {
  const Installation assay;
  assay.must({"source", "add", "here", "--path", "/srv", "--node-group", "a"});
  assay.must({"source", "add", "there", "--path", "/srv", "--node-group", "b"});
  assay.must({"template", "add", assay.write("t.yaml", "name: t\nsources: [here, there]\n")});
  EXPECT_EQ(assay.json({"job", "start", "t"}).at("job_ids").as_array().size(), 2U);
  EXPECT_EQ(assay.json({"job", "show", "m1"}).as_array().size(), 2U);
}

TEST(Jobs, OfASourceThatIsAwayAreTriedAgainAndRetriedByHand) {
  Installation assay;
  assay.must({"source", "add", "files", "--path", assay.path("files")});
  assay.must({"template", "add", assay.write("t.yaml", "name: all\nsources: [files]\nmax_attempts: 1\n")});
  const auto serve = assay.start({"serve"});
  EXPECT_EQ(assay.run({"job", "start", "all", "--wait"}).exit_code, 4);
  const auto show = assay.must({"job", "show", "1"});
  EXPECT_THAT(show,
              AllOf(HasSubstr("FAILED"), HasSubstr("1 task used up all attempts"), HasSubstr("assay job retry 1")));
  EXPECT_THAT(assay.must({"job", "tasks", "1", "--status", "dead"}), HasSubstr("DEAD"));
  assay.write("files/a.txt", card_text);
  EXPECT_THAT(assay.must({"job", "retry", "1"}), HasSubstr("1 dead task will be tried again"));
  EXPECT_EQ(assay.wait_for_status(1, {"COMPLETED"}), "COMPLETED");
  EXPECT_EQ(assay.run({"job", "retry", "1", "--task", "1"}).exit_code, 2) << "it is not dead any more";
}

TEST(Processes, TellOfThemselves) {
  Installation assay;
  const auto serve = assay.start({"serve", "--name", "first"});
  EXPECT_THAT(http_get(assay.address(), "/health/live"), StartsWith("HTTP/1.1 200"));
  const auto ready = http_get(assay.address(), "/health/ready");
  EXPECT_THAT(ready, AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("\"ready\":true"), HasSubstr("\"sandbox\":\""),
                           HasSubstr("\"database\":\"reachable\"")));
  EXPECT_THAT(http_get(assay.address(), "/metrics"),
              AllOf(HasSubstr("assay_database_up 1\n"), HasSubstr("assay_queue_tasks{"),
                    HasSubstr("assay_workers_alive{node_group=\"default\"} 1\n")));
  std::istringstream log(serve->log());
  for (std::string line; std::getline(log, line);) EXPECT_NO_THROW(boost::json::parse(line)) << line;
}

TEST(Processes, EndAtOnceAtASecondSignal) {
  Installation assay;
  for (int i = 0; i < 50; ++i) assay.write(fmt::format("files/{}.txt", i), std::string(5'000'000, 'x') + card_text);
  const auto serve = assay.start({"serve", "--worker-grace-ms", "3600000"});
  assay.add_source_and_template(assay.path("files"));
  assay.must({"job", "start", "all"});
  ASSERT_EQ(assay.wait_for_status(1, {"RUNNING"}), "RUNNING");
  serve->signal(SIGTERM);
  for (const auto begin = std::chrono::steady_clock::now();
       serve->log().find("\"message\":\"ending\"") == std::string::npos &&
       std::chrono::steady_clock::now() - begin < 30s;)
    if (serve->wait(5ms)) break;
  serve->signal(SIGTERM);
  const auto code = serve->wait(10s);
  EXPECT_TRUE(code == 128 + SIGTERM || code == 0) << "0: it was quicker";
}

TEST(Processes, TakeAnotherPortOnlyWhereNobodyNamedOne) {
  Installation assay;
  const auto first = assay.start({"serve"});
  const auto taken = assay.address();
  const auto second = assay.run({"serve", "--listen", taken});
  EXPECT_EQ(second.exit_code, 4);
  EXPECT_THAT(second.err, HasSubstr("cannot listen at " + taken));
  EXPECT_EQ(assay.run({"serve", "--listen", "everywhere"}).exit_code, 2);
}

}  // namespace
}  // namespace assay::tests
