#include "extract/office/cell_format.h"

namespace assay::extract {
namespace {

std::string show(std::string_view raw, std::string_view code) {
  CellFormats formats;
  formats.add_number_format(164, code);
  formats.add_cell_format(164);
  return formats.show(raw, 0);
}

TEST(CellFormats, DatesAreIso) {
  EXPECT_EQ(show("1", "d/m/yyyy"), "1900-01-01");
  EXPECT_EQ(show("61", "[$-409]mmm\\ yy"), "1900-03-01");
  EXPECT_EQ(show("44927.25", "yyyy-mm-dd hh:mm"), "2023-01-01 06:00:00");
  EXPECT_EQ(show("0.5", "h:mm AM/PM"), "12:00:00");
  EXPECT_EQ(show("1.5", "[h]:mm:ss"), "36:00:00");
}

TEST(CellFormats, The1904SystemBeginsFourYearsLater) {
  CellFormats formats;
  formats.count_days_from_1904();
  formats.add_cell_format(14);
  EXPECT_EQ(formats.show("0", 0), "1904-01-01");
}

TEST(CellFormats, MasksOfDigitsShowTheirSeparators) {
  EXPECT_EQ(show("536228145", "000\\-00\\-0000"), "536-22-8145");
  EXPECT_EQ(show("36228145", "000-00-0000"), "036-22-8145");
  EXPECT_EQ(show("1234", "00000"), "01234");
  EXPECT_EQ(show("4111111111111111", "0000\" \"0000\" \"0000\" \"0000"), "4111 1111 1111 1111");
}

TEST(CellFormats, OtherFormatsLeaveTheNumber) {
  EXPECT_EQ(show("1234.5", "#,##0.00"), "1234.5");
  EXPECT_EQ(show("42", "0"), "42");
  EXPECT_EQ(show("42", "General"), "42");
  EXPECT_EQ(show("42", "[Red]0.00;\"days\""), "42");
  EXPECT_EQ(show("text", "yyyy"), "text");
  EXPECT_EQ(show("1e400", "0"), "1e400");
}

TEST(CellFormats, GeneralNumbersHaveNoExponentWhileIntegers) {
  EXPECT_EQ(show_general(4111111111111111.0), "4111111111111111");
  EXPECT_EQ(show_general(1e20), "100000000000000000000");
  EXPECT_EQ(show_general(0.1 + 0.2), "0.3");
  EXPECT_EQ(show_general(-5), "-5");
}

}  // namespace
}  // namespace assay::extract
