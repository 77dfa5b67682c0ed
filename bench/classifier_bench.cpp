#include <fmt/format.h>
#include <hs/hs.h>

#include <array>
#include <vector>

#include "bench.h"
#include "classify/classifier.h"
#include "classify/rule_loader.h"
#include "classify/table_scanner.h"
#include "classify/text_scanner.h"
#include "profile/table_profiler.h"

namespace assay::bench {
namespace {

constexpr size_t text_bytes = size_t{64} << 20;
constexpr double target_bytes_per_s = 1e9;
constexpr double dense_target_bytes_per_s = 150e6;

class Counter final : public classify::MatchSink, public classify::TableSink {
 public:
  void on_match(const classify::Match&, const classify::Place&) override { ++matches; }
  void on_cell_match(const classify::Match&, uint64_t, uint32_t, size_t, size_t, std::string_view) override {
    ++matches;
  }
  void on_column(const classify::ColumnVerdict&) override {}
  size_t matches = 0;
};

// 25 patterns of the kind that a scanner runs, in one Vectorscan database: the usual way, for comparison.
double vectorscan_bytes_per_s(const std::string& text) {
  static constexpr std::array<const char*, 25> patterns = {
      R"(\b\d{3}-\d{2}-\d{4}\b)",
      R"(\b4\d{3}([ -]?\d{4}){3}\b)",
      R"(\b5[1-5]\d{2}([ -]?\d{4}){3}\b)",
      R"(\b3[47]\d{13}\b)",
      R"([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}\.[A-Za-z]{2,10})",
      R"(\b(\d{1,3}\.){3}\d{1,3}\b)",
      R"(\b([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}\b)",
      R"(\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b)",
      R"(\bAKIA[0-9A-Z]{16}\b)",
      R"(\bghp_[A-Za-z0-9]{36}\b)",
      R"(\bxox[bp]-[0-9A-Za-z-]{10,60}\b)",
      R"(-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)",
      R"(\beyJ[A-Za-z0-9_-]{10,200}\.)",
      R"(\+\d{1,3}[ -]?\d{4,14}\b)",
      R"(\(\d{3}\) \d{3}-\d{4})",
      R"(\b\d{4}-\d{2}-\d{2}\b)",
      R"(\b\d{1,2}/\d{1,2}/\d{2,4}\b)",
      R"(\bhttps?://[^\s"']{4,200})",
      R"(\b[A-Z]{5}\d{4}[A-Z]\b)",
      R"(\b[2-9]\d{3} ?\d{4} ?\d{4}\b)",
      R"(\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b)",
      R"(\b\d{3}\.\d{3}\.\d{3}-\d{2}\b)",
      R"(\b\d{8}[A-Z]\b)",
      R"(\b[13][a-km-zA-HJ-NP-Z1-9]{25,34}\b)",
      R"(password\s{0,3}[:=]\s{0,3}\S{6,60})"};
  std::vector<unsigned> ids(patterns.size()), flags(patterns.size(), 0);
  for (unsigned i = 0; i < ids.size(); ++i) ids[i] = i;
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(patterns.data(), flags.data(), ids.data(), patterns.size(), HS_MODE_BLOCK, nullptr, &database,
                       &error) != HS_SUCCESS) {
    fmt::print(stderr, "vectorscan: {}\n", error->message);
    return 1;
  }
  hs_scratch_t* scratch = nullptr;
  hs_alloc_scratch(database, &scratch);
  size_t hits = 0;
  const double seconds = best_seconds(3, [&] {
    for (size_t at = 0; at < text.size(); at += classify::TextScanner::window_bytes)
      hs_scan(
          database, text.data() + at,
          static_cast<unsigned>(std::min(classify::TextScanner::window_bytes, text.size() - at)), 0, scratch,
          [](unsigned, unsigned long long, unsigned long long, unsigned, void* count) {
            ++*static_cast<size_t*>(count);
            return 0;
          },
          &hits);
  });
  hs_free_scratch(scratch);
  hs_free_database(database);
  return static_cast<double>(text.size()) / seconds;
}

double table_bytes_per_s(const classify::Classifier& classifier, classify::Scratch& scratch, const std::string& csv,
                         bool with_quality, size_t& matches) {
  std::vector<std::string> names;
  std::vector<std::vector<std::string_view>> rows;
  size_t at = 0;
  while (at < csv.size()) {
    const size_t end = std::min(csv.find('\n', at), csv.size());
    std::vector<std::string_view> cells;
    for (size_t begin = at; begin <= end;) {
      const size_t comma = std::min(csv.find(',', begin), end);
      cells.push_back(std::string_view(csv).substr(begin, comma - begin));
      begin = comma + 1;
    }
    if (names.empty()) names.assign(cells.begin(), cells.end());
    else rows.push_back(std::move(cells));
    at = end + 1;
  }
  Counter counter;
  const double seconds = best_seconds(3, [&] {
    counter.matches = 0;
    classify::TableScanner scanner(classifier, scratch, 0.5F, counter);
    profile::TableProfiler profiler(0);
    scanner.begin(names);
    uint64_t number = 1;
    for (const auto& cells : rows) {
      scanner.row(++number, cells);
      if (with_quality) profiler.row(number, cells);
    }
    scanner.finish();
    profiler.finish(names.size());
  });
  matches = counter.matches;
  return static_cast<double>(csv.size()) / seconds;
}

}  // namespace

void run_classifier_bench() {
  const classify::Classifier classifier(classify::load_rules(classify::builtin_rule_sources()));
  classify::Scratch scratch(classifier.rules());
  classifier.warm_up(scratch);
  fmt::print("Classifier, all {} rules on, one core\n", classifier.rules().rules.size());
  struct Case {
    const char* name;
    std::string text;
    double target;
  };
  const std::array<Case, 4> cases = {
      {{"ordinary text", ordinary_text(text_bytes), target_bytes_per_s},
       {"source code", source_code(text_bytes), target_bytes_per_s},
       {"log lines (time stamps are matches)", log_lines(text_bytes), dense_target_bytes_per_s},
       {"CSV, every field sensitive, as text", sensitive_csv(text_bytes / 4), dense_target_bytes_per_s}}};
  for (const auto& c : cases) {
    Counter counter;
    const double seconds = best_seconds(5, [&] {
      counter.matches = 0;
      classify::TextScanner scanner(classifier, scratch, 0.5F, counter);
      scanner.feed(c.text);
      scanner.finish();
    });
    const double rate = static_cast<double>(c.text.size()) / seconds;
    fmt::print("  {} matches in {} MB\n", counter.matches, c.text.size() / 1'000'000);
    row(c.name, rate / 1e6, "MB/s", "the bound, MB/s", c.target / 1e6, 1.0, true);
    row(c.name, rate / 1e6, "MB/s", "25 patterns in Vectorscan, MB/s", vectorscan_bytes_per_s(c.text) / 1e6, 1.0, true);
  }
  size_t matches = 0;
  const std::string csv = sensitive_csv(text_bytes / 4);
  const double rate = table_bytes_per_s(classifier, scratch, csv, false, matches);
  const double rate_with_quality = table_bytes_per_s(classifier, scratch, csv, true, matches);
  fmt::print("  {} matches in {} MB\n", matches, text_bytes / 4'000'000);
  row("CSV, every field sensitive, as a table", rate / 1e6, "MB/s", "the bound, MB/s", dense_target_bytes_per_s / 1e6,
      1.0, true);
  row("CSV, every field sensitive, as a table", rate / 1e6, "MB/s", "25 patterns in Vectorscan, MB/s",
      vectorscan_bytes_per_s(csv) / 1e6, 1.0, true);
  row("the same with the quality of its columns", rate_with_quality / 1e6, "MB/s", "without, MB/s", rate / 1e6, 0.6,
      true);
}

}  // namespace assay::bench
