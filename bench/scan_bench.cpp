#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>
#include <vector>

#include "bench.h"
#include "classify/classifier.h"
#include "classify/rule_loader.h"
#include "classify/text_scanner.h"
#include "extract/sandbox/pool.h"
#include "scan/examiner_path.h"
#include "scan/run_scan.h"
#include "scan/scan.h"
#include "scan/wire/protocol.h"

namespace assay::bench {
namespace {

namespace fs = std::filesystem;

class Ignore final : public classify::MatchSink, public scan::ScanSink {
 public:
  void on_match(const classify::Match&, const classify::Place&) override {}
  void on_finding(const model::Finding&) override {}
  void on_column(const model::ColumnFinding&) override {}
  void on_object(const model::ObjectRecord&) override {}
};

class TemporaryTree {
 public:
  TemporaryTree() : path_(fs::temp_directory_path() / fmt::format("assay-bench-{}", ::getpid())) {
    fs::create_directories(path_);
  }
  ~TemporaryTree() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

scan::ScanOptions options_for(const fs::path& path) {
  scan::ScanOptions options;
  options.source.roots = {path.string()};
  options.rules = classify::builtin_rule_sources();
  options.fingerprint_key = std::string(32, 'k');
  return options;
}

scan::ScanSummary scan_tree(const fs::path& path) {
  Ignore sink;
  scan::Progress progress;
  return scan::run_scan(options_for(path), scan::files_access(), sink, progress, [] { return false; });
}

// The classifier on every processor over the same bytes, already in memory: as many as the tree has, since one text
// again and again would come from the processor's cache.
double classifier_seconds(const std::string& text, size_t files) {
  const std::vector<std::string> texts(files, text);
  const classify::Classifier classifier(classify::load_rules(classify::builtin_rule_sources()));
  return best_seconds(2, [&] {
    std::atomic<size_t> next{0};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i)
      threads.emplace_back([&] {
        classify::Scratch scratch(classifier.rules());
        Ignore sink;
        for (size_t i = next++; i < files; i = next++) {
          classify::TextScanner scanner(classifier, scratch, 0.5F, sink);
          scanner.feed(texts[i]);
          scanner.finish();
        }
      });
    for (auto& thread : threads) thread.join();
  });
}

// Into the page cache again: the kernel may have taken some of it for something else.
void warm_up(const fs::path& path) {
  std::vector<char> buffer(size_t{1} << 20);
  for (const auto& entry : fs::directory_iterator(path))
    for (std::ifstream file(entry.path()); file;) file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
}

void bench_large_tree() {
  constexpr size_t files = 64;
  const std::string text = ordinary_text(size_t{16} << 20);
  const TemporaryTree tree;
  for (size_t i = 0; i < files; ++i) std::ofstream(tree.path() / fmt::format("{}.txt", i)) << text;
  double best = 1e9;
  for (int round = 0; round < 3; ++round) {
    warm_up(tree.path());
    best = std::min(best, static_cast<double>(scan_tree(tree.path()).elapsed_ms) / 1000);
  }
  row("scan of a warm tree, 1 GiB in 64 files", best, "s", "the classifier alone, s", classifier_seconds(text, files),
      1.3, false);
}

void bench_small_files() {
  constexpr size_t files = 100'000;
  const TemporaryTree tree;
  for (size_t i = 0; i < files; ++i) {
    const fs::path folder = tree.path() / std::to_string(i / 1000);
    if (i % 1000 == 0) fs::create_directory(folder);
    std::ofstream(folder / fmt::format("{}.txt", i)) << "note " << i << ": nothing to see in this file\n";
  }
  double best = 1e9;
  for (int round = 0; round < 3; ++round)
    best = std::min(best, static_cast<double>(scan_tree(tree.path()).elapsed_ms) / 1000);
  row("100,000 small files", static_cast<double>(files) / best, "files/s", "the bound, files/s", 20'000, 1.0, true);
}

/// Waits for each object before the next is given, so that a round trip is what is measured.
class OneAtATime final : public sandbox::FrameHandler {
 public:
  void on_frame(uint64_t, std::string_view) override {}
  void on_done(uint64_t, const sandbox::Outcome&) override {
    const std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    done_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

void bench_sandbox_overhead() {
  constexpr int objects = 5'000;
  const std::string text = ordinary_text(2'000);
  const TemporaryTree tree;
  const std::string path = (tree.path() / "object.txt").string();
  std::ofstream(path) << text;
  OneAtATime handler;
  const auto rules = classify::builtin_rule_sources();
  scan::ExaminerSetup setup;
  setup.rules = rules;
  setup.fingerprint_key = std::string(32, 'k');
  sandbox::PoolOptions options;
  options.helper_path = scan::find_examiner({});
  options.setup = encode(setup);
  sandbox::Pool pool(std::move(options), handler);
  scan::ExaminerRequest request;
  request.name = "object.txt";
  std::vector<double> ms;
  for (int i = 0; i < objects; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    pool.submit(1, encode(request), core::Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)));
    handler.wait();
    ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  std::ranges::sort(ms);
  const classify::Classifier classifier(classify::load_rules(rules));
  classify::Scratch scratch(classifier.rules());
  Ignore sink;
  const double alone = best_seconds(200, [&] {
    classify::TextScanner scanner(classifier, scratch, 0.5F, sink);
    scanner.feed(text);
    scanner.finish();
  });
  row("sandbox overhead an object, median", ms[objects / 2] - alone * 1000, "ms", "the bound, ms", 0.2, 1.0, false);
}

}  // namespace

void run_scan_bench() {
  fmt::print("\nScan, {} processors\n", std::thread::hardware_concurrency());
  bench_large_tree();
  bench_small_files();
  bench_sandbox_overhead();
}

}  // namespace assay::bench
