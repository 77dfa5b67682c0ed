#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sql/connection.h"

namespace assay::store {

/// One step of the schema. Steps are numbered from 1 without a gap, are only ever added, and never change once
/// released: their checksum is kept with each database that ran them.
///
/// In `common`, `@id` stands for the type of a primary key that the database numbers, `@key` for that of texts that
/// are compared byte by byte, and `@bytes` for that of bytes that are no text. What only one database has comes after
/// it, in its own script.
struct Migration {
  int number = 0;
  std::string_view name;
  std::string_view common;
  std::string_view postgresql;
  std::string_view sqlite;
};

extern const Migration migration_001_initial;
extern const Migration migration_002_parts_of_objects;
extern const Migration migration_003_suppressed;
extern const Migration migration_004_keys;
extern const Migration migration_005_change_marks;
extern const Migration migration_006_catalog;
extern const Migration migration_007_owners;
extern const Migration migration_008_parts_of_tables;

/// All of them, in order.
std::span<const Migration* const> migrations();

/// What is run on a database of this dialect.
std::string script_of(const Migration& migration, sql::Dialect dialect);

/// BLAKE2b of that script, 32 hex digits.
std::string checksum_of(const Migration& migration, sql::Dialect dialect);

}  // namespace assay::store
