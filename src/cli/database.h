#pragma once

#include <memory>

#include "cli/configuration/configuration.h"
#include "store/store.h"

namespace assay::cli {

/// What to do where the database file does not exist yet. One that exists is never changed: `assay db migrate` does
/// that.
enum class Absent : uint8_t { refuse, create };

store::StoreOptions store_options(const Configuration& configuration);

/// Opens the configured database. A SQLite file that is not there is made, with its directory, when `absent` says so.
/// Throws core::Error whose message names the database (without password) and never has the kind bad_input: a database
/// that cannot be used is no mistake on the command line.
std::unique_ptr<store::Store> open_database(const Configuration& configuration, Absent absent);
/// The same with options of the caller's own.
std::unique_ptr<store::Store> open_database(const Configuration& configuration, const store::StoreOptions& options,
                                            Absent absent);

/// The file of a SQLite URL; "" for others and for sqlite::memory:.
std::string sqlite_file(std::string_view url);

/// Runs `use` so that its errors are about the database, as with open_database().
void about_database(const Configuration& configuration, const std::function<void()>& use);

/// Makes the directory of a SQLite file, for the owner only.
void make_directory_of(const std::string& file);

}  // namespace assay::cli
