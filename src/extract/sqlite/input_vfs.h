#pragma once

#include <sqlite3.h>

#include <exception>
#include <memory>
#include <utility>

#include "extract/input.h"

namespace assay::extract {

/// What SQLite reads through. An exception must not pass C frames, so it is kept here and thrown on the other side.
struct DatabaseSource {
  Input* input = nullptr;
  std::exception_ptr failure;

  void rethrow_failure() {
    if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
  }
};

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

/// Registers the file system once.
void register_input_vfs();

/// A read-only connection over `source`, which must outlive it. No file is opened, now or later. The size is what the
/// header says when the file is shorter, so that only the tables on missing pages are damaged; a database in WAL mode
/// is presented as one that is not. nullptr when SQLite refuses.
Database open_database(DatabaseSource& source);

}  // namespace assay::extract
