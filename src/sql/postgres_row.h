#pragma once

#include <libpq-fe.h>

#include <optional>
#include <string>
#include <vector>

#include "sql/rows.h"

namespace assay::sql {

/// One row of a result in text format.
class PostgresRow : public RowView {
 public:
  explicit PostgresRow(const PGresult* result, int row = 0);
  size_t columns() const noexcept override { return static_cast<size_t>(PQnfields(result_)); }
  bool is_null(size_t column) const override;
  int64_t integer(size_t column) const override;
  double real(size_t column) const override;
  bool boolean(size_t column) const override;
  std::string_view text(size_t column) const override;

 private:
  int checked(size_t column) const;

  const PGresult* result_;
  int row_;
  mutable std::vector<std::optional<std::string>> bytes_;  // of bytea columns that were asked for
};

Rows postgres_rows(const PGresult* result);

}  // namespace assay::sql
