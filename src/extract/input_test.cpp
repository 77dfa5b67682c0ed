#include "extract/input.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "extract/failure.h"

namespace assay::extract {
namespace {

struct FileCloser {
  void operator()(FILE* file) const { std::fclose(file); }
};

std::unique_ptr<FILE, FileCloser> temporary_file(std::string_view content = {}) {
  std::unique_ptr<FILE, FileCloser> file(std::tmpfile());
  EXPECT_EQ(::pwrite(fileno(file.get()), content.data(), content.size(), 0), static_cast<ssize_t>(content.size()));
  return file;
}

std::string pattern(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 251);
  return bytes;
}

SpooledInput::Pull pull_from(const std::string& bytes, size_t& at, size_t step) {
  return [&bytes, &at, step](std::span<char> out) {
    const size_t n = std::min({out.size(), step, bytes.size() - at});
    std::copy_n(bytes.data() + at, n, out.data());
    at += n;
    return n;
  };
}

std::string read(Input& input, uint64_t offset, size_t size) {
  std::string bytes(size, '\0');
  bytes.resize(input.read_at(offset, bytes));
  return bytes;
}

TEST(MemoryInput, ReadsAnywhereAndStopsAtTheEnd) {
  MemoryInput input("0123456789");
  EXPECT_EQ(read(input, 3, 4), "3456");
  EXPECT_EQ(read(input, 8, 4), "89");
  EXPECT_EQ(read(input, 10, 4), "");
  EXPECT_EQ(read(input, UINT64_MAX, 4), "");
  EXPECT_EQ(input.size(), 10U);
  EXPECT_EQ(input.read_all(10), "0123456789");
  EXPECT_EQ(input.read_all(9), std::nullopt);
}

TEST(FileInput, ReadsAWindowOfTheFile) {
  const auto file = temporary_file("0123456789");
  FileInput whole(fileno(file.get()));
  EXPECT_EQ(whole.known_size(), 10U);
  EXPECT_EQ(read(whole, 7, 10), "789");
  FileInput bounded(fileno(file.get()), 4);
  EXPECT_EQ(bounded.size(), 4U);
  EXPECT_EQ(read(bounded, 2, 10), "23");
  EXPECT_EQ(read(bounded, 5, 10), "");
}

TEST(FileInput, HoldsNoMoreThanIsThere) {
  const auto file = temporary_file("0123456789");
  FileInput input(fileno(file.get()));
  ASSERT_EQ(::ftruncate(fileno(file.get()), 6), 0);
  EXPECT_EQ(input.known_size(), 10U);
  EXPECT_EQ(read(input, 0, 10), "012345");
  EXPECT_EQ(input.known_size(), 6U);
  EXPECT_EQ(read(input, 6, 10), "");
}

TEST(FileInput, RejectsADescriptorThatIsNotOne) { EXPECT_THROW(FileInput(-1), Failure); }

TEST(SpooledInput, KeepsSmallContentInMemory) {
  const std::string bytes = pattern(100'000);
  size_t at = 0;
  Scratch scratch(-1, 0);
  SpooledInput input(pull_from(bytes, at, 777), scratch, 1 << 20);
  EXPECT_EQ(input.known_size(), std::nullopt);
  EXPECT_EQ(read(input, 50'000, 1000), bytes.substr(50'000, 1000));
  EXPECT_LT(at, bytes.size());
  EXPECT_EQ(read(input, 0, 10), bytes.substr(0, 10));
  EXPECT_EQ(input.size(), bytes.size());
  EXPECT_EQ(input.known_size(), bytes.size());
  EXPECT_EQ(input.read_all(1 << 20), bytes);
}

TEST(SpooledInput, FailsAgainWhereItFailed) {
  const std::string bytes = pattern(100'000);
  size_t at = 0;
  Scratch scratch(-1, 0);
  SpooledInput input(pull_from(bytes, at, 777), scratch, 50'000);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW(input.size(), Failure);
    EXPECT_EQ(read(input, 49'000, 100), bytes.substr(49'000, 100));
    EXPECT_THROW(read(input, 49'000, 1000), Failure);
  }
  EXPECT_LT(at, 51'000U) << "nothing behind the bound was asked for again";
}

TEST(SpooledInput, MovesLargeContentToScratchAndGivesItBack) {
  const std::string bytes = pattern(5'000'001);
  const auto file = temporary_file();
  Scratch scratch(fileno(file.get()), 64 << 20);
  {
    size_t at = 0;
    SpooledInput outer(pull_from(bytes, at, 65536), scratch, 64 << 20);
    EXPECT_EQ(outer.size(), bytes.size());
    const uint64_t outer_top = scratch.top();
    EXPECT_EQ(outer_top, bytes.size());
    {
      size_t inner_at = 0;
      SpooledInput inner(pull_from(bytes, inner_at, 10'000), scratch, 64 << 20);
      EXPECT_EQ(inner.read_all(64 << 20), bytes);
      EXPECT_EQ(scratch.top(), 2 * bytes.size());
      EXPECT_EQ(read(outer, 4'000'000, 100), bytes.substr(4'000'000, 100));
    }
    EXPECT_EQ(scratch.top(), outer_top);
    EXPECT_EQ(outer.read_all(64 << 20), bytes);
  }
  EXPECT_EQ(scratch.top(), 0U);
}

model::VerdictKind kind_of_failure(const std::function<void()>& action) {
  try {
    action();
  } catch (const Failure& failure) {
    return failure.verdict().kind;
  }
  return model::VerdictKind::ok;
}

TEST(SpooledInput, LimitsMemberBytesAndScratchBytes) {
  const std::string bytes = pattern(3'000'000);
  const auto file = temporary_file();
  size_t at = 0;
  Scratch roomy(fileno(file.get()), 64 << 20);
  SpooledInput member(pull_from(bytes, at, 4096), roomy, 2'000'000);
  EXPECT_EQ(kind_of_failure([&] { member.size(); }), model::VerdictKind::limit);

  size_t second_at = 0;
  Scratch tight(fileno(file.get()), 2'000'000);
  SpooledInput spooled(pull_from(bytes, second_at, 4096), tight, 64 << 20);
  EXPECT_EQ(kind_of_failure([&] { spooled.size(); }), model::VerdictKind::limit);
}

TEST(SpooledInput, PassesOnTheFailureOfItsSource) {
  Scratch scratch(-1, 0);
  SpooledInput input([](std::span<char>) -> size_t { throw Failure(model::VerdictKind::partial, "damaged"); }, scratch,
                     100);
  EXPECT_EQ(kind_of_failure([&] { input.size(); }), model::VerdictKind::partial);
}

}  // namespace
}  // namespace assay::extract
