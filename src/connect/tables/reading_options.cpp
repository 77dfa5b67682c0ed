#include "connect/tables/reading_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "connect/tables/sample_rounds.h"
#include "core/error.h"

namespace assay::connect {
namespace {

constexpr uint64_t most_number = INT64_MAX;
constexpr uint64_t most_seconds = 30ULL * 24 * 3600;
constexpr size_t most_condition_bytes = 16'384;
constexpr std::string_view adaptive = "adaptive";
constexpr uint64_t server_grace_ms = 2'000;

RowChoice::Sample sample_of(const SettingReader& settings, double percent, bool can_sample_blocks) {
  const std::string name = settings.text("sample");
  if (!name.empty() && name != "blocks" && name != "rows" && name != adaptive)
    SettingReader::refuse("sample", "adaptive, blocks or rows");
  if (name == "blocks" && !can_sample_blocks)
    SettingReader::refuse("sample", "rows: servers of this kind cannot choose blocks");
  if (name == adaptive && percent < 100)
    SettingReader::refuse("sample_percent", "left out where sample is adaptive, which chooses it");
  if (percent >= 100) return RowChoice::Sample::none;
  return name == "blocks" || (name.empty() && can_sample_blocks) ? RowChoice::Sample::blocks : RowChoice::Sample::rows;
}

uint64_t fnv1a(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3U;
  return hash;
}

// Words as PostgreSQL takes them, to which every byte of a character beyond ASCII is a letter.
bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// Whether what stands at `at` belongs to a name that begins before it; behind a number it does not.
bool is_in_word(std::string_view text, size_t at) {
  size_t begin = at;
  while (begin > 0 &&
         (begins_word(text[begin - 1]) || text[begin - 1] == '$' || (text[begin - 1] >= '0' && text[begin - 1] <= '9')))
    --begin;
  return begin < at && begins_word(text[begin]);
}

/// Whether what some servers take for a part of a name is more than that to others.
bool begins_syntax(std::string_view text) {
  return std::string_view("'\"`()[]{};$").contains(text.front()) || text.starts_with("--") || text.starts_with("/*");
}

}  // namespace

int64_t ReadingOptions::statement_timeout_ms() const {
  uint64_t ms = statement_timeout_s * 1000;
  if (max_seconds != 0) {
    const uint64_t limit_ms = max_seconds * 1000 + server_grace_ms;
    ms = ms == 0 ? limit_ms : std::min(ms, limit_ms);
  }
  return static_cast<int64_t>(ms);
}

std::string ReadingOptions::part_in_words() const {
  std::string words;
  const auto add = [&words](const std::string& more) { words += (words.empty() ? "" : "; ") + more; };
  if (sample != RowChoice::Sample::none)
    add(fmt::format("a sample of {} % of the {}", sample_percent,
                    sample == RowChoice::Sample::blocks ? "blocks" : "rows"));
  if (!where.empty()) add("rows that meet the setting where");  // which may quote values
  return words;
}

std::string ReadingOptions::mark() const {
  if (part_in_words().empty() && certainty == 0 && columns.takes_all()) return {};
  return fmt::format("+{:016x}", fnv1a(fmt::format("{} {} {} {} {}", static_cast<int>(sample), sample_percent,
                                                   certainty, where, column_lists)));
}

ReadingOptions reading_options(const SourceAddress& address, bool can_sample_blocks) {
  const SettingReader settings(address);
  ReadingOptions options;
  options.views = settings.flag("views");
  options.foreign_tables = settings.flag("foreign_tables");
  options.columns = ColumnSelection(settings.text("columns"), settings.text("exclude_columns"));
  options.column_lists = settings.text("columns") + '\n' + settings.text("exclude_columns");
  options.where = settings.text("where");
  check_condition(options.where);
  options.max_rows = settings.number("max_rows", most_number - 1);
  options.max_bytes = settings.number("max_bytes", most_number);
  options.max_seconds = settings.number("max_seconds", most_seconds);
  options.sample_percent = settings.percentage("sample_percent");
  options.sample = sample_of(settings, options.sample_percent, can_sample_blocks);
  if (settings.text("sample") == adaptive)
    options.certainty = settings.percentage("certainty", SampleRounds::default_certainty, SampleRounds::least_certainty,
                                            SampleRounds::most_certainty);
  else if (!settings.text("certainty").empty()) SettingReader::refuse("certainty", "left out: no sample is adaptive");
  options.statement_timeout_s = settings.number("statement_timeout_s", most_seconds);
  options.bytes_per_s = settings.number("bytes_per_s", most_number);
  options.load.max_replication_lag_s = settings.number("max_replication_lag_s", most_seconds);
  options.load.max_running = settings.number("max_running", most_number);
  return options;
}

void check_condition(const std::string& where) {
  const auto refuse = [](const char* why) { SettingReader::refuse("where", fmt::format("one condition: {}", why)); };
  if (where.size() > most_condition_bytes) refuse("it is longer than 16384 bytes");
  if (where.contains('\0')) refuse("it holds a NUL");
  // Comments end there, and servers disagree on where they begin: `#`, `//`.
  if (where.find_first_of("\n\r") != std::string::npos) refuse("it holds a line break");
  size_t depth = 0;
  char quote = 0;  // the one that ends what stands in quotes
  for (size_t i = 0; i < where.size(); ++i) {
    const char c = where[i];
    const std::string_view rest = std::string_view(where).substr(i);
    if (quote != 0) {
      // Servers disagree on what a backslash in quotes does to the quote behind it.
      if (c == '\\' && rest.size() > 1 && rest[1] == quote)
        refuse("it holds a backslash before a quote; write the quote twice");
      if (c == quote) quote = 0;
      // Quotes of names to some; an index, an operator or nothing to others.
      else if ((quote == ']' || quote == '`') && begins_syntax(rest))
        refuse("it holds more than a name between [ and ], or between two `");
      continue;
    }
    if (c == '\'' || c == '"' || c == '`') {
      if (c == '\'' && i > 0 && (where[i - 1] == 'q' || where[i - 1] == 'Q')) refuse("it holds a quote behind q");
      // The begin of a string that ends with three, or a string that begins with a quote.
      if (rest.size() > 2 && rest[1] == c && rest[2] == c) refuse("it holds three quotes at a beginning");
      quote = c;
    } else if (c == '[') {
      quote = ']';
    } else if (c == ']') {
      refuse("its brackets are not balanced");
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      if (depth-- == 0) refuse("its parentheses are not balanced");
    } else if (c == ';') {
      refuse("it holds a semicolon");
    } else if (rest.starts_with("--") || rest.starts_with("/*")) {
      refuse("it holds a comment");
    } else if (c == '{' || c == '}') {
      refuse("it holds a brace");  // a comment to some servers, an escape to drivers
    } else if (c == '$' && rest.size() > 1 && (rest[1] == '$' || begins_word(rest[1])) && !is_in_word(where, i)) {
      refuse("it holds quotes made of $");
    }
  }
  if (quote != 0) refuse("a quote or bracket is not closed");
  if (depth != 0) refuse("its parentheses are not balanced");
}

}  // namespace assay::connect
