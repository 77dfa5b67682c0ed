#include "sql/postgres_row.h"

#include <memory>
#include <new>

#include "sql/cells.h"

namespace assay::sql {
namespace {

constexpr Oid bytea_oid = 17;

struct FreeMemory {
  void operator()(unsigned char* memory) const noexcept { PQfreemem(memory); }
};

std::string decoded_bytes(const char* text) {
  size_t size = 0;
  const std::unique_ptr<unsigned char, FreeMemory> bytes(
      PQunescapeBytea(reinterpret_cast<const unsigned char*>(text), &size));
  if (!bytes) throw std::bad_alloc();
  return {reinterpret_cast<const char*>(bytes.get()), size};
}

}  // namespace

PostgresRow::PostgresRow(const PGresult* result, int row) : result_(result), row_(row) {}

int PostgresRow::checked(size_t column) const {
  if (column >= columns()) throw_no_such_cell(static_cast<size_t>(row_), column);
  return static_cast<int>(column);
}

bool PostgresRow::is_null(size_t column) const { return PQgetisnull(result_, row_, checked(column)) != 0; }

int64_t PostgresRow::integer(size_t column) const { return cell_integer(text(column), column); }

double PostgresRow::real(size_t column) const { return cell_real(text(column), column); }

bool PostgresRow::boolean(size_t column) const { return cell_boolean(text(column), column); }

std::string_view PostgresRow::text(size_t column) const {
  const int at = checked(column);
  if (is_null(column)) throw_null_cell(column);
  if (PQftype(result_, at) != bytea_oid)
    return {PQgetvalue(result_, row_, at), static_cast<size_t>(PQgetlength(result_, row_, at))};
  if (bytes_.empty()) bytes_.resize(columns());  // views into it stay good
  std::optional<std::string>& bytes = bytes_[column];
  if (!bytes) bytes = decoded_bytes(PQgetvalue(result_, row_, at));
  return *bytes;
}

Rows postgres_rows(const PGresult* result) {
  Rows rows(static_cast<size_t>(PQnfields(result)));
  const int count = PQntuples(result);
  for (int i = 0; i < count; ++i) {
    const PostgresRow row(result, i);
    for (size_t column = 0; column < rows.columns(); ++column) {
      if (row.is_null(column)) rows.push_null();
      else rows.push(row.text(column));
    }
  }
  return rows;
}

}  // namespace assay::sql
