// What is fetched and breaks off on its way: the examiner takes an early end for the end, and the scanner knows better.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "connect/delivery.h"
#include "scan/examiner_pool.h"
#include "scan/object_scanner.h"
#include "tests/support/scanning.h"

namespace assay::tests {
namespace {

using ::testing::SizeIs;

// A table of that many rows, whose reader fails behind them if it is told to.
class Table final : public connect::ObjectReader {
 public:
  Table(int rows, bool breaks_off) : breaks_off_(breaks_off) {
    bytes_ = "id,team\n";
    for (int i = 0; i < rows; ++i) bytes_ += std::to_string(100'000 + i) + (i % 2 == 0 ? ",red\n" : ",green\n");
  }
  size_t read(std::span<char> out) override {
    if (at_ == bytes_.size() && breaks_off_)
      throw connect::ReadFailure({model::VerdictKind::changed, "another version"});
    const size_t n = std::min(out.size(), bytes_.size() - at_);
    bytes_.copy(out.data(), n, at_);
    at_ += n;
    return n;
  }

 private:
  std::string bytes_;
  size_t at_ = 0;
  const bool breaks_off_;
};

struct Said final : scan::ObjectSink {
  void on_finding(const model::Finding&) override {}
  void on_column(model::ColumnFinding&&) override {}
  void on_profile(model::TableProfile&& profile) override { profiles.push_back(std::move(profile)); }
  void on_member(model::ObjectRecord&&) override {}
  void on_object(model::ObjectRecord&& record) override { records.push_back(std::move(record)); }
  void on_abandoned(const std::string& object) override { ADD_FAILURE() << object; }
  std::vector<model::TableProfile> profiles;
  std::vector<model::ObjectRecord> records;
};

Said scan_of(int rows, bool breaks_off) {
  scan::ScanOptions options = scan_options({});
  options.profile = model::ProfileScope::all;
  scan::ObjectScanner scanner(scan::examiner_pool_options(options), 0);
  const auto delivery = std::make_shared<connect::Delivery>(std::make_unique<Table>(rows, breaks_off));
  std::vector<scan::OpenObject> objects(1);
  objects[0].path = objects[0].name = "team.csv";
  objects[0].fd = delivery->take_descriptor();
  objects[0].is_stream = delivery->is_stream();
  objects[0].delivery = delivery;
  Said said;
  scanner.submit(std::move(objects), said);
  delivery->pump();
  scanner.drain();
  return said;
}

TEST(Delivery, AProfileOfWhatBrokeOffIsASample) {
  for (const int rows : {100, 200'000}) {  // in memory, and pumped
    const Said whole = scan_of(rows, false);
    ASSERT_THAT(whole.profiles, SizeIs(1));
    EXPECT_EQ(whole.profiles[0].rows, static_cast<uint64_t>(rows));
    EXPECT_FALSE(whole.profiles[0].is_sample);
    const Said broken = scan_of(rows, true);
    ASSERT_THAT(broken.profiles, SizeIs(1));
    EXPECT_TRUE(broken.profiles[0].is_sample) << rows;
    ASSERT_THAT(broken.records, SizeIs(1));
    EXPECT_EQ(broken.records[0].verdict.kind, model::VerdictKind::changed);
  }
}

}  // namespace
}  // namespace assay::tests
