// Spoils good files in every way that costs nothing to think of, and scans what comes out. No mutant may crash its
// examiner or make it ask the kernel for something; each gets exactly one verdict.
//   ASSAY_MUTANTS        how many; 10000
//   ASSAY_MUTATION_SEED  where the random numbers begin
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "tests/support/mutator.h"
#include "tests/support/samples.h"
#include "tests/support/scanning.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {
namespace {

namespace fs = std::filesystem;
using model::VerdictKind;

constexpr size_t largest_sample = 200 << 10;
constexpr size_t batch = 1000;

uint64_t from_environment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? std::strtoull(value, nullptr, 10) : otherwise;
}

Files material() {
  Files files = one_of_each("Card 4111 1111 1111 1111, mail ann.other@mail-host.org, born 1970-01-02");
  if (const auto root = corpora()) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(*root))
      if (entry.is_regular_file() && entry.file_size() > 0 && entry.file_size() <= largest_sample)
        paths.push_back(entry.path());
    std::ranges::sort(paths);
    for (const auto& path : paths) files.emplace_back(path.filename().string(), read_file(path));
  } else {
    fmt::print("The corpora are absent: only generated files are spoilt.\n");
  }
  return files;
}

// Where files cost least.
fs::path quick_directory() { return fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path(); }

// What went wrong is kept, so that it can be looked at.
std::string keep(const std::string& path, uint64_t seed) {
  const fs::path folder = fs::path(ASSAY_BUILD_DIR) / "mutants";
  const fs::path copy = folder / fmt::format("{}-{}", seed, fs::path(path).filename().string());
  std::error_code error;
  fs::create_directories(folder, error);
  fs::copy_file(path, copy, fs::copy_options::overwrite_existing, error);
  return copy.string();
}

TEST(Mutation, NoSpoiltFileDoesHarm) {
  const uint64_t seed = from_environment("ASSAY_MUTATION_SEED", 20'240'229);
  const uint64_t count = from_environment("ASSAY_MUTANTS", 10'000);
  const Files files = material();
  std::array<uint64_t, model::verdict_kind_count> verdicts{};
  uint64_t elapsed_ms = 0, members = 0;
  for (uint64_t begin = 0; begin < count; begin += batch) {
    const TemporaryTree tree(quick_directory());
    const uint64_t end = std::min(count, begin + batch);
    for (uint64_t i = begin; i < end; ++i) {
      Mutator mutator(seed * 1'000'003 + i);
      const auto& [name, content] = mutator.pick(files);
      tree.write(fmt::format("{:06}-{}", i, name), mutator.spoil(content, files));
    }
    auto options = scan_options({tree.root()});
    options.ocr = begin == 0;  // slow, so only for some
    options.binaries = true;
    options.limits.max_expanded_bytes = uint64_t{256} << 20;
    const ScanResult result = run(options);
    elapsed_ms += static_cast<uint64_t>(result.elapsed.count());
    members += result.summary.members;
    EXPECT_EQ(result.summary.objects, end - begin);
    std::map<std::string, int> records;
    for (const auto& record : result.records) {
      if (record.member.empty()) {
        ++verdicts[static_cast<size_t>(record.verdict.kind)];
        EXPECT_EQ(++records[record.object], 1) << record.object;
      }
      for (const auto kind : {VerdictKind::crash, VerdictKind::violation, VerdictKind::oom, VerdictKind::timeout})
        if (record.verdict.kind == kind)
          ADD_FAILURE() << to_text(record.verdict) << " in '" << record.member << "' of a " << record.format
                        << ", kept as " << keep(record.object, seed);
    }
    EXPECT_EQ(records.size(), end - begin);
  }
  fmt::print("{} mutants of {} files, seed {}, {} members, scanned in {} ms:\n", count, files.size(), seed, members,
             elapsed_ms);
  for (size_t i = 0; i < verdicts.size(); ++i)
    if (verdicts[i] != 0) fmt::print("  {:<12} {:>6}\n", model::to_string(static_cast<VerdictKind>(i)), verdicts[i]);
}

}  // namespace
}  // namespace assay::tests
