#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "extract/text/sql_lexer.h"
#include "extract/text/sql_row.h"

namespace assay::extract {

/// Finds the rows that a script of SQL inserts: INSERT and REPLACE with VALUES, as all dialects write them, and the
/// data of PostgreSQL's COPY ... FROM stdin. Column names are those of the statement, else of the table's CREATE TABLE
/// before it. UTF-8 comes in pieces of any size. Memory is bounded; what is no SQL is text.
class SqlReader final : private SqlTokens {
 public:
  explicit SqlReader(SqlHandler& handler) : handler_(handler), lexer_(*this), row_(handler) {}

  /// A backslash in a string escapes what follows, as in MySQL; by the standard it is a character.
  void set_backslash_escapes() { lexer_.set_backslash_escapes(); }

  void feed(std::string_view utf8);
  void finish();

 private:
  enum class Stage : uint8_t {
    start,  // of a statement
    insert_name,
    insert_columns,
    before_values,
    before_row,
    row,
    copy_name,
    copy_columns,
    copy_options,
    copy_data,
    create_name,
    create_columns,
    other,  // any other statement, to its end
  };

  void on_word(std::string_view word) override;
  void on_mark(char mark) override;
  void on_space() override;
  void on_quoted_begin(char quote) override;
  void on_quoted_text(std::string_view text) override;
  void on_quoted_end() override;
  void on_comment_begin() override { in_comment_ = true; }
  void on_comment_end() override { in_comment_ = false; }

  void first_word(std::string_view upper);
  void name(std::string_view word);
  void insert_word(std::string_view word, std::string_view upper);
  void copy_word(std::string_view word, std::string_view upper);
  void create_word(std::string_view word, std::string_view upper, bool is_quoted);
  void mark_in_row(char mark);
  void mark_in_columns(char mark, Stage next);
  void mark_in_create(char mark);
  void end_created_column();
  void begin(Stage stage);
  void use_table();
  void remember_table();
  size_t copy_data(std::string_view text);
  void end_copy_line();
  void give_copy_row();
  void give_until(const char* end, bool is_values_next);

  SqlHandler& handler_;
  SqlLexer lexer_;
  SqlRow row_;
  Stage stage_ = Stage::start;

  const char* given_ = nullptr;  // of the piece in work: what is before was given on
  bool is_values_ = false;       // what follows
  bool in_comment_ = false;

  std::string quoted_;  // the name in work, where quoted names count
  char quote_ = 0;
  SqlTable table_, last_table_;
  bool name_goes_on_ = false;  // after a dot
  bool saw_values_ = false, saw_stdin_ = false, saw_table_ = false;
  size_t depth_ = 0;
  bool column_is_named_ = false, column_is_typed_ = false, is_no_column_ = false;
  std::string copy_line_;
  bool is_copy_begun_ = false, is_copy_line_long_ = false;

  std::map<std::string, SqlTable, std::less<>> known_;
  size_t known_columns_ = 0;
};

}  // namespace assay::extract
