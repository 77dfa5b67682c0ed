// A large object that several workers read range by range: whoever dies, pauses or changes the object, its findings are
// those of one task that reads it whole, and until all ranges are there those of the scan before.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/faults/world.h"

namespace assay::tests {
namespace {

constexpr std::string_view rules = R"(rules:
  - name: staff-number
    entity: STAFF_NUMBER
    title: Staff number
    category: personal
    sensitivity: low
    patterns:
      - {name: number, regex: '\bSTAFF-[0-9]{6}\b', confidence: 0.9, keywords: ['STAFF-']}
    examples: ['STAFF-000001']
)";

constexpr int ranges = 12;

/// A log whose lines, characters and findings do not care for where ranges end.
std::string log_text() {
  std::string text;
  for (int i = 0; text.size() < (ranges << 18) - 1000; ++i) {
    text += fmt::format("2026-11-25 info Grüße {} {}", i, std::string(static_cast<size_t>(i % 97), 'x'));
    if (i % 20 == 0) text += fmt::format(" from STAFF-{:06}", i);
    text += i % 3 == 0 ? "\r\n" : "\n";
  }
  return text;
}

class Ranges : public ::testing::Test {
 protected:
  Ranges() : cluster_(World::shared().cluster()) {
    write(log_text());
    folder_.write("rules.yaml", rules);
    const auto add = [&](const std::string& name, const std::string& options) {
      folder_.write(name + ".yaml", fmt::format("name: {}\nsources: [logs]\nbuiltin_rules: false\nrules: [rules.yaml]\n"
                                                "range_bytes: 256KiB\n{}",
                                                name, options));
      run({"template", "add", folder_.path(name + ".yaml")});
    };
    run({"source", "add", "logs", "--path", folder_.path("logs")});
    add("whole", "split_from: 0\n");
    add("ranges", "split_from: 1MiB\n");
    add("once", "split_from: 1MiB\nmax_attempts: 1\n");
    cluster_->start_orchestrator({.name = "orchestrator"});
  }

  void write(const std::string& text) { folder_.write("logs/large.log", text); }
  void worker(const std::string& name, const std::string& faults = {}) {
    cluster_->start_worker({.name = name, .faults = faults, .environment = {{"ASSAY_WORKER_CONCURRENCY", "1"}}});
  }
  void run(std::vector<std::string> arguments) {
    const auto result = cluster_->command(std::move(arguments));
    ASSERT_EQ(result.exit_code, 0) << result.output;
  }
  int64_t start(const std::string& name, bool full = true) {
    std::vector<std::string> arguments = {"job", "start", name};
    if (full) arguments.emplace_back("--full");
    run(arguments);
    return cluster_->number("SELECT MAX(id) FROM jobs");
  }
  /// What the database says of the object, with everything that tells findings apart, in their order.
  std::vector<std::string> known() {
    const sql::Rows rows = cluster_->ask(
        "SELECT format || ' ' || bytes || ' ' || findings || ' ' || verdict || ' ' || reason FROM objects WHERE "
        "deleted_at = 0 UNION ALL "
        "(SELECT part || ' ' || line || ':' || line_column || ' ' || start_byte || '-' || end_byte || ' ' || "
        "start_code_point || '-' || end_code_point || ' ' || rule || ' ' || confidence || ' ' || masked || ' ' || "
        "fingerprint || reasons FROM findings ORDER BY id)");
    std::vector<std::string> all;
    for (size_t i = 0; i < rows.size(); ++i) all.emplace_back(rows.text(i, 0));
    return all;
  }
  std::vector<std::string> known_of_the_whole() {
    worker("alone");
    const int64_t job = start("whole");
    EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
    cluster_->process("alone").kill();
    cluster_->wait_for_death("alone");
    EXPECT_GT(cluster_->number("SELECT COUNT(*) FROM findings"), 500);
    return known();
  }
  /// As if nothing had been scanned yet.
  void forget() { cluster_->ask("WITH f AS (DELETE FROM findings) DELETE FROM objects"); }
  /// With some ranges there and one begun, the command is given; then the worker is killed.
  int64_t start_and_stop_in_the_middle(const std::string& command, const std::string& status) {
    worker("worker", "examine_range.6=hold");
    const int64_t job = start("ranges");
    cluster_->wait_until_held("worker", "examine_range.6");
    cluster_->wait_until("some ranges to be there", [this] { return parts_done() > 0; });
    run({"job", command, std::to_string(job)});
    cluster_->wait_for_status(job, status);
    cluster_->process("worker").kill();
    return job;
  }
  int64_t parts_done() { return cluster_->number("SELECT COALESCE(MAX(parts_done), 0) FROM split_objects"); }
  void expect_nothing_waits() {
    EXPECT_EQ(cluster_->number("SELECT (SELECT COUNT(*) FROM split_objects) + (SELECT COUNT(*) FROM object_parts) + "
                               "(SELECT COUNT(*) FROM part_findings)"),
              0);
  }

  TemporaryTree folder_;
  std::unique_ptr<Cluster> cluster_;
};

TEST_F(Ranges, OfTwoWorkersAreTheWhole) {
  const auto whole = known_of_the_whole();
  forget();
  worker("one");
  worker("two");
  const int64_t job = start("ranges");
  EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
  EXPECT_EQ(known(), whole);
  EXPECT_EQ(cluster_->number("SELECT COUNT(*) FROM tasks WHERE kind = 'scan.range' AND job_id = $1", {job}), ranges);
  expect_nothing_waits();
  expect_sound(*cluster_, job);
  // An object that has not changed is not read again.
  const int64_t again = start("ranges", false);
  EXPECT_EQ(cluster_->wait_for_end(again), "COMPLETED");
  EXPECT_EQ(cluster_->number("SELECT SUM(objects_skipped) FROM job_progress WHERE job_id = $1", {again}), 1);
  EXPECT_EQ(known(), whole);
}

TEST_F(Ranges, SurviveWorkersThatAreKilled) {
  const auto whole = known_of_the_whole();
  forget();
  for (const char* point :
       {"examine_range.5=kill:1", "complete_tasks.before_commit=kill:3", "complete_tasks.after_commit=kill:3"}) {
    SCOPED_TRACE(point);
    worker("victim", point);
    const int64_t job = start("ranges");
    cluster_->wait_for_death("victim");
    worker("next");
    EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
    EXPECT_EQ(known(), whole);
    expect_nothing_waits();
    expect_sound(*cluster_, job);
    cluster_->process("next").kill();
    cluster_->wait_for_death("next");
  }
}

TEST_F(Ranges, ThatPauseKeepWhatWasKnown) {
  const auto whole = known_of_the_whole();
  write("STAFF-999999\n" + log_text());
  const int64_t job = start_and_stop_in_the_middle("pause", "PAUSING");
  cluster_->wait_for_status(job, "PAUSED");
  EXPECT_EQ(known(), whole) << "what the scan before found stands until all ranges are there";
  worker("next");
  run({"job", "resume", std::to_string(job)});
  EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
  EXPECT_EQ(known().size(), whole.size() + 1);
  expect_nothing_waits();
  expect_sound(*cluster_, job);
}

TEST_F(Ranges, ThatAreCancelledLeaveWhatWasKnown) {
  const auto whole = known_of_the_whole();
  write("STAFF-999999\n" + log_text());
  const int64_t job = start_and_stop_in_the_middle("cancel", "CANCELLING");
  EXPECT_EQ(cluster_->wait_for_end(job), "CANCELLED");
  EXPECT_EQ(known(), whole);
  worker("next");
  const int64_t next = start("ranges");
  EXPECT_EQ(cluster_->wait_for_end(next), "COMPLETED");
  EXPECT_EQ(known().size(), whole.size() + 1);
}

TEST_F(Ranges, ThatAreDeadMakeTheObjectPartial) {
  const auto whole = known_of_the_whole();
  forget();
  worker("worker", "examine_range.4=throw");
  const int64_t job = start("once");
  EXPECT_EQ(cluster_->wait_for_end(job), "FAILED");
  EXPECT_EQ(cluster_->text("SELECT verdict || ': ' || reason FROM objects WHERE deleted_at = 0"),
            fmt::format("PARTIAL: 1 of its {} ranges could not be read", ranges));
  // Places before the gap are those of the whole; behind it they count from where the next range begins.
  EXPECT_GT(cluster_->number("SELECT COUNT(*) FROM findings WHERE part = ''"), 100);
  EXPECT_GT(cluster_->number("SELECT COUNT(*) FROM findings WHERE part = $1", {fmt::format("from byte {}", 5 << 18)}),
            100);
  EXPECT_EQ(cluster_->number("SELECT COUNT(DISTINCT part) FROM findings"), 2);
  const std::vector<std::string> partial = known();
  EXPECT_EQ(partial.at(1), whole.at(1));
  worker("worker");
  run({"job", "retry", std::to_string(job), "--dead"});
  EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
  EXPECT_EQ(known(), whole);
  expect_nothing_waits();
}

TEST_F(Ranges, OfAnObjectThatChangesSayIt) {
  worker("worker", "examine_range.6=hold");
  const int64_t job = start("ranges");
  cluster_->wait_until_held("worker", "examine_range.6");
  std::ofstream(folder_.path("logs/large.log"), std::ios::app) << "one more line\n";
  cluster_->let_go_for_good("worker");
  EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
  EXPECT_EQ(cluster_->text("SELECT verdict FROM objects WHERE deleted_at = 0"), "CHANGED");
  const int64_t next = start("ranges", false);
  EXPECT_EQ(cluster_->wait_for_end(next), "COMPLETED");
  EXPECT_EQ(cluster_->text("SELECT verdict FROM objects WHERE deleted_at = 0"), "OK");
}

// The head is UTF-8 and the end is not: no range can know, so the object is read whole.
TEST_F(Ranges, ThatDoNotFitTogetherGiveWayToTheWhole) {
  std::string text(std::size_t{1} << 20, '.');
  for (int i = 0; i < 20'000; ++i) text += "STAFF-000001 Grüße und mehr\n";
  text += std::string(std::size_t{1} << 20, '.');
  for (int i = 0; i < 20'000; ++i)
    text +=
        "STAFF-000002 Gr\xFC\xDF"
        "e und mehr, f\xFCr alle\n";
  write(text);
  const auto whole = known_of_the_whole();
  forget();
  worker("worker");
  const int64_t job = start("ranges");
  EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
  EXPECT_EQ(known(), whole);
  EXPECT_EQ(cluster_->number("SELECT COUNT(*) FROM tasks WHERE kind = 'scan.examine' AND job_id = $1", {job}), 2);
  EXPECT_EQ(cluster_->number("SELECT SUM(bytes_done + bytes_failed) FROM job_progress WHERE job_id = $1", {job}),
            static_cast<int64_t>(text.size()));
  expect_nothing_waits();
  expect_sound(*cluster_, job);
}

}  // namespace
}  // namespace assay::tests
