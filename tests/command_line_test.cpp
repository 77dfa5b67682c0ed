// The `assay` program as a user or a script meets it: formats, exit codes, baselines, signals.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>

#include "tests/support/program.h"
#include "tests/support/samples.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr const char* card_text = "Card 4111 1111 1111 1111 exp 12/27\n";
constexpr size_t zygote_and_worker = 2;
constexpr auto private_file = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

std::vector<json::object> parse_lines(const std::string& text) {
  std::vector<json::object> objects;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) objects.push_back(json::parse(line).as_object());
  return objects;
}

size_t count_type(const std::vector<json::object>& lines, std::string_view type) {
  size_t n = 0;
  for (const auto& line : lines)
    if (line.at("type").as_string() == type) ++n;
  return n;
}

// What README and docs/baseline.md say to do in a tree, done twice.
TEST(CommandLine, AScanLeavesItsOwnFilesOut) {
  const TemporaryTree tree;
  tree.write("a.py", "password = \"kV9#mQ2!xLpR\"\n");
  const auto in_tree = [&](const std::string& name) { return (tree.root() / name).string(); };
  const auto baseline = in_tree(".assay-baseline.json"), report = in_tree("assay.sarif"), ledger = in_tree("led.jsonl");
  for (int round = 0; round < 2; ++round) {
    ASSERT_EQ(run_assay({"scan", "--write-baseline", baseline, tree.root()}).exit_code, 0);
    const auto known = run_assay({"scan", "--baseline", baseline, "--fail-on", "any", "--format", "sarif", "-o", report,
                                  "--ledger", ledger, tree.root()});
    EXPECT_EQ(known.exit_code, 0) << known.err;
    const auto lines = parse_lines(read_file(ledger));
    EXPECT_EQ(
        std::ranges::count_if(lines, [](const auto& line) { return line.at("verdict").as_string() == "EXCLUDED"; }),
        round == 0 ? 3 : 4)
        << "baseline, ledger, the report under its temporary name, and the one before";
  }
}

TEST(CommandLine, SaysThatStandardInputWasCut) {
  const TemporaryTree tree;
  const std::string line = "ssn 212-44-9183\n";
  std::string text;
  for (int i = 0; i < 100; ++i) text += line;
  tree.write("x", text);
  const std::string bytes = std::to_string(10 * line.size());
  const auto expect_cut = [](const ProgramResult& result, const std::string& how) {
    EXPECT_EQ(result.exit_code, 3) << how << result.err;
    const auto lines = parse_lines(result.out);
    EXPECT_EQ(count_type(lines, "finding"), 10U) << how;
    EXPECT_THAT(result.out, HasSubstr("\"verdicts\":{\"LIMIT\":1}")) << how;
  };
  const std::vector<std::string> scan = {"scan", "--format", "jsonl", "--max-object-bytes", bytes, "-"};
  expect_cut(run_assay(scan, {.input = text, .environment = {}, .output_to = {}}), "pipe");
  expect_cut(run_program({"/bin/sh", "-c",
                          fmt::format("exec {} scan --format jsonl --max-object-bytes {} - < {}", assay_program(),
                                      bytes, (tree.root() / "x").string())}),
             "file");
  EXPECT_EQ(run_assay(scan, {.input = text.substr(0, 10 * line.size()), .environment = {}, .output_to = {}}).exit_code,
            0)
      << "all of it";
}

TEST(CommandLine, RefusesToWriteOverWhatItReads) {
  const TemporaryTree tree;
  tree.write("x", card_text);
  const std::string x = tree.root() / "x", y = tree.root() / "y";
  for (const auto* option : {"--ledger", "-o", "--write-baseline"}) {
    const auto result = run_assay({"scan", option, tree.root() / "./x", x});
    EXPECT_EQ(result.exit_code, 2) << option;
    EXPECT_THAT(result.err, HasSubstr("would overwrite"));
    EXPECT_EQ(read_file(x), card_text);
  }
  const auto twice = run_assay({"scan", "--ledger", y, "-o", y, x});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err, HasSubstr("--output and --ledger name the same file"));
  EXPECT_EQ(run_assay({"scan", "--max-object-bytes", "-1", x}).exit_code, 2);
  EXPECT_EQ(run_assay({"scan", "--ledger", "/dev/null", "-o", "/dev/null", x}).exit_code, 0);
}

TEST(CommandLine, JsonLinesEndWithTheSummary) {
  const TemporaryTree tree;
  for (const auto& [name, content] : one_of_each("Card 4111 1111 1111 1111 exp 12/27")) tree.write(name, content);
  tree.write("blob", std::string("\0\1\2\3", 4) + std::string(100, '\x92'));
  const auto result = run_assay({"scan", "--format", "jsonl", tree.root()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.err, "");
  const auto lines = parse_lines(result.out);
  ASSERT_THAT(lines, Not(IsEmpty()));
  for (const auto& line : lines) {
    if (line.at("type").as_string() != "finding") continue;
    for (const auto* key : {"object", "locator", "entity", "rule", "category", "sensitivity", "confidence", "reasons",
                            "start", "end", "start_code_point", "end_code_point", "masked", "fingerprint"})
      EXPECT_TRUE(line.contains(key)) << key;
    EXPECT_FALSE(line.contains("value"));
  }
  const auto& summary = lines.back();
  EXPECT_EQ(summary.at("type").as_string(), "summary");
  EXPECT_EQ(count_type(lines, "summary"), 1U);
  EXPECT_EQ(summary.at("findings").as_int64(), static_cast<int64_t>(count_type(lines, "finding")));
  EXPECT_FALSE(summary.at("complete").as_bool());
  EXPECT_EQ(summary.at("verdicts").as_object().at("UNSUPPORTED").as_int64(), 1);
}

TEST(CommandLine, QualityIsToldOfTablesAndShowsNoValue) {
  const TemporaryTree tree;
  std::string csv = "id,card,plan\n";
  for (int i = 0; i < 60; ++i)
    csv += fmt::format("{},4111 1111 1111 1111,{}\n", i + 1, i % 3 == 0 ? "" : i % 3 == 1 ? "basic" : "full");
  tree.write("customers.csv", csv);
  tree.write("letter.txt", card_text);
  EXPECT_EQ(count_type(parse_lines(run_assay({"scan", "--format", "jsonl", tree.root()}).out), "profile"), 0U);
  const auto result = run_assay({"scan", "--quality", "--format", "jsonl", tree.root()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, Not(HasSubstr("4111")));
  const auto lines = parse_lines(result.out);
  ASSERT_EQ(count_type(lines, "profile"), 1U);
  const auto& profile = *std::ranges::find_if(lines, [](const auto& line) { return line.at("type") == "profile"; });
  EXPECT_EQ(profile.at("rows"), 60);
  const auto& columns = profile.at("columns").as_array();
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0].at("read_as"), "integer");
  EXPECT_EQ(columns[0].at("parts").at("uniqueness").to_number<double>(), 1);
  EXPECT_EQ(columns[1].at("entity"), "CREDIT_CARD");
  EXPECT_EQ(columns[1].at("valid"), 60);
  EXPECT_EQ(columns[1].at("distinct"), 1);
  EXPECT_EQ(columns[2].at("empty"), 20);
  EXPECT_EQ(columns[2].at("top_values").at(0).at("value"), "basic");
  EXPECT_THAT(run_assay({"scan", "--quality", tree.root()}).out, HasSubstr("Quality of tables"));
}

// The widest table: its sketches must leave the examiner, which has a bound on its memory, enough to work with.
TEST(CommandLine, AWideTableHasAProfileWithinTheExaminersMemory) {
  const TemporaryTree tree;
  constexpr int columns = 16'000;
  std::string csv;
  for (int row = 0; row < 300; ++row)
    for (int i = 0; i < columns; ++i) {
      csv += static_cast<char>(row % 2 == 0 ? '0' + (row + i) % 10 : 'a' + (row + i) % 26);
      csv += i + 1 == columns ? '\n' : ',';
    }
  tree.write("wide.csv", csv);
  const auto lines = parse_lines(run_assay({"scan", "--quality", "--format", "jsonl", tree.root()}).out);
  ASSERT_EQ(count_type(lines, "profile"), 1U);
  EXPECT_EQ(count_type(lines, "object"), 0U);
  const auto& profile = *std::ranges::find_if(lines, [](const auto& line) { return line.at("type") == "profile"; });
  EXPECT_EQ(profile.at("columns").as_array().size(), static_cast<size_t>(columns));
  EXPECT_EQ(profile.at("columns").at(columns - 1).at("values"), 300);
}

TEST(CommandLine, EveryFormatIsWellFormed) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.txt", card_text);
  const auto document = json::parse(run_assay({"scan", "--format", "json", path}).out).as_object();
  EXPECT_EQ(document.at("findings").as_array().size(), 1U);
  EXPECT_EQ(document.at("summary").as_object().at("objects").as_int64(), 1);

  const auto sarif = json::parse(run_assay({"scan", "--format", "sarif", path}).out).as_object();
  EXPECT_EQ(sarif.at("version").as_string(), "2.1.0");
  const auto& result = sarif.at("runs").as_array().at(0).as_object().at("results").as_array().at(0).as_object();
  EXPECT_EQ(result.at("ruleId").as_string(), "credit-card");

  const std::string csv = run_assay({"scan", "--format", "csv", path}).out;
  EXPECT_THAT(csv, StartsWith("type,object,location,entity,rule,"));
  EXPECT_THAT(csv, HasSubstr(",fingerprint,reasons\r\nfinding,"));
  EXPECT_THAT(csv, HasSubstr("CREDIT_CARD"));

  const std::string html = run_assay({"scan", "--format", "html", path}).out;
  EXPECT_THAT(html,
              AllOf(StartsWith("<!doctype html>"), HasSubstr("CREDIT_CARD"), HasSubstr("Content-Security-Policy")));
  EXPECT_THAT(html, Not(::testing::ContainsRegex("(src|href)=\"(https?:)?//")));

  EXPECT_THAT(run_assay({"scan", path}).out, AllOf(HasSubstr("CREDIT_CARD"), HasSubstr("**** **** **** 1111")));
}

TEST(CommandLine, ExitCodesTellWhatHappened) {
  const TemporaryTree tree;
  tree.write("clean/a.txt", "nothing to see here\n");
  tree.write("cards/a.txt", card_text);
  tree.write("odd/blob", std::string("\0\1\2\3", 4) + std::string(100, '\x92'));
  std::filesystem::create_directory(tree.path("empty"));
  const auto code = [&](std::vector<std::string> arguments) { return run_assay(std::move(arguments)).exit_code; };
  EXPECT_EQ(code({"scan", tree.path("clean")}), 0);
  EXPECT_EQ(code({"scan", tree.path("empty")}), 0);
  EXPECT_EQ(code({"scan", tree.path("cards")}), 0);
  EXPECT_EQ(code({"scan", "--fail-on", "any", tree.path("cards")}), 1);
  EXPECT_EQ(code({"scan", "--fail-on", "CREDIT_CARD", tree.path("cards")}), 1);
  EXPECT_EQ(code({"scan", "--fail-on", "EMAIL_ADDRESS", tree.path("cards")}), 0);
  EXPECT_EQ(code({"scan", "--fail-on", "any", tree.path("cards"), tree.path("odd")}), 1);
  EXPECT_EQ(code({"scan", tree.path("odd")}), 3);
}

TEST(CommandLine, WrongUseIsExplained) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.txt", card_text);
  tree.write("broken/r.yaml", "rules:\n  - name: x\n    entity: X\n    patterns: [{regex: '('}]\n");
  tree.write("broken.yaml", "suppressions:\n  - {path: a.txt}\n");
  tree.write("mistyped.yaml", "suppressions:\n  - {entity: EMIAL_ADDRESS, reason: r}\n");
  std::filesystem::create_directory(tree.path("empty"));
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"scna"},
      {"scan"},
      {"scan", "--no-such-option", path},
      {"scan", "--format", "xml", path},
      {"scan", "--min-confidence", "2", path},
      {"scan", "--entities", "NO_SUCH_ENTITY", path},
      {"scan", "--fail-on", "NO_SUCH_ENTITY", path},
      {"scan", "--max-object-bytes", "many", path},
      {"scan", "--threads", "-1", path},
      {"scan", "--include", "[", path},
      {"scan", "--rules", tree.path("broken"), path},
      {"scan", "--rules", tree.path("empty"), path},
      {"scan", "--only-own-rules", path},
      {"scan", "--baseline", tree.path("none"), path},
      {"scan", "--suppressions", tree.path("broken.yaml"), path},
      {"scan", "--suppressions", tree.path("mistyped.yaml"), path},
      {"scan", "-", "-"},
      {"scan", "--quality", "--data-dir", tree.path("data"), path},
      {"scan", tree.path("no-such-file")},
      {"scan", "-o", tree.path("no/such/directory/report"), path},
      {"scan", "-o", tree.path("empty"), path},
      {"scan", "--fingerprint-key", path, path},
      {"explain", path + ":99"},
      {"explain", "nothing"},
      {"rules", "show", "no-such-rule"},
  };
  for (const auto& arguments : wrong) {
    const auto result = run_assay(arguments);
    const std::string shown = fmt::format("assay {}", fmt::join(arguments, " "));
    EXPECT_EQ(result.exit_code, 2) << shown << "\n" << result.err;
    EXPECT_THAT(result.err, Not(IsEmpty())) << shown;
    EXPECT_EQ(result.out, "") << shown;
  }
  EXPECT_THAT(run_assay({"scan", "--rules", tree.path("broken"), path}).err, HasSubstr("r.yaml:"));
  EXPECT_THAT(run_assay({"scan", "--suppressions", tree.path("broken.yaml"), path}).err, HasSubstr("broken.yaml:2:"));
  EXPECT_THAT(run_assay({"scan", "--suppressions", tree.path("mistyped.yaml"), path}).err,
              AllOf(HasSubstr("mistyped.yaml:2:"), HasSubstr("EMAIL_ADDRESS")));
}

TEST(CommandLine, WrongUseIsNamedWithWhatMayHaveBeenMeant) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"scna"}, "assay: there is no command 'scna'; did you mean 'scan'?\n"},
      {{"bogus"}, "assay: there is no command 'bogus'\n"},
      {{"bo\x1bgus"}, "assay: there is no command 'bo\\x1bgus'\n"},
      {{}, "assay: a command is missing; there are scan, rules, explain"},
      {{"rules", "shwo"}, "assay rules: there is no command 'shwo'; did you mean 'show'?\n"},
      {{"rules"}, "assay rules: a command is missing; there are list, show, test\n"},
      {{"scan", "--formt=json", "x"}, "assay scan: there is no option '--formt'; did you mean '--format'?\n"},
      {{"explain", "a:1", "b:2"}, "assay explain: nothing is expected where 'b:2' stands\n"},
      {{"scan", "--max-object-ms", "0", "x"}, "--max-object-ms: '0' is not a whole number from 1 on\n"},
      {{"scan", "--max-object-ms=-5", "x"}, "--max-object-ms: '-5' is not a whole number from 1 on\n"},
      {{"scan", "--max-members", "-1", "x"}, "--max-members: '-1' is not a whole number from 0 on\n"},
      {{"scan", "--max-expansion-ratio", "0", "x"}, "'0' is not a whole number from 1 to 4294967295\n"},
      {{"scan", "--threads", "5000", "x"}, "--threads: '5000' is not a whole number from 0 to 1024\n"},
      {{"scan", "--min-confidence", "nan", "x"}, "--min-confidence: 'nan' is not a number from 0 to 1\n"},
      {{"scan", "--entities", "EMIAL_ADDRESS", "x"},
       "there is no entity 'EMIAL_ADDRESS'; did you mean 'EMAIL_ADDRESS'?"},
      {{"job", "list", "--limit", "0"}, "assay job list: --limit: '0' is not a whole number from 1 to 1000000\n"},
  };
  for (const auto& [arguments, message] : wrong) {
    const auto result = run_assay(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr(message));
  }
}

TEST(CommandLine, PathsThatLeadInACircleAreRefused) {
  const TemporaryTree tree;
  std::filesystem::create_symlink("b", tree.path("a"));
  std::filesystem::create_symlink("a", tree.path("b"));
  const auto result = run_assay({"scan", tree.path("a")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, AllOf(StartsWith("assay: cannot scan " + tree.path("a")), HasSubstr("in a circle")));
  EXPECT_EQ(run_assay({"scan", tree.path(std::string(300, 'x'))}).exit_code, 2);
  EXPECT_EQ(run_assay({"explain", tree.path("a") + ":1"}).exit_code, 2);
  // Inside a tree such a link is one like others.
  EXPECT_EQ(run_assay({"scan", tree.root().string()}).exit_code, 0);
}

TEST(CommandLine, AMissingDirectoryForTemporaryFilesIsToldWithWhatToDo) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.txt", card_text);
  ProgramOptions options;
  options.environment["TMPDIR"] = tree.path("none");
  for (const auto& arguments : {std::vector<std::string>{"scan", path}, {"explain", path + ":1"}}) {
    const auto result = run_assay(arguments, options);
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "assay: cannot make a temporary file in " + tree.path("none") +
                              ", which TMPDIR names: No such file or directory; set TMPDIR to a directory that can be "
                              "written\n");
  }
}

TEST(CommandLine, ABaselineLeavesOnlyWhatIsNew) {
  const TemporaryTree tree;
  tree.write("data/a.txt", card_text);
  const std::string baseline = tree.path("baseline.json");
  EXPECT_EQ(run_assay({"scan", "--write-baseline", baseline, tree.path("data")}).exit_code, 0);
  const std::vector<std::string> again{"scan", "--format",   "jsonl",  "--fail-on",
                                       "any",  "--baseline", baseline, tree.path("data")};
  auto result = run_assay(again);
  EXPECT_EQ(result.exit_code, 0);
  auto lines = parse_lines(result.out);
  EXPECT_EQ(count_type(lines, "finding"), 0U);
  EXPECT_EQ(lines.back().at("known").as_int64(), 1);
  EXPECT_EQ(lines.back().at("findings").as_int64(), 0);

  tree.write("data/a.txt", "moved down\n" + std::string(card_text) + "new card 5555 5555 5555 4444\n");
  result = run_assay(again);
  EXPECT_EQ(result.exit_code, 1);
  lines = parse_lines(result.out);
  ASSERT_EQ(count_type(lines, "finding"), 1U);
  EXPECT_THAT(result.out, HasSubstr("4444"));

  ProgramOptions options;
  options.environment["ASSAY_FINGERPRINT_KEY"] = std::string(64, 'b');
  result = run_assay(again, options);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("another key"));
}

TEST(CommandLine, HowARootIsSpelledChangesNeitherBaselinesNorSuppressions) {
  const TemporaryTree tree, elsewhere;
  tree.write("data/a.txt", card_text);
  tree.write("data/in/b.zip", zip_of({{"b.txt", card_text}}));
  std::filesystem::create_directory_symlink(tree.path("data"), tree.path("link"));
  const std::string suppressions =
      tree.write("s.yaml", "suppressions:\n  - {path: 'data/in/**', entity: CREDIT_CARD, reason: test card}\n");
  const std::vector<std::string> spellings = {tree.path("data"), tree.path("data/"), tree.path("./data//"),
                                              tree.path("data/in/.."),
                                              std::filesystem::proximate(tree.path("data")).string()};
  for (const auto& baseline : {tree.path("baseline.json"), elsewhere.path("baseline.json")})
    for (const auto& spelled : spellings) {
      ASSERT_EQ(run_assay({"scan", "--write-baseline", baseline, spelled}).exit_code, 0);
      for (const auto& again : {spellings.front(), spellings.back(), tree.path("link")}) {
        const auto result = run_assay({"scan", "--baseline", baseline, "--fail-on", "any", "--format", "jsonl", again});
        EXPECT_EQ(parse_lines(result.out).back().at("known").as_int64(), 2) << spelled << ", then " << again;
        EXPECT_EQ(result.exit_code, 0) << spelled << ", then " << again;
      }
    }
  EXPECT_THAT(read_file(tree.path("baseline.json")), HasSubstr("\"data/in/b.zip!/b.txt\""));
  for (const auto& spelled : spellings) {
    const auto result = run_assay({"scan", "--suppressions", suppressions, "--format", "jsonl", spelled});
    EXPECT_EQ(parse_lines(result.out).back().at("suppressed").as_int64(), 1) << spelled;
  }
}

TEST(CommandLine, AFileOfSuppressionsLeavesOutWhatItCovers) {
  const TemporaryTree tree;
  tree.write("src/a.txt", card_text);
  tree.write("src/b.txt", card_text);
  const std::string file = tree.write("suppressions.yaml",
                                      "suppressions:\n  - {path: '**/a.txt', entity: CREDIT_CARD, reason: test card}\n"
                                      "  - {path: '**/b.txt', reason: old, expires: 2020-01-01}\n");
  const auto lines =
      parse_lines(run_assay({"scan", "--format", "jsonl", "--suppressions", file, tree.path("src")}).out);
  ASSERT_EQ(count_type(lines, "finding"), 1U);
  EXPECT_TRUE(lines.front().at("object").as_string().ends_with("src/b.txt"));
  EXPECT_EQ(lines.back().at("suppressed").as_int64(), 1);
}

TEST(CommandLine, RevealNeedsATerminalOrANamedFile) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.txt", card_text);
  const auto piped = run_assay({"scan", "--reveal", path});
  EXPECT_EQ(piped.exit_code, 2);
  EXPECT_EQ(piped.out, "");
  EXPECT_THAT(piped.err, HasSubstr("--output"));
  for (const auto* format : {"table", "json", "jsonl", "csv", "html"}) {
    const std::string report = tree.path(std::string("report.") + format);
    EXPECT_EQ(run_assay({"scan", "--reveal", "--format", format, "-o", report, path}).exit_code, 0);
    EXPECT_THAT(read_file(report), HasSubstr("4111 1111 1111 1111")) << format;
    EXPECT_EQ(std::filesystem::status(report).permissions(), private_file) << format;
  }
}

TEST(CommandLine, StandardInputIsAnObject) {
  ProgramOptions options;
  options.input = std::string(100'000, '.') + "\n" + card_text;
  auto lines = parse_lines(run_assay({"scan", "--format", "jsonl", "-"}, options).out);
  ASSERT_EQ(count_type(lines, "finding"), 1U);
  EXPECT_EQ(lines.front().at("object").as_string(), "-");
  EXPECT_EQ(lines.front().at("locator").as_object().at("line").as_int64(), 2);

  options.input = zip_of({{"in/a.txt", card_text}, {"b.docx", docx_of({card_text})}});
  lines = parse_lines(run_assay({"scan", "--format", "jsonl", "-"}, options).out);
  ASSERT_EQ(count_type(lines, "finding"), 2U);
  EXPECT_EQ(lines.front().at("locator").as_object().at("member").as_string(), "in/a.txt");

  options.input = "";
  EXPECT_EQ(run_assay({"scan", "-"}, options).exit_code, 0);
}

TEST(CommandLine, StandardInputMayBeATar) {
  const Files files = {{"a.txt", card_text}, {"b/c.txt", std::string(2'000'000, '.') + "\n" + card_text}};
  const std::string tar = tar_of(files);
  for (const std::string& input : {tar, gzip_of(tar)}) {
    ProgramOptions options;
    options.input = input;
    const auto result = run_assay({"scan", "--format", "jsonl", "-"}, options);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::multiset<std::string> members;
    for (const auto& line : parse_lines(result.out))
      if (line.at("type").as_string() == "finding" && line.at("entity").as_string() == "CREDIT_CARD")
        members.emplace(std::filesystem::path(std::string(line.at("locator").at("member").as_string())).filename());
    EXPECT_THAT(members, ::testing::ElementsAre("a.txt", "c.txt"));
  }
}

TEST(CommandLine, TheLedgerHasALineForEverything) {
  const TemporaryTree tree;
  tree.write("data/a.zip", zip_of({{"x.txt", "x"}, {"y.txt", card_text}}));
  tree.write("data/skip.log", card_text);
  ASSERT_EQ(::mkfifo(tree.path("data/pipe").c_str(), 0600), 0);
  const std::string ledger = tree.path("ledger.jsonl");
  EXPECT_EQ(run_assay({"scan", "--ledger", ledger, "--exclude", "*.log", tree.path("data")}).exit_code, 0);
  std::set<std::string> seen;
  for (const auto& line : parse_lines(read_file(ledger))) {
    const std::string member = line.contains("member") ? "!/" + std::string(line.at("member").as_string()) : "";
    const std::string object(line.at("object").as_string());
    seen.insert(object.substr(object.rfind('/') + 1) + member + " " + std::string(line.at("verdict").as_string()));
  }
  EXPECT_THAT(seen, ::testing::ElementsAre("a.zip OK", "a.zip!/x.txt OK", "a.zip!/y.txt OK", "pipe SPECIAL_FILE",
                                           "skip.log EXCLUDED"));
}

TEST(CommandLine, WhatMayNotBeReadIsReported) {
  const TemporaryTree tree;
  tree.write("data/open.txt", card_text);
  tree.write("data/closed.txt", card_text);
  tree.write("data/closed/inside.txt", card_text);
  ::chmod(tree.path("data/closed.txt").c_str(), 0);
  ::chmod(tree.path("data/closed").c_str(), 0);
  ProgramOptions options;
  options.user = 65534;  // root reads everything
  const auto result = run_assay({"scan", "--format", "jsonl", tree.path("data")}, options);
  EXPECT_EQ(result.exit_code, 3) << result.err;
  const auto lines = parse_lines(result.out);
  EXPECT_EQ(count_type(lines, "finding"), 1U);
  EXPECT_EQ(count_type(lines, "object"), 2U);
  for (const auto& line : lines)
    if (line.at("type").as_string() == "object") {
      EXPECT_EQ(line.at("verdict").as_string(), "IO_ERROR");
      EXPECT_EQ(line.at("reason").as_string(), "Permission denied");
    }
}

TEST(CommandLine, AFullDiskIsAnError) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.txt", card_text);
  ProgramOptions options;
  options.output_to = "/dev/full";
  for (const auto* format : {"table", "json", "jsonl", "csv", "sarif", "html"}) {
    const auto result = run_assay({"scan", "--format", format, path}, options);
    EXPECT_EQ(result.exit_code, 4) << format;
    EXPECT_THAT(result.err, HasSubstr("No space left on device")) << format;
  }
  EXPECT_EQ(run_assay({"scan", "-o", "/dev/full", path}).exit_code, 4);
  EXPECT_EQ(run_assay({"scan", "--ledger", "/dev/full", path}).exit_code, 4);
}

TEST(CommandLine, AReportIsWholeOrNotThere) {
  const TemporaryTree tree;
  const std::string path = tree.write("data/a.txt", card_text);
  const std::string report = tree.write("out/report.txt", "the old one");
  EXPECT_EQ(run_assay({"scan", "--ledger", "/dev/full", "-o", report, path}).exit_code, 4);
  EXPECT_EQ(read_file(report), "the old one");
  EXPECT_EQ(run_assay({"scan", "-o", report, path}).exit_code, 0);
  EXPECT_THAT(read_file(report), HasSubstr("CREDIT_CARD"));
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(tree.path("out")))
    files += entry.is_regular_file() ? 1U : 0U;
  EXPECT_EQ(files, 1U) << "temporary files were left behind";
}

void expect_orderly_end(const ProgramResult& result) {
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_LT(result.elapsed_since_signal.count(), 2000);
  EXPECT_THAT(result.err, HasSubstr("interrupted"));
  const auto lines = parse_lines(result.out);
  ASSERT_THAT(lines, Not(IsEmpty()));
  EXPECT_TRUE(lines.back().at("interrupted").as_bool());
  EXPECT_FALSE(lines.back().at("complete").as_bool());
  EXPECT_EQ(result.strays, 0U);
}

TEST(CommandLine, AnInterruptEndsAScanInGoodOrder) {
  const TemporaryTree tree;
  std::string text;
  while (text.size() < 16'000'000)
    text += "a line without anything in it, number " + std::to_string(text.size() * 7) + "\n";
  tree.write("0.txt", text);
  for (int i = 1; i < 2000; ++i)
    std::filesystem::create_hard_link(tree.path("0.txt"), tree.path(std::to_string(i) + ".txt"));
  ProgramOptions options;
  options.signal_examiners = zygote_and_worker;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    for (const bool group : {false, true}) {
      options.signal = signal;
      options.signal_group = group;
      expect_orderly_end(run_assay({"scan", "--format", "jsonl", tree.root()}, options));
    }
}

TEST(CommandLine, AnInterruptEndsTheWaitForInput) {
  ProgramOptions options;
  options.input = card_text;
  options.keep_input_open = true;
  options.signal = SIGINT;
  options.signal_examiners = zygote_and_worker;
  expect_orderly_end(run_assay({"scan", "--format", "jsonl", "-"}, options));
}

TEST(CommandLine, ADeadScanLeavesNoExaminers) {
  const TemporaryTree tree;
  ProgramOptions options;
  options.keep_input_open = true;
  options.signal = SIGKILL;
  options.signal_examiners = zygote_and_worker;
  const auto result = run_assay({"scan", "-"}, options);
  EXPECT_EQ(result.exit_code, 128 + SIGKILL);
  EXPECT_EQ(result.strays, 0U);
}

TEST(CommandLine, NamesCannotSpoilAReport) {
  const TemporaryTree tree;
  const std::string nasty = std::string("a\n\x1b[31mred\x1b[0m\xff\"<script>alert(1)<") + "\\script>,=cmd.txt";
  tree.write(nasty, card_text);
  tree.write("in.zip", zip_of({{nasty, card_text}}));
  for (const auto* format : {"table", "json", "jsonl", "csv", "sarif", "html"}) {
    const auto result = run_assay({"scan", "--format", format, tree.root()});
    EXPECT_EQ(result.exit_code, 0) << format;
    EXPECT_EQ(result.out.find('\x1b'), std::string::npos) << format;
    EXPECT_EQ(result.out.find('\xff'), std::string::npos) << format;
    EXPECT_EQ(result.out.find("<script>alert"),
              result.out.find(format == std::string("html") ? "never found" : "<script>alert"))
        << format;
  }
  EXPECT_EQ(count_type(parse_lines(run_assay({"scan", "--format", "jsonl", tree.root()}).out), "finding"), 2U);
}

TEST(CommandLine, TheKeyIsMadeOnceAndKeptPrivate) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.txt", card_text);
  ProgramOptions options;
  options.environment["ASSAY_FINGERPRINT_KEY"] = "";
  options.environment["XDG_CONFIG_HOME"] = tree.path("config");
  const auto fingerprint = [&] {
    return std::string(
        parse_lines(run_assay({"scan", "--format", "jsonl", path}, options).out).front().at("fingerprint").as_string());
  };
  const std::string first = fingerprint();
  EXPECT_EQ(first, fingerprint());
  EXPECT_EQ(std::filesystem::status(tree.path("config/assay/fingerprint.key")).permissions(), private_file);
  std::filesystem::remove(tree.path("config/assay/fingerprint.key"));
  EXPECT_NE(first, fingerprint());
}

TEST(CommandLine, RulesOfPresidioAreTestedAsFarAsTheyCanBe) {
  const TemporaryTree tree;
  tree.write("rules/own.yaml",
             "rules:\n  - {name: own, entity: OWN, deny_list: [blue heron], examples: ['a Blue Heron']}\n");
  tree.write("rules/theirs.yaml",
             "recognizers:\n  - {name: Zip, supported_entity: ZIP, patterns: [{name: z, regex: '\\b\\d{5}\\b', score: "
             "0.1}]}\n");
  const auto tested = run_assay({"rules", "test", tree.path("rules")});
  EXPECT_EQ(tested.exit_code, 0) << tested.err;
  EXPECT_THAT(tested.out,
              AllOf(HasSubstr("2 rules, 1 examples"), HasSubstr("1 of the rules was written for Presidio")));
  tree.write("rules/slow.yaml",
             "rules:\n  - {name: slow, entity: SLOW, patterns: [{name: xs, regex: '(x+x+)+y'}], examples: ['xxxy']}\n");
  const auto warned = run_assay({"rules", "test", tree.path("rules")});
  EXPECT_EQ(warned.exit_code, 0);
  EXPECT_THAT(warned.err, AllOf(HasSubstr("slow.yaml:2: slow: warning: pattern 'xs'"), HasSubstr("PARTIAL")));
}

TEST(CommandLine, OtherCommandsDoTheirWork) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.txt", "first\n" + std::string(card_text));
  EXPECT_THAT(run_assay({"--help"}).out,
              AllOf(HasSubstr("scan"), HasSubstr("rules"), HasSubstr("explain"), HasSubstr("doctor")));
  EXPECT_EQ(run_assay({"--version"}).exit_code, 0);
  EXPECT_EQ(run_assay({"scan", "--help"}).exit_code, 0);
  EXPECT_THAT(run_assay({"rules", "list"}).out, HasSubstr("credit-card"));
  EXPECT_THAT(run_assay({"rules", "show", "CREDIT_CARD"}).out, HasSubstr("credit-card"));
  EXPECT_EQ(run_assay({"rules", "test"}).exit_code, 0);
  const auto explained = run_assay({"explain", path + ":2"});
  EXPECT_EQ(explained.exit_code, 0);
  EXPECT_THAT(explained.out, AllOf(HasSubstr("credit-card"), HasSubstr("reported"), HasSubstr("validator"),
                                   HasSubstr("context word 'card'")));
  const auto doctor = run_assay({"doctor"});
  EXPECT_EQ(doctor.exit_code, 0) << doctor.out;
  EXPECT_THAT(doctor.out, AllOf(HasSubstr("sandbox"), HasSubstr("examiner")));
}

}  // namespace
}  // namespace assay::tests
