#include "connect/delivery.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "core/error.h"

namespace assay::connect {
namespace {

// Gives `size` letters, then ends as it was told to.
class Letters final : public ObjectReader {
 public:
  enum class End : uint8_t { well, changed, source_gone };
  explicit Letters(size_t size, End end = End::well) : left_(size), end_(end) {}

  size_t read(std::span<char> out) override {
    if (left_ == 0) {
      if (end_ == End::changed) throw ReadFailure({model::VerdictKind::changed, "another version"});
      if (end_ == End::source_gone) throw core::Error(core::ErrorKind::transient, "the server is gone");
      return 0;
    }
    const size_t n = std::min({out.size(), left_, size_t{40'000}});
    std::fill_n(out.begin(), n, 'x');
    left_ -= n;
    return n;
  }

 private:
  size_t left_;
  End end_;
};

size_t bytes_of(int fd) {
  char buffer[60'000];
  size_t bytes = 0;
  ssize_t n;
  while ((n = ::read(fd, buffer, sizeof buffer)) > 0) bytes += static_cast<size_t>(n);
  EXPECT_EQ(n, 0);
  return bytes;
}

TEST(Delivery, ASmallObjectIsInMemoryAndCanBeReadAtAnyPlace) {
  Delivery delivery(std::make_unique<Letters>(500'000));
  EXPECT_FALSE(delivery.is_stream());
  const core::Fd fd = delivery.take_descriptor();
  char byte = 0;
  EXPECT_EQ(::pread(fd.get(), &byte, 1, 499'999), 1);
  EXPECT_EQ(bytes_of(fd.get()), 500'000U);
  EXPECT_EQ(::pwrite(fd.get(), "y", 1, 0), -1) << "nobody may change it while it is examined";
  EXPECT_EQ(delivery.failure(), std::nullopt);
}

TEST(Delivery, ALargeObjectIsPumpedWhileItIsRead) {
  constexpr size_t size = 30'000'000;
  Delivery delivery(std::make_unique<Letters>(size));
  ASSERT_TRUE(delivery.is_stream());
  size_t bytes = 0;
  std::jthread examiner([&bytes, fd = delivery.take_descriptor()] { bytes = bytes_of(fd.get()); });
  delivery.pump();
  examiner.join();
  EXPECT_EQ(bytes, size);
  EXPECT_EQ(delivery.failure(), std::nullopt);
}

TEST(Delivery, AReaderIsLetGoAsSoonAsNobodyReadsItAnyMore) {
  class Tracked final : public ObjectReader {
   public:
    Tracked(size_t size, Letters::End end, bool& is_gone) : letters_(size, end), is_gone_(is_gone) {}
    ~Tracked() override { is_gone_ = true; }
    size_t read(std::span<char> out) override { return letters_.read(out); }

   private:
    Letters letters_;
    bool& is_gone_;
  };
  for (const auto end : {Letters::End::well, Letters::End::changed}) {
    bool is_gone = false;
    const Delivery small(std::make_unique<Tracked>(1'000, end, is_gone));
    EXPECT_TRUE(is_gone);
  }
  for (const auto end : {Letters::End::well, Letters::End::changed, Letters::End::source_gone}) {
    bool is_gone = false;
    Delivery large(std::make_unique<Tracked>(5'000'000, end, is_gone));
    EXPECT_FALSE(is_gone);
    std::jthread examiner([fd = large.take_descriptor()] { bytes_of(fd.get()); });
    try {
      large.pump();
    } catch (const core::Error&) {
      EXPECT_EQ(end, Letters::End::source_gone);
    }
    EXPECT_TRUE(is_gone);
  }
}

TEST(Delivery, AnExaminerThatHasEnoughEndsIt) {
  Delivery delivery(std::make_unique<Letters>(size_t{1} << 40));
  std::jthread examiner([fd = delivery.take_descriptor()] {
    char byte;
    EXPECT_EQ(::read(fd.get(), &byte, 1), 1);
  });
  delivery.pump();
  EXPECT_EQ(delivery.failure(), std::nullopt);
}

TEST(Delivery, AnObjectThatChangesIsKnownAsSuchWhenTheEndIsSeen) {
  for (const size_t size : {size_t{1000}, size_t{10'000'000}}) {
    Delivery delivery(std::make_unique<Letters>(size, Letters::End::changed));
    std::optional<model::Verdict> seen;
    std::jthread examiner([&, fd = delivery.take_descriptor()] {
      EXPECT_EQ(bytes_of(fd.get()), size);
      seen = delivery.failure();
    });
    delivery.pump();
    examiner.join();
    EXPECT_EQ(seen, (model::Verdict{model::VerdictKind::changed, "another version"}));
  }
}

TEST(Delivery, ASourceThatIsGoneEndsTheTaskToo) {
  EXPECT_THROW(Delivery(std::make_unique<Letters>(10, Letters::End::source_gone)), core::Error);
  Delivery delivery(std::make_unique<Letters>(10'000'000, Letters::End::source_gone));
  std::jthread examiner([fd = delivery.take_descriptor()] { bytes_of(fd.get()); });
  EXPECT_THROW(delivery.pump(), core::Error);
  EXPECT_EQ(delivery.failure()->kind, model::VerdictKind::io_error);
}

}  // namespace
}  // namespace assay::connect
