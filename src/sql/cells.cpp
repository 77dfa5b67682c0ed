#include "sql/cells.h"

#include <fmt/format.h>

#include <charconv>

#include "sql/error.h"

namespace assay::sql {
namespace {

[[noreturn]] void throw_no(const char* type, size_t column) {
  throw Error(core::ErrorKind::bug, Trouble::other, fmt::format("column {} holds no {}", column, type));
}

template <typename Number>
Number parse(std::string_view text, size_t column, const char* type) {
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) throw_no(type, column);
  return number;
}

}  // namespace

int64_t cell_integer(std::string_view text, size_t column) { return parse<int64_t>(text, column, "integer"); }

double cell_real(std::string_view text, size_t column) { return parse<double>(text, column, "real number"); }

bool cell_boolean(std::string_view text, size_t column) {
  if (text == "t" || text == "1" || text == "true") return true;
  if (text == "f" || text == "0" || text == "false") return false;
  throw_no("truth value", column);
}

void throw_null_cell(size_t column) {
  throw Error(core::ErrorKind::bug, Trouble::other, fmt::format("column {} is null", column));
}

void throw_no_such_cell(size_t row, size_t column) {
  throw Error(core::ErrorKind::bug, Trouble::other, fmt::format("the result has no row {}, column {}", row, column));
}

}  // namespace assay::sql
