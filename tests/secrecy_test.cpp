// No output of any kind holds a value that was found. Values are planted in every kind of place; then every report,
// file and message is searched for them.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>

#include "tests/support/program.h"
#include "tests/support/samples.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {
namespace {

using ::testing::HasSubstr;

// Text that holds a value, and the value. None is real: they are issuers' samples or made up.
struct Planted {
  const char* text;
  const char* value;
};

constexpr Planted planted[] = {
    {"Card 4111 1111 1111 1111 exp 12/27", "4111 1111 1111 1111"},
    {"card number 5555555555554444", "5555555555554444"},
    {"SSN: 536-22-8145", "536-22-8145"},
    {"IBAN DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"},
    {"iban GB29NWBK60161331926819", "GB29NWBK60161331926819"},
    {"mail wilhelmina.quartermaine@mail-host.org", "wilhelmina.quartermaine@mail-host.org"},
    {"phone: +1 415-555-2671", "415-555-2671"},
    {"client 203.0.113.77 connected", "203.0.113.77"},
    {"password = 'kV9#rT2$wQ8!zLp4'", "kV9#rT2$wQ8!zLp4"},
    {"DATABASE_URL=postgres://app:s3cr3tPassw0rdX9@db.internal.example:5432/app", "s3cr3tPassw0rdX9"},
    {"passport number: C03005988", "C03005988"},
    {"date of birth: 1970-01-23", "1970-01-23"},
    {"bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
    {"VIN 1HGCM82633A004352", "1HGCM82633A004352"},
};

// Digits and letters only: a value must not come back with other separators either.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) out += c;
  return out;
}

void expect_no_values(const std::string& output, const std::string& what) {
  for (const auto& [text, value] : planted) {
    EXPECT_EQ(output.find(value), std::string::npos) << what << " holds the value of: " << text;
    if (squeezed(value).size() >= 12)
      EXPECT_EQ(output.find(squeezed(value)), std::string::npos) << what << " holds, squeezed, the value of: " << text;
  }
}

// A database whose tables and columns are called by values, with cells, texts and binary values below these names.
void write_named_database(const std::string& path) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  for (const auto& [text, value] : planted) {
    const std::string sql = fmt::format(
        "CREATE TABLE \"{0}\" (\"{0}\", \"{0} too\", json); INSERT INTO \"{0}\" VALUES "
        "('john.roe@mail-host.org', x'00ff00ff4142', '{{\"a\":\"jane.roe@mail-host.org\"}}'), "
        "(x'89504e470d0a1a0a00', replace(hex(zeroblob(120000)), '0', 'text '), '[]');",
        text);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
  }
  sqlite3_close(database);
}

class Secrecy : public ::testing::Test {
 protected:
  void SetUp() override {
    for (size_t i = 0; i < std::size(planted); ++i)
      for (const auto& [name, content] : one_of_each(planted[i].text))
        tree_.write(fmt::format("data/{}/{}", i, name), content);
    // Where a header is expected, and in names.
    std::vector<std::vector<std::string>> rows;
    std::string csv, json = "{";
    for (int copy = 0; copy < 12; ++copy) {
      rows.emplace_back();
      for (const auto& [text, value] : planted) {
        rows.back().emplace_back(value);
        csv += std::string(value) + ";";
        json += fmt::format("\"{}\": \"{}\",", value, value);
      }
      csv += "\n";
    }
    tree_.write("data/no-header.csv", csv);
    tree_.write("data/no-header.xlsx", xlsx_of(rows));
    tree_.write("data/no-header.ods", ods_of(rows));
    tree_.write("data/keys.json", json + "\"end\": 1}");
    write_named_database(tree_.path("data/named.db"));
    std::string script;
    for (const auto& [text, value] : planted)
      script += fmt::format("INSERT INTO `{0}` (`{0}`, note) VALUES ('kate.roe@mail-host.org', 'x');\n", text);
    tree_.write("data/named.sql", script);
    tree_.write("data/subject.eml", eml_of(planted[0].text, planted[1].text));
  }

  TemporaryTree tree_;
};

TEST_F(Secrecy, NoReportHoldsAValue) {
  for (const auto* format : {"table", "json", "jsonl", "csv", "sarif", "html"}) {
    const std::string ledger = tree_.path("ledger"), baseline = tree_.path("baseline");
    const auto result =
        run_assay({"scan", "--format", format, "--ledger", ledger, "--write-baseline", baseline, tree_.path("data")});
    ASSERT_NE(result.exit_code, 4) << result.err;
    EXPECT_THAT(result.out, HasSubstr("CREDIT_CARD"));
    expect_no_values(result.out, format);
    expect_no_values(result.err, std::string("standard error of ") + format);
    expect_no_values(read_file(ledger), "the ledger");
    expect_no_values(read_file(baseline), "the baseline");
  }
}

TEST_F(Secrecy, NoExplanationHoldsAValue) {
  for (size_t i = 0; i < std::size(planted); ++i) {
    const auto result = run_assay({"explain", fmt::format("{}/data/{}/a.txt:2", tree_.root().string(), i)});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    expect_no_values(result.out + result.err, "the explanation");
  }
  for (int line = 1; line <= 3; ++line)
    expect_no_values(run_assay({"explain", fmt::format("{}:{}", tree_.path("data/no-header.csv"), line)}).out,
                     "the explanation of a row");
}

TEST_F(Secrecy, NothingIsLeftBehindByAnExaminer) {
  // Spooled members lie in files without a name.
  ProgramOptions options;
  options.environment["TMPDIR"] = tree_.path("");
  run_assay({"scan", tree_.path("data")}, options);
  size_t entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(tree_.root()))
    entries += entry.path().filename() != "data" ? 1U : 0U;
  EXPECT_EQ(entries, 0U);
}

TEST_F(Secrecy, ErrorsInRulesDoNotQuoteData) {
  ProgramOptions options;
  options.input = planted[0].text;
  const auto result = run_assay({"scan", "--max-object-bytes", "10", "-"}, options);
  expect_no_values(result.out + result.err, "a scan that was cut");
}

}  // namespace
}  // namespace assay::tests
