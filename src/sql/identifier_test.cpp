#include "sql/identifier.h"

#include <gtest/gtest.h>

namespace assay::sql {
namespace {

TEST(QuoteIdentifier, DoublesInnerQuotesAndKeepsTheRest) {
  for (const Dialect dialect : {Dialect::sqlite, Dialect::postgresql}) {
    EXPECT_EQ(quote_identifier(dialect, "plain"), "\"plain\"");
    EXPECT_EQ(quote_identifier(dialect, "Order"), "\"Order\"");
    EXPECT_EQ(quote_identifier(dialect, "a\"b\"\"c"), "\"a\"\"b\"\"\"\"c\"");
    EXPECT_EQ(quote_identifier(dialect, "\""), "\"\"\"\"");
    EXPECT_EQ(quote_identifier(dialect, "x\"; DROP TABLE y; --"), "\"x\"\"; DROP TABLE y; --\"");
    EXPECT_EQ(quote_identifier(dialect, "new\nline 'quote' \\ [x] `y` $1"), "\"new\nline 'quote' \\ [x] `y` $1\"");
    EXPECT_EQ(quote_identifier(dialect, "Größe 東京"), "\"Größe 東京\"");
  }
}

TEST(QuoteIdentifier, RefusesWhatNoNameCanBe) {
  for (const Dialect dialect : {Dialect::sqlite, Dialect::postgresql})
    for (const std::string_view name : {std::string_view(), std::string_view("a\0b", 3), std::string_view("\xff")}) {
      try {
        quote_identifier(dialect, name);
        ADD_FAILURE() << "was taken";
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      }
    }
}

}  // namespace
}  // namespace assay::sql
