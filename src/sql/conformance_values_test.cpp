#include <array>
#include <limits>
#include <vector>

#include "sql/conformance_test.h"

namespace assay::sql {
namespace {

using testing::HasSubstr;
using testing::Not;

class Values : public Conformance {};

TEST_P(Values, IntegersKeepTheirLimits) {
  for (const int64_t number : {int64_t{0}, int64_t{-1}, std::numeric_limits<int64_t>::min(),
                               std::numeric_limits<int64_t>::max(), int64_t{1} << 40}) {
    const std::array<Value, 1> parameters{number};
    EXPECT_EQ(connection_->query("SELECT $1", parameters).integer(0, 0), number);
    connection_->stream("SELECT $1", parameters, [&](const RowView& row) {
      EXPECT_EQ(row.integer(0), number);
      return true;
    });
  }
}

TEST_P(Values, RealNumbersKeepAllTheirDigits) {
  for (const double number : {0.0, 0.1, -2.5, 1.0 / 3, 1e300, 5e-324, std::numeric_limits<double>::max(),
                              std::numeric_limits<double>::infinity(), 3.0}) {
    const std::array<Value, 1> parameters{number};
    EXPECT_EQ(connection_->query("SELECT $1", parameters).real(0, 0), number);
    connection_->stream("SELECT $1", parameters, [&](const RowView& row) {
      EXPECT_EQ(row.real(0), number);
      return true;
    });
  }
}

TEST_P(Values, AnIntegerIsARealNumberToo) {
  const std::array<Value, 1> parameters{int64_t{12}};
  EXPECT_EQ(connection_->query("SELECT $1", parameters).real(0, 0), 12.0);
}

TEST_P(Values, TruthValues) {
  const std::array<Value, 2> parameters{true, false};
  const Rows rows = connection_->query("SELECT $1, $2", parameters);
  EXPECT_TRUE(rows.boolean(0, 0));
  EXPECT_FALSE(rows.boolean(0, 1));
  connection_->run_script("CREATE TABLE flags (id bigint, flag boolean)");
  connection_->execute("INSERT INTO flags VALUES (1, $1), (2, $2)", parameters);
  EXPECT_EQ(number("SELECT id FROM flags WHERE flag"), 1);
}

TEST_P(Values, NullsAreNoTexts) {
  const std::array<Value, 2> parameters{nullptr, std::string_view()};
  const Rows rows = connection_->query("SELECT $1, $2", parameters);
  EXPECT_TRUE(rows.is_null(0, 0));
  EXPECT_FALSE(rows.is_null(0, 1));
  EXPECT_EQ(rows.text(0, 1), "");
  EXPECT_EQ(rows.optional_text(0, 0), std::nullopt);
  EXPECT_EQ(rows.optional_integer(0, 0), std::nullopt);
  EXPECT_EQ(rows.optional_text(0, 1), "");
  EXPECT_EQ(error_of([&] { rows.text(0, 0); }).kind(), core::ErrorKind::bug);
  connection_->stream("SELECT $1, $2", parameters, [](const RowView& row) {
    EXPECT_EQ(row.columns(), 2u);
    EXPECT_TRUE(row.is_null(0));
    EXPECT_EQ(error_of([&] { row.integer(0); }).kind(), core::ErrorKind::bug);
    EXPECT_EQ(row.text(1), "");
    return true;
  });
}

TEST_P(Values, AskingForTheWrongTypeIsABug) {
  const Rows rows = connection_->query("SELECT 'twelve', '1.5', '7x'");
  EXPECT_EQ(error_of([&] { rows.integer(0, 0); }).kind(), core::ErrorKind::bug);
  EXPECT_EQ(error_of([&] { rows.integer(0, 1); }).kind(), core::ErrorKind::bug);
  EXPECT_EQ(error_of([&] { rows.integer(0, 2); }).kind(), core::ErrorKind::bug);
  EXPECT_EQ(error_of([&] { rows.boolean(0, 0); }).kind(), core::ErrorKind::bug);
  EXPECT_EQ(rows.real(0, 1), 1.5);
  EXPECT_EQ(error_of([&] { rows.text(1, 0); }).kind(), core::ErrorKind::bug);
  EXPECT_EQ(error_of([&] { rows.text(0, 3); }).kind(), core::ErrorKind::bug);
  EXPECT_THAT(error_of([&] { rows.integer(0, 0); }).what(), Not(HasSubstr("twelve")));
}

TEST_P(Values, TextOfManyScriptsAndSizes) {
  const std::string large(5'000'000, 'x');
  for (const std::string_view text : {std::string_view("plain"), std::string_view("Größe, 東京, 🔑, \u0001\t\n\r"),
                                      std::string_view("'\"\\$1;--"), std::string_view(large)}) {
    const std::array<Value, 1> parameters{text};
    EXPECT_TRUE(cell("SELECT $1", parameters) == text);
  }
}

TEST_P(Values, BlobsHoldAnyByte) {
  std::string bytes;
  for (int round = 0; round < 1000; ++round)
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  connection_->run_script(std::string("CREATE TABLE blobs (id bigint, bytes ") + blob_type() + ")");
  const std::array<Value, 2> parameters{Blob{bytes}, Blob{}};
  EXPECT_EQ(connection_->execute("INSERT INTO blobs VALUES (1, $1), (2, $2), (3, NULL)", parameters), 3u);
  const Rows rows = connection_->query("SELECT bytes FROM blobs ORDER BY id");
  EXPECT_TRUE(rows.text(0, 0) == bytes);
  EXPECT_FALSE(rows.is_null(1, 0));
  EXPECT_EQ(rows.text(1, 0), "");
  EXPECT_TRUE(rows.is_null(2, 0));
  size_t seen = 0;
  connection_->stream("SELECT bytes, id FROM blobs ORDER BY id LIMIT 1", {}, [&](const RowView& row) {
    EXPECT_TRUE(row.text(0) == bytes);
    EXPECT_TRUE(row.text(0) == bytes);  // a second look gives the same
    EXPECT_EQ(row.integer(1), 1);
    ++seen;
    return true;
  });
  EXPECT_EQ(seen, 1u);
}

TEST_P(Values, TextThatIsNoUtf8IsRefusedAndNotShown) {
  for (const std::string_view text :
       {std::string_view("secret\xff"), std::string_view("secret\xc0\x80"), std::string_view("secret\xed\xa0\x80"),
        std::string_view("secret\xe2\x82"), std::string_view("secret\0b", 8)}) {
    const std::array<std::string_view, 2> texts{"good", text};
    const std::array<Value, 1> alone{text};
    const std::array<Value, 1> in_array{std::span<const std::string_view>(texts)};
    for (const auto& parameters : {alone, in_array}) {
      const Error error = error_of([&] { connection_->query("SELECT $1", parameters); });
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
      EXPECT_THAT(error.what(), HasSubstr("$1"));
    }
  }
  EXPECT_EQ(cell("SELECT 'still usable'"), "still usable");
}

TEST_P(Values, NanIsRefused) {
  const std::array<Value, 1> parameters{std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(error_of([&] { connection_->query("SELECT $1", parameters); }).kind(), core::ErrorKind::bad_input);
}

TEST_P(Values, ArraysOfTextsKeepEveryCharacter) {
  const std::vector<std::string_view> texts{"",     "a,b",       "\"quoted\"", "back\\slash", "{braces}", "NULL", " x ",
                                            "null", "new\nline", "\u0001",     "東京",        "'",        "\\\""};
  const std::array<Value, 1> parameters{std::span<const std::string_view>(texts)};
  const char* const unnest = is_sqlite() ? "SELECT value FROM json_each($1) ORDER BY key"
                                         : "SELECT t FROM unnest($1::text[]) WITH ORDINALITY AS u(t, n) ORDER BY n";
  const Rows rows = connection_->query(unnest, parameters);
  ASSERT_EQ(rows.size(), texts.size());
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(rows.text(i, 0), texts[i]);
}

TEST_P(Values, ArraysOfIntegersAndEmptyOnes) {
  const std::vector<int64_t> numbers{std::numeric_limits<int64_t>::min(), -1, 0, std::numeric_limits<int64_t>::max()};
  const char* const unnest = is_sqlite() ? "SELECT value FROM json_each($1) ORDER BY value"
                                         : "SELECT n FROM unnest($1::bigint[]) AS u(n) ORDER BY n";
  const std::array<Value, 1> some{std::span<const int64_t>(numbers)};
  const Rows rows = connection_->query(unnest, some);
  ASSERT_EQ(rows.size(), numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(rows.integer(i, 0), numbers[i]);
  const std::array<Value, 1> none{std::span<const int64_t>()};
  EXPECT_TRUE(connection_->query(unnest, none).empty());
}

TEST_P(Values, AParameterMayStandAnywhereAndTwice) {
  const std::array<Value, 2> parameters{std::string_view("b"), std::string_view("a")};
  const Rows rows = connection_->query("SELECT CAST($2 AS text), CAST($1 AS text), CAST($2 AS text)", parameters);
  EXPECT_EQ(rows.text(0, 0), "a");
  EXPECT_EQ(rows.text(0, 1), "b");
  EXPECT_EQ(rows.text(0, 2), "a");
}

TEST_P(Values, ACastBehindAParameterDoesNoHarm) {
  const std::array<Value, 1> parameters{int64_t{7}};
  EXPECT_EQ(number("SELECT $1::bigint + $1", parameters), 14);
}

TEST_P(Values, TheSameTextTakesOtherTypesNextTime) {
  const char* const sql = "SELECT $1";
  for (int round = 0; round < 2; ++round) {
    const std::array<Value, 1> null{nullptr};
    const std::array<Value, 1> integer{int64_t{5}};
    const std::array<Value, 1> text{std::string_view("five")};
    const std::array<Value, 1> real{5.5};
    EXPECT_TRUE(connection_->query(sql, null).is_null(0, 0));
    EXPECT_EQ(connection_->query(sql, integer).integer(0, 0), 5);
    EXPECT_EQ(connection_->query(sql, text).text(0, 0), "five");
    EXPECT_EQ(connection_->query(sql, real).real(0, 0), 5.5);
  }
}

ASSAY_FOR_ALL_DIALECTS(Values);

}  // namespace
}  // namespace assay::sql
