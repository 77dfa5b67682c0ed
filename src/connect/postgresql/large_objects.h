#pragma once

#include <cstdint>
#include <string>

#include "connect/postgresql/session.h"

/// What lies in pg_largeobject and is known by a number (manual of PostgreSQL, "Large Objects").
namespace assay::connect::postgresql {

/// Which of them are read: never one twice.
enum class LargeObjects : uint8_t {
  none,
  of_rows,  ///< those that columns of type oid name, with the row
  all,      ///< each, as rows of pg_largeobject_metadata
};

/// A large object in a statement, of which one cell's bytes and one more are read, once for each row.
struct LargeObjectSource {
  std::string from;         ///< an item of the FROM list
  std::string content;      ///< a bytea; NULL where there is no such object, or it is withheld
  std::string is_withheld;  ///< a condition: there is one, which the user may not read
};

/// `named_by`: a column of type oid, in full. `place`: another one for each in a statement.
LargeObjectSource large_object_source(const std::string& named_by, size_t place, bool has_privilege_function);

/// Whether the server has has_largeobject_privilege() (18 and newer).
bool has_large_object_privilege(Session& session);

}  // namespace assay::connect::postgresql
