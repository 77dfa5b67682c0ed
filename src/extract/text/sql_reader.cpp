#include "extract/text/sql_reader.h"

#include <algorithm>
#include <array>

namespace assay::extract {
namespace {

constexpr size_t max_name_bytes = 256;
constexpr size_t max_columns = 16384;
constexpr size_t max_known_tables = 4096;
constexpr size_t max_known_columns = 65'536;
constexpr size_t max_copy_line_bytes = size_t{1} << 20;

std::string upper(std::string_view word) {
  std::string text(word.substr(0, max_name_bytes));
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

template <size_t n>
bool is_one_of(std::string_view word, const std::array<std::string_view, n>& words) {
  return std::ranges::find(words, word) != words.end();
}

// What may stand between INSERT or CREATE and the table's name.
constexpr std::array<std::string_view, 18> before_name{
    "INTO",  "IGNORE", "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "OR",   "REPLACE", "ABORT",     "FAIL",
    "TABLE", "IF",     "NOT",          "EXISTS",  "TEMP",          "ONLY", "GLOBAL",  "TEMPORARY", "UNLOGGED"};
// What begins a line of CREATE TABLE that is no column.
constexpr std::array<std::string_view, 12> no_columns{"PRIMARY", "KEY",     "UNIQUE", "CONSTRAINT",
                                                      "INDEX",   "FOREIGN", "CHECK",  "FULLTEXT",
                                                      "SPATIAL", "EXCLUDE", "LIKE",   "PERIOD"};
constexpr std::array<std::string_view, 6> ends_insert{"SELECT", "SET", "DEFAULT", "EXEC", "EXECUTE", "WITH"};

// A field of COPY's text format (PostgreSQL manual, COPY, "Text Format").
std::string copy_field(std::string_view field) {
  if (field == "\\N") return {};
  std::string value;
  for (size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\' || i + 1 == field.size()) {
      value += field[i];
      continue;
    }
    constexpr std::string_view names = "bfnrtv", values = "\b\f\n\r\t\v";
    const size_t known = names.find(field[++i]);
    value += known == std::string_view::npos ? field[i] : values[known];
  }
  return value;
}

}  // namespace

void SqlReader::feed(std::string_view utf8) {
  const char* const end = utf8.data() + utf8.size();
  given_ = utf8.data();
  for (const char* at = given_; at < end;) {
    const std::string_view rest(at, static_cast<size_t>(end - at));
    const bool was_comment = in_comment_;
    const Stage before = stage_;
    at += before == Stage::copy_data ? copy_data(rest) : lexer_.feed(rest);
    // Stages change at marks, comments begin and end where the lexer stops.
    if (in_comment_ != was_comment) {
      const size_t sign = in_comment_ ? 2 : 0;
      give_until(at - std::min(sign, static_cast<size_t>(at - given_)), !in_comment_ && stage_ == Stage::row);
    } else if (before != stage_) {
      const bool is_values = stage_ == Stage::row || stage_ == Stage::copy_data;
      give_until(before == Stage::row ? at - 1 : at, is_values);
    }
  }
  give_until(end, is_values_);
}

void SqlReader::finish() {
  lexer_.finish();
  if (stage_ == Stage::row) {
    row_.end_value();
    row_.end();
  } else if (stage_ == Stage::copy_data) {
    copy_data("\n");
  }
  begin(Stage::start);
}

void SqlReader::give_until(const char* end, bool is_values_next) {
  if (end > given_) {
    const std::string_view piece(given_, static_cast<size_t>(end - given_));
    is_values_ ? handler_.on_values(piece) : handler_.on_text(piece);
    given_ = end;
  }
  is_values_ = is_values_next;
}

void SqlReader::begin(Stage stage) {
  stage_ = stage;
  table_ = {};
  name_goes_on_ = saw_values_ = saw_stdin_ = saw_table_ = false;
  column_is_named_ = column_is_typed_ = is_no_column_ = false;
  depth_ = 0;
}

void SqlReader::first_word(std::string_view word) {
  if (word == "INSERT" || word == "REPLACE") return begin(Stage::insert_name);
  if (word == "COPY") return begin(Stage::copy_name);
  if (word == "CREATE") return begin(Stage::create_name);
  begin(word == "GO" ? Stage::start : Stage::other);
}

void SqlReader::on_word(std::string_view word) {
  if (stage_ == Stage::row) return row_.written(word);
  const std::string name = upper(word);
  // Scripts of SQL Server part statements by lines alone.
  const bool may_begin = stage_ == Stage::start || stage_ == Stage::before_row || stage_ == Stage::other;
  if (stage_ == Stage::start || (may_begin && lexer_.is_first_in_line() &&
                                 (name == "INSERT" || name == "CREATE" || name == "COPY" || name == "GO")))
    return first_word(name);
  switch (stage_) {
    case Stage::insert_name:
    case Stage::insert_columns:
    case Stage::before_values: return insert_word(word, name);
    case Stage::before_row:
      if (name != "ROW") begin(Stage::other);
      return;
    case Stage::copy_name:
    case Stage::copy_columns:
    case Stage::copy_options: return copy_word(word, name);
    case Stage::create_name:
    case Stage::create_columns: return create_word(word, name, false);
    default: return;
  }
}

// A part of the table's name.
void SqlReader::name(std::string_view word) {
  if (table_.name.size() + word.size() <= max_name_bytes) table_.name += word;
  name_goes_on_ = false;
}

void SqlReader::insert_word(std::string_view word, std::string_view upper) {
  if (stage_ == Stage::insert_columns) {
    if (upper == "SELECT" || upper == "WITH") return begin(Stage::other);
    if (table_.columns.size() < max_columns && table_.columns.size() < depth_) table_.columns.emplace_back(word);
    return;
  }
  if (upper == "VALUES" || upper == "VALUE") {
    saw_values_ = true;
    return;
  }
  if (is_one_of(upper, ends_insert)) return begin(Stage::other);
  if (stage_ == Stage::insert_name && (name_goes_on_ || (table_.name.empty() && !is_one_of(upper, before_name))))
    name(word);
}

void SqlReader::copy_word(std::string_view word, std::string_view upper) {
  if (stage_ == Stage::copy_columns) {
    if (table_.columns.size() < max_columns && table_.columns.size() < depth_) table_.columns.emplace_back(word);
  } else if (upper == "TO" || upper == "CSV" || upper == "BINARY") {
    begin(Stage::other);
  } else if (upper == "STDIN") {
    saw_stdin_ = true;
  } else if (upper == "FROM") {
    stage_ = Stage::copy_options;
  } else if (stage_ == Stage::copy_name) {
    name(word);
  }
}

void SqlReader::create_word(std::string_view word, std::string_view upper, bool is_quoted) {
  if (stage_ == Stage::create_name) {
    const bool is_filler = !is_quoted && (is_one_of(upper, before_name) || upper == "LOCAL");
    if (saw_table_ && (name_goes_on_ || (table_.name.empty() && !is_filler))) return name(word);
    if (!is_quoted && upper == "TABLE") saw_table_ = true;
    else if (saw_table_ ? upper == "AS" : !is_filler) begin(Stage::other);
    return;
  }
  if (depth_ != 1 || is_no_column_) return;
  if (!column_is_named_) {
    is_no_column_ = !is_quoted && is_one_of(upper, no_columns);
    column_is_named_ = !is_no_column_;
    if (column_is_named_ && table_.columns.size() < max_columns)
      table_.columns.emplace_back(word.substr(0, max_name_bytes));
  } else if (!column_is_typed_) {
    column_is_typed_ = true;
    if (table_.types.size() < table_.columns.size()) table_.types.emplace_back(word.substr(0, max_name_bytes));
  }
}

void SqlReader::on_mark(char mark) {
  switch (stage_) {
    case Stage::row: return mark_in_row(mark);
    case Stage::insert_columns: return mark_in_columns(mark, Stage::before_values);
    case Stage::copy_columns: return mark_in_columns(mark, Stage::copy_options);
    case Stage::create_columns: return mark_in_create(mark);
    default: break;
  }
  if (mark == '.') {
    const bool in_name = !table_.name.empty() &&
                         (stage_ == Stage::insert_name || stage_ == Stage::copy_name || stage_ == Stage::create_name);
    if (in_name) {
      name(".");
      name_goes_on_ = true;
    }
  } else if (mark == ';') {
    const bool has_data = stage_ == Stage::copy_options && saw_stdin_;
    if (!has_data) return begin(Stage::start);
    use_table();
    stage_ = Stage::copy_data;
    is_copy_begun_ = is_copy_line_long_ = false;
    copy_line_.clear();
  } else if (mark == '(') {
    if ((stage_ == Stage::insert_name || stage_ == Stage::before_values || stage_ == Stage::before_row) &&
        saw_values_) {
      if (stage_ != Stage::before_row) use_table();
      stage_ = Stage::row;
      depth_ = 1;
      row_.begin(lexer_.line());
    } else if (stage_ == Stage::insert_name || stage_ == Stage::copy_name) {
      if (table_.name.empty()) return begin(Stage::other);
      stage_ = stage_ == Stage::insert_name ? Stage::insert_columns : Stage::copy_columns;
      depth_ = 1;
    } else if (stage_ == Stage::create_name) {
      if (!saw_table_ || table_.name.empty()) return begin(Stage::other);
      stage_ = Stage::create_columns;
      depth_ = 1;
    }
  }
}

// depth_ counts the columns here.
void SqlReader::mark_in_columns(char mark, Stage next) {
  if (mark == ',') ++depth_;
  else if (mark == ')') stage_ = next;
  else if (mark == '(' || mark == ';') begin(mark == ';' ? Stage::start : Stage::other);
}

void SqlReader::mark_in_row(char mark) {
  if (mark == ')' && depth_ == 1) {
    row_.end_value();
    row_.end();
    stage_ = Stage::before_row;
    return;
  }
  if (mark == ',' && depth_ == 1) return row_.end_value();
  if (mark == '(') ++depth_;
  if (mark == ')') --depth_;
  row_.written({&mark, 1});
}

void SqlReader::mark_in_create(char mark) {
  if (mark == '(') ++depth_;
  if (mark == ',' && depth_ == 1) end_created_column();
  if (mark == ')' && --depth_ == 0) {
    end_created_column();
    remember_table();
    begin(Stage::other);
  }
}

void SqlReader::end_created_column() {
  table_.types.resize(table_.columns.size());
  column_is_named_ = column_is_typed_ = is_no_column_ = false;
}

void SqlReader::remember_table() {
  if (known_.size() >= max_known_tables || known_columns_ + table_.columns.size() > max_known_columns) return;
  known_columns_ += table_.columns.size();
  std::string name = upper(table_.name);
  known_.insert_or_assign(std::move(name), std::move(table_));
}

void SqlReader::use_table() {
  if (const auto known = known_.find(upper(table_.name)); known != known_.end()) {
    const SqlTable& created = known->second;
    if (table_.columns.empty()) {
      table_.columns = created.columns;
      table_.types = created.types;
    } else {
      for (const std::string& column : table_.columns) {
        const auto at = std::ranges::find(created.columns, column);
        table_.types.push_back(
            at == created.columns.end() ? "" : created.types[static_cast<size_t>(at - created.columns.begin())]);
      }
    }
  }
  if (table_ == last_table_) return;
  last_table_ = table_;
  handler_.on_table(table_);
}

void SqlReader::on_space() {
  if (stage_ == Stage::row) row_.space();
}

void SqlReader::on_quoted_begin(char quote) {
  quote_ = quote;
  quoted_.clear();
  if (stage_ == Stage::row) row_.begin_string();
}

void SqlReader::on_quoted_text(std::string_view text) {
  if (stage_ == Stage::row) row_.string(text);
  else if (quoted_.size() < max_name_bytes) quoted_ += text.substr(0, max_name_bytes - quoted_.size());
}

void SqlReader::on_quoted_end() {
  if (stage_ == Stage::row) return row_.end_string();
  const bool is_name = quote_ == '"' || quote_ == '`' || quote_ == '[';
  if (!is_name || quoted_.empty()) return;
  switch (stage_) {
    case Stage::insert_name:
    case Stage::copy_name:
      if (table_.name.empty() || name_goes_on_) name(quoted_);
      return;
    case Stage::insert_columns:
    case Stage::copy_columns:
      if (table_.columns.size() < max_columns && table_.columns.size() < depth_) table_.columns.push_back(quoted_);
      return;
    case Stage::create_name:
    case Stage::create_columns: return create_word(quoted_, {}, true);
    default: return;
  }
}

// Takes data to the end of the line; how many bytes.
size_t SqlReader::copy_data(std::string_view text) {
  const size_t newline = text.find('\n');
  copy_line_ += text.substr(0, newline);
  if (copy_line_.size() > max_copy_line_bytes) {
    if (!is_copy_line_long_) handler_.on_long_value_begin(lexer_.line(), 0);
    is_copy_line_long_ = true;
    handler_.on_long_value_text(copy_line_);
    copy_line_.clear();
  }
  if (newline == std::string_view::npos) return text.size();
  end_copy_line();
  lexer_.count_line();
  return newline + 1;
}

void SqlReader::end_copy_line() {
  if (is_copy_line_long_) {
    handler_.on_long_value_text(copy_line_);
    handler_.on_long_value_end();
  } else if (is_copy_begun_) {
    if (copy_line_.ends_with('\r')) copy_line_.pop_back();
    if (copy_line_ == "\\.") begin(Stage::start);
    else give_copy_row();
  }
  is_copy_begun_ = true;  // what is behind the statement in its line is no row
  is_copy_line_long_ = false;
  copy_line_.clear();
}

void SqlReader::give_copy_row() {
  if (copy_line_.empty()) return;
  row_.begin(lexer_.line());
  for (size_t at = 0; at <= copy_line_.size();) {
    const size_t tab = std::min(copy_line_.find('\t', at), copy_line_.size());
    row_.begin_string();
    row_.string(copy_field(std::string_view(copy_line_).substr(at, tab - at)));
    row_.end_string();
    row_.end_value();
    at = tab + 1;
  }
  row_.end();
}

}  // namespace assay::extract
