#include "extract/ole/compound_file.h"

#include "extract/failure.h"
#include "extract/ole/compound_file_maker.h"

namespace assay::extract {
namespace {

std::string sample() {
  return CompoundFileMaker()
      .stream("WordDocument", std::string(10'000, 'w'))
      .stream("\005SummaryInformation", "small")
      .stream("Attachments/Item 1/Data", "inner")
      .bytes();
}

TEST(CompoundFile, ListsStoragesBeforeWhatTheyHold) {
  const std::string bytes = sample();
  MemoryInput input(bytes);
  CompoundFile file(input);
  std::vector<std::string> paths;
  for (const auto& entry : file.entries()) paths.push_back(entry.path + (entry.is_storage ? "/" : ""));
  EXPECT_THAT(paths, testing::UnorderedElementsAre("WordDocument", "\005SummaryInformation", "Attachments/",
                                                   "Attachments/Item 1/", "Attachments/Item 1/Data"));
  EXPECT_EQ(file.find("worddocument")->size, 10'000u);
  EXPECT_FALSE(file.truncated());
}

TEST(CompoundFile, ReadsLargeAndSmallStreamsAtAnyOffset) {
  const std::string bytes = sample();
  MemoryInput input(bytes);
  CompoundFile file(input);
  const auto large = file.open("WordDocument");
  ASSERT_NE(large, nullptr);
  char buffer[100];
  EXPECT_EQ(large->read_at(9'950, buffer), 50u);
  EXPECT_EQ(large->read_at(10'000, buffer), 0u);
  EXPECT_EQ(file.open("attachments/ITEM 1/data")->read_all(100), "inner");
  EXPECT_EQ(file.read_prefix("\005SummaryInformation", 3), "sma");
}

TEST(CompoundFile, MissingStreamsAndStoragesAreNotOpened) {
  const std::string bytes = sample();
  MemoryInput input(bytes);
  CompoundFile file(input);
  EXPECT_EQ(file.open("Missing"), nullptr);
  EXPECT_EQ(file.open("Attachments"), nullptr);
  EXPECT_EQ(file.open("WordDocument/inside"), nullptr);
  EXPECT_EQ(file.open(""), nullptr);
}

TEST(CompoundFile, RefusesWhatIsNotOne) {
  for (const std::string& bytes :
       {std::string(), std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8), std::string(4096, 'x')}) {
    MemoryInput input(bytes);
    EXPECT_THROW(CompoundFile{input}, Failure);
  }
}

TEST(CompoundFile, SurvivesEveryCut) {
  const std::string bytes = sample();
  for (size_t cut = 0; cut < bytes.size(); cut += 300) {
    MemoryInput input(std::string_view(bytes).substr(0, cut));
    try {
      CompoundFile file(input);
      for (const auto& entry : file.entries())
        if (const auto stream = file.open(entry.path)) stream->read_all(1 << 20);
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.verdict().kind, model::VerdictKind::partial);
    }
  }
}

TEST(CompoundFile, SurvivesFlippedBytes) {
  const std::string bytes = sample();
  uint32_t random = 12345;
  for (int round = 0; round < 3000; ++round) {
    std::string broken = bytes;
    for (int i = 0; i < 3; ++i) {
      random = random * 1664525 + 1013904223;
      broken[(random >> 8) % broken.size()] = static_cast<char>(random >> 3);
    }
    MemoryInput input(broken);
    try {
      CompoundFile file(input);
      for (const auto& entry : file.entries())
        if (const auto stream = file.open(entry.path)) stream->read_all(1 << 20);
    } catch (const Failure&) {
    }
  }
}

class FailingInput final : public Input {
 public:
  explicit FailingInput(std::string bytes) : bytes_(std::move(bytes)), memory_(bytes_) {}
  size_t read_at(uint64_t offset, std::span<char> out) override {
    if (reads_left-- == 0) throw Failure(model::VerdictKind::io_error, "source failed");
    return memory_.read_at(offset, out);
  }
  std::optional<uint64_t> known_size() const override { return memory_.known_size(); }
  uint64_t size() override { return memory_.size(); }
  int reads_left = 1 << 20;

 private:
  std::string bytes_;
  MemoryInput memory_;
};

TEST(CompoundFile, AFailureOfTheSourceKeepsItsVerdict) {
  for (int reads = 0; reads < 12; ++reads) {
    FailingInput input(sample());
    input.reads_left = reads;
    try {
      CompoundFile file(input);
      file.open("WordDocument")->read_all(1 << 20);
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.verdict().kind, model::VerdictKind::io_error) << reads;
    }
  }
}

}  // namespace
}  // namespace assay::extract
