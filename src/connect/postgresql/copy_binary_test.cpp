#include "connect/postgresql/copy_binary.h"

#include <gtest/gtest.h>

#include <bit>
#include <functional>

#include "core/error.h"

namespace assay::connect::postgresql {
namespace {

using model::CellKind;
using BinaryForm = ColumnPlan::BinaryForm;

const std::string header = std::string("PGCOPY\n\377\r\n\0", 11) + std::string(8, '\0');
const std::string end_of_rows = "\377\377";

ColumnPlan plan(CellKind kind, BinaryForm form = BinaryForm::bytes) {
  ColumnPlan plan{.kind = kind, .expression = {}};
  plan.binary = form;
  return plan;
}

const std::vector<ColumnPlan> two{plan(CellKind::text), plan(CellKind::binary)};
const std::vector<ColumnPlan> one_number{plan(CellKind::text, BinaryForm::integer)};

template <typename Number>
std::string in_network_order(Number number) {
  number = std::byteswap(number);
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

std::string row_of(std::initializer_list<std::string> fields) {
  std::string row = in_network_order(static_cast<int16_t>(fields.size()));
  for (const std::string& field : fields) row += in_network_order(static_cast<int32_t>(field.size())) + field;
  return row;
}

const std::string no_value = in_network_order(int32_t{-1});

std::string rows_in(std::initializer_list<std::string> messages, const std::vector<ColumnPlan>& plans = two,
                    bool has_bound = false) {
  CopyBinary rows;
  rows.begin(plans, has_bound);
  std::string out;
  for (const std::string& message : messages) rows.append_row(message, out);
  return out;
}

std::string written(const std::function<void(model::RowStreamWriter&)>& write) {
  std::string out;
  model::RowStreamWriter writer(out);
  write(writer);
  return out;
}

TEST(CopyBinary, RowsComeBehindTheHeaderAndBeforeTheEnd) {
  const std::string row = row_of({"Ada", std::string("\0\1", 2)});
  const std::string expected = written([](model::RowStreamWriter& writer) {
    for (int i = 0; i < 2; ++i) {
      writer.begin_row();
      writer.cell(CellKind::text, "Ada");
      writer.cell(CellKind::binary, std::string_view("\0\1", 2));
    }
  });
  EXPECT_EQ(rows_in({header + row, row, end_of_rows}), expected);
  EXPECT_EQ(rows_in({header, row, row, end_of_rows}), expected);
  EXPECT_EQ(rows_in({header + end_of_rows}), "");
}

TEST(CopyBinary, NothingIsNotAnEmptyText) {
  EXPECT_EQ(rows_in({header + in_network_order(int16_t{2}) + no_value + in_network_order(int32_t{0})}),
            written([](model::RowStreamWriter& writer) {
              writer.begin_row();
              writer.null();
              writer.cell(CellKind::binary, "");
            }));
}

TEST(CopyBinary, IntegersAreTheirDigits) {
  const auto digits_of = [](const std::string& field) { return rows_in({header + row_of({field})}, one_number); };
  const auto cell = [](std::string_view digits) {
    return written([&](model::RowStreamWriter& writer) {
      writer.begin_row();
      writer.cell(CellKind::text, digits);
    });
  };
  EXPECT_EQ(digits_of(in_network_order(int16_t{-32768})), cell("-32768"));
  EXPECT_EQ(digits_of(in_network_order(int32_t{2147483647})), cell("2147483647"));
  EXPECT_EQ(digits_of(in_network_order(INT64_MIN)), cell("-9223372036854775808"));
  EXPECT_THROW(digits_of("abc"), core::Error);
}

TEST(CopyBinary, TheFirstFieldIsTheBoundOfTheOthersWhereThereIsOne) {
  EXPECT_EQ(rows_in({header + row_of({in_network_order(int64_t{3}), "abcd", "abc"})}, two, true),
            written([](model::RowStreamWriter& writer) {
              writer.begin_row();
              writer.cell(CellKind::text, "abcd", 3);
              writer.cell(CellKind::binary, "abc", 3);
            }));
}

TEST(CopyBinary, ATableWithoutColumnsHasEmptyRows) {
  EXPECT_EQ(rows_in({header + row_of({}), row_of({})}, {}), "\1\1");
}

TEST(CopyBinary, EachTableHasAHeaderOfItsOwn) {
  CopyBinary rows;
  std::string out;
  for (int table = 0; table < 2; ++table) {
    rows.begin(two, false);
    EXPECT_TRUE(rows.append_row(header + row_of({"a", "b"}), out));
    EXPECT_FALSE(rows.append_row(end_of_rows, out));
  }
}

TEST(CopyBinary, WhatCannotBeIsABugAndLeavesTheRowsBefore) {
  const std::string row = row_of({"Ada", "x"});
  CopyBinary rows;
  for (const std::string& wrong :
       {std::string("Ada\tx\n"), header + row_of({"Ada"}), header + row_of({"a", "b", "c"}),
        header + row.substr(0, row.size() - 1), header + row + "x", header + std::string(1, '\0'),
        header + row.substr(0, 4), header.substr(0, 15), header.substr(0, 15) + "\1234"}) {
    rows.begin(two, false);
    std::string out = "before";
    EXPECT_THROW(rows.append_row(wrong, out), core::Error);
    EXPECT_EQ(out, "before");
  }
}

TEST(CopyBinary, OnlyTextsAndIntegersAreAskedForInIt) {
  EXPECT_TRUE(CopyBinary::can_read(two));
  EXPECT_TRUE(CopyBinary::can_read(one_number));
  EXPECT_FALSE(CopyBinary::can_read(std::vector{two[0], plan(CellKind::text, BinaryForm::other)}));
}

}  // namespace
}  // namespace assay::connect::postgresql
