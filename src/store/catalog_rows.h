#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sql/connection.h"
#include "store/statements.h"
#include "store/store.h"

namespace assay::store {

/// What is kept of a description, the first of each.
inline constexpr size_t most_catalog_columns = 4096;
inline constexpr size_t most_catalog_text_bytes = 2000;
inline constexpr size_t most_catalog_tables_of_an_object = 1000;

/// How a table is found within its object: '' is the object itself, a table of a database.
std::string catalog_table_key(std::string_view member, std::string_view table);

/// What the completions of one transaction tell the catalog of one datasource. Belongs to the transaction; the
/// completions outlive it.
class CatalogRows {
 public:
  CatalogRows(sql::Connection& connection, const Statements& text, int64_t datasource_id, int64_t job_id)
      : connection_(connection), text_(text), datasource_id_(datasource_id), job_id_(job_id) {}

  void add(const TaskCompletion& task);
  void write();

 private:
  using Key = std::pair<std::string, std::string>;  ///< object_key, table_key
  /// What is told of one table.
  struct Told {
    std::string_view path, member, table;
    const model::TableDescription* description = nullptr;
    const model::TableProfile* profile = nullptr;
  };
  /// A row as it is before.
  struct Known {
    int64_t id = 0, described_job_id = 0, seen_job_id = 0;
    bool is_gone = false, is_told = false;
    std::string hash, label;
    model::TableDescription description;  ///< in the form of texts, without columns until they are needed
  };
  /// Columns that are written anew.
  struct Rewrite {
    Key key;
    Known* known = nullptr;
    const Told* told = nullptr;
    std::optional<model::TableDescription> description;  ///< as it is kept from now on; nothing: as before
    bool is_compared = false;                            ///< what differs from the old ones is a change
    bool has_columns = false;                            ///< there are old ones
  };

  struct Columns;

  /// Columns in which something other than a mere date was found, however the table is kept.
  void add_sensitive(std::string_view path, const model::Locator& place);
  /// Their names in one table, as profiles have them.
  std::set<std::string> sensitive_columns(const Key& key) const;
  /// Profiles from when nobody knew that the column is sensitive hold what is in it.
  void forget_raw_profiles();
  /// nullptr: the object has more tables than are kept.
  Told* told(std::string_view path, std::string_view member, std::string_view table);
  void load(const std::vector<std::string_view>& object_keys);
  void add_missing();
  void move_to_tables_of_databases();
  void describe();
  /// How the table is described from now on; nullptr: as before.
  const model::TableDescription* describe(const Key& key, const Told& told, Known& known);
  std::map<int64_t, Columns> old_columns();
  void rewrite_columns();
  void leave();

  sql::Connection& connection_;
  const Statements& text_;
  const int64_t datasource_id_, job_id_;
  bool is_discovery_ = false;
  std::map<Key, Told> told_;
  std::map<std::string, size_t> tables_of_object_;
  std::map<Key, std::set<std::string>> sensitive_;  ///< by member and table also where the object is the table
  std::map<Key, Known> known_;
  std::set<std::string> seen_;      ///< objects whose tables are as they were
  std::set<std::string> reread_;    ///< objects that were read to their end
  std::set<std::string> profiled_;  ///< objects whose tables all have a profile now
  std::deque<Rewrite> rewrites_;
  std::deque<model::TableDescription> unchanged_;
  std::vector<model::CatalogChange> changes_;  ///< in the form of texts
};

/// Texts of the changes are in the form of texts; what is too long of them is cut.
void insert_catalog_changes(sql::Connection& connection, const Statements& text, int64_t datasource_id, int64_t job_id,
                            const std::vector<model::CatalogChange>& changes);

}  // namespace assay::store
