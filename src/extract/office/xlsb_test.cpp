#include <bit>

#include "extract/archive/test_archives.h"
#include "extract/office/office.h"
#include "extract/office/xlsb_records.h"

namespace assay::extract::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::string u32(uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}
std::string wide(std::string_view text) {
  std::string bytes = u32(static_cast<uint32_t>(text.size()));
  for (const char c : text) bytes += {c, '\0'};
  return bytes;
}
std::string real(double value) {
  const auto bits = std::bit_cast<uint64_t>(value);
  return u32(static_cast<uint32_t>(bits)) + u32(static_cast<uint32_t>(bits >> 32));
}
std::string record(uint32_t type, const std::string& data) {
  std::string bytes;
  bytes += static_cast<char>(type < 128 ? type : (type & 0x7F) | 0x80);
  if (type >= 128) bytes += static_cast<char>(type >> 7);
  size_t size = data.size();
  do {
    bytes += static_cast<char>((size & 0x7F) | (size > 0x7F ? 0x80 : 0));
    size >>= 7;
  } while (size > 0);
  return bytes + data;
}
std::string cell(uint32_t type, uint32_t column, const std::string& value, uint32_t style = 0) {
  return record(type, u32(column) + u32(style) + value);
}

const std::string rels =
    "<Relationships><Relationship Id=\"rId1\" Type=\"t/worksheet\" Target=\"worksheets/sheet1.bin\"/></Relationships>";

TEST(Xlsb, CellsOfAllKindsAreRead) {
  const std::string sheet = record(0, u32(0)) + cell(7, 0, u32(1)) + cell(7, 1, u32(0)) + record(0, u32(4)) +
                            cell(6, 0, wide("Bob")) + cell(5, 1, real(4111111111111111.0)) +
                            cell(2, 2, u32(1234 << 2 | 2)) + cell(4, 3, "\1") + cell(8, 4, wide("computed")) +
                            cell(9, 5, real(30000), 1);
  const std::string styles = record(617, u32(2)) + record(47, std::string(16, '\0')) +
                             record(47, std::string("\0\0\x0e\0", 4) + std::string(12, '\0')) + record(618, "");
  const Extracted result = run_extractor(
      extract_xlsb, make_archive({{"xl/workbook.bin", record(156, u32(0) + u32(1) + wide("rId1") + wide("People"))},
                                  {"xl/_rels/workbook.bin.rels", rels},
                                  {"xl/styles.bin", styles},
                                  {"xl/sharedStrings.bin", record(19, std::string(1, '\0') + wide("Card")) +
                                                               record(19, std::string(1, '\0') + wide("Name"))},
                                  {"xl/worksheets/sheet1.bin", sheet},
                                  {"xl/worksheets/_rels/sheet1.bin.rels",
                                   "<Relationships><Relationship Id=\"r\" Type=\"t/comments\" "
                                   "Target=\"../comments1.bin\"/></Relationships>"},
                                  {"xl/comments1.bin", record(635, u32(0) + u32(4) + u32(4) + u32(1) + u32(1)) +
                                                           record(637, std::string(1, '\0') + wide("a remark"))},
                                  {"xl/calcChain.bin", "binary"},
                                  {"xl/vbaProject.bin", "macro"}}));
  ASSERT_THAT(result.tables, ::testing::SizeIs(1));
  EXPECT_EQ(result.tables[0].info.name, "People");
  EXPECT_THAT(result.tables[0].info.columns, ElementsAre("Name", "Card"));
  EXPECT_EQ(result.tables[0].rows.at(1).first, 5U);
  EXPECT_THAT(result.tables[0].rows.at(1).second,
              ElementsAre("Bob", "4111111111111111", "1234", "TRUE", "computed", "1982-02-18"));
  EXPECT_EQ(result.text_of("comments"), "a remark\n");
  EXPECT_EQ(result.texts.back().part.table + "!" + result.texts.back().part.cell, "People!B5");
  ASSERT_THAT(result.members, ::testing::SizeIs(1));
  EXPECT_EQ(result.members[0].name, "xl/vbaProject.bin");
}

TEST(Xlsb, RecordsMayComeInAnyPieces) {
  const std::string bytes = record(300, "abc") + record(1, std::string(200, 'y'));
  std::vector<std::pair<uint32_t, size_t>> seen;
  XlsbRecords records([&](uint32_t type, std::string_view data) { seen.emplace_back(type, data.size()); });
  for (const char c : bytes) records.feed(std::string_view(&c, 1));
  EXPECT_THAT(seen, ElementsAre(std::pair(300U, size_t{3}), std::pair(1U, size_t{200})));
}

TEST(Xlsb, HugeRecordsArePassedOver) {
  const std::string bytes = record(5, std::string(2'000'000, 'x')) + record(1, "z");
  std::vector<uint32_t> seen;
  XlsbRecords records([&](uint32_t type, std::string_view) { seen.push_back(type); });
  for (size_t at = 0; at < bytes.size(); at += 7000) records.feed(std::string_view(bytes).substr(at, 7000));
  EXPECT_THAT(seen, ElementsAre(1U));
  EXPECT_TRUE(records.passed_over_any());
}

TEST(Xlsb, FieldsPastTheEndAreZero) {
  XlsbFields fields(std::string_view("\x05\0\0\0a", 5));
  EXPECT_EQ(fields.wide_string(), "");
  EXPECT_EQ(fields.real(), 0.0);
}

}  // namespace
}  // namespace assay::extract::testing
