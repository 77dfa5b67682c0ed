#include "cli/job_watch.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <thread>

#include "cli/interrupt.h"
#include "cli/job_facts.h"
#include "cli/progress_meter.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t most_jobs_of_a_master = 10'000;
constexpr auto between_looks = std::chrono::milliseconds(250);
constexpr auto between_plain_lines = std::chrono::seconds(1);
constexpr auto silence_before_reasons = std::chrono::seconds(3);

size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

struct Watched {
  ProgressMeter meter;
  std::string line;     // as last seen
  std::string printed;  // as last printed
  Clock::time_point changed = Clock::now();
  Clock::time_point printed_at{};
  bool has_given_reasons = false;
  bool is_over = false;
  ExitCode verdict = ExitCode::clean;
};

ExitCode verdict_of(const store::JobRow& job, const store::ProgressRow& sum) {
  if (job.status != model::JobStatus::completed) return ExitCode::failed;
  return sum.work.objects_failed == 0 && sum.dead == 0 ? ExitCode::clean : ExitCode::incomplete;
}

class Watch {
 public:
  explicit Watch(store::Store& store) : store_(store), is_terminal_(::isatty(STDOUT_FILENO) != 0) {}

  ExitCode run(const std::vector<int64_t>& job_ids) {
    for (;;) {
      std::string screen;
      bool are_over = true;
      for (const int64_t id : job_ids) {
        Watched& watched = watched_[id];
        if (!watched.is_over) look(id, watched);
        are_over &= watched.is_over;
        screen += (screen.empty() ? "" : "  |  ") + watched.line;
      }
      if (is_terminal_) draw(screen);
      if (are_over || was_interrupted()) break;
      pause(job_ids.front());
    }
    if (is_terminal_) fmt::print("\n");
    return verdict();
  }

 private:
  void look(int64_t id, Watched& watched) {
    const auto job = store_.find_job(id);
    if (!job) throw core::Error(core::ErrorKind::not_found, fmt::format("job {} is not there any more", id));
    const auto sum = total(store_.progress(id));
    watched.meter.add(store_.now_ms(), sum.work);
    const auto line = progress_line(*job, sum, watched.meter);
    const auto now = Clock::now();
    if (line != watched.line) watched.changed = now;
    watched.line = line;
    watched.is_over = is_over(job->status);
    watched.verdict = verdict_of(*job, sum);
    if (!is_terminal_) print_line(watched, now);
    if (watched.is_over || watched.has_given_reasons || now - watched.changed < silence_before_reasons) return;
    watched.has_given_reasons = true;
    for (const auto& reason : reasons_for_waiting(gather_facts(store_, *job)))
      fmt::print("{}job {}: {}\n", is_terminal_ ? "\r\x1b[K" : "", id, reason);
    std::fflush(stdout);
  }

  static void print_line(Watched& watched, Clock::time_point now) {
    if (watched.line == watched.printed || (!watched.is_over && now - watched.printed_at < between_plain_lines)) return;
    fmt::print("{}\n", watched.line);
    std::fflush(stdout);
    watched.printed = watched.line;
    watched.printed_at = now;
  }

  static void draw(const std::string& screen) {
    fmt::print("\r\x1b[K{}", screen.substr(0, terminal_columns() - 1));
    std::fflush(stdout);
  }

  // SQLite cannot tell of changes and returns at once: the rest of the time is slept.
  void pause(int64_t job_id) {
    const auto until = Clock::now() + between_looks;
    store_.wait_for_change(fmt::format("job/{}", job_id), between_looks.count());
    if (store_.dialect() == sql::Dialect::sqlite) std::this_thread::sleep_until(until);
  }

  ExitCode verdict() const {
    ExitCode worst = ExitCode::clean;
    for (const auto& [id, watched] : watched_) {
      if (!watched.is_over)
        fmt::print(stderr, "assay: job {} goes on; `assay job watch {}` watches it again\n", id, id);
      const ExitCode code = watched.is_over ? watched.verdict : ExitCode::incomplete;
      worst = static_cast<int>(code) > static_cast<int>(worst) ? code : worst;
    }
    return worst;
  }

  store::Store& store_;
  const bool is_terminal_;
  std::map<int64_t, Watched> watched_;
};

}  // namespace

ExitCode watch_jobs(store::Store& store, const std::vector<int64_t>& job_ids) {
  if (job_ids.empty()) return ExitCode::clean;
  catch_interrupts();
  return Watch(store).run(job_ids);
}

std::vector<store::JobRow> jobs_named(store::Store& store, std::string_view name) {
  const bool is_master = name.starts_with('m');
  const std::string_view digits = name.substr(is_master ? 1 : 0);
  int64_t id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (error != std::errc{} || end != digits.data() + digits.size() || id < 0)
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("'{}' is no job: a number is expected, or m and the number of a master job",
                                  core::printable(std::string(name), 200)));
  std::vector<store::JobRow> jobs;
  if (is_master) {
    jobs = store.list_jobs(most_jobs_of_a_master);
    std::erase_if(jobs, [id](const store::JobRow& job) { return job.master_job_id != id; });
    std::ranges::sort(jobs, {}, &store::JobRow::id);
  } else if (const auto job = store.find_job(id)) {
    jobs.push_back(*job);
  }
  if (jobs.empty())
    throw core::Error(
        core::ErrorKind::not_found,
        fmt::format("there is no {}job {}; `assay job list` shows those there are", is_master ? "master " : "", id));
  return jobs;
}

}  // namespace assay::cli
