#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace assay::sql {

/// Bytes that are no text: bytea, BLOB.
struct Blob {
  std::string_view bytes;
};

/// One parameter of a statement. Views must live until the call returns. Arrays are arrays in PostgreSQL (`bigint[]`,
/// `text[]`), and JSON text in SQLite, to be read with json_each().
using Value = std::variant<std::nullptr_t, bool, int64_t, double, std::string_view, Blob, std::span<const int64_t>,
                           std::span<const std::string_view>>;

}  // namespace assay::sql
