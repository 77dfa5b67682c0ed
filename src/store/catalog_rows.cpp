#include "store/catalog_rows.h"

#include <algorithm>
#include <iterator>

#include "core/printable.h"
#include "store/keys.h"
#include "store/profile_text.h"
#include "store/text.h"

namespace assay::store {
namespace {

constexpr size_t most_name_bytes = 1000, most_comparable_bytes = 400;

std::string kept(std::string_view bytes, size_t most_bytes = most_catalog_text_bytes) {
  return std::string(cut_text(to_text(bytes), most_bytes));
}

/// Of a column, as whoever reads a table may write it: an examiner's profiles are printable, verdicts are not.
/// Only so much of it counts as no one cuts.
std::string comparable_name(std::string_view name) {
  return core::printable(name, most_comparable_bytes).substr(0, most_comparable_bytes);
}

/// As it is kept: texts within their bounds, the first columns.
model::TableDescription as_kept(const model::TableDescription& told) {
  model::TableDescription out;
  out.schema = kept(told.schema, most_name_bytes);
  out.name = kept(told.name, most_name_bytes);
  out.kind = kept(told.kind, most_name_bytes);
  out.comment = kept(told.comment);
  out.estimated_rows = told.estimated_rows;
  out.bytes = told.bytes;
  const size_t columns = std::min(told.columns.size(), most_catalog_columns);
  out.columns.reserve(columns);
  for (size_t i = 0; i < columns; ++i) {
    const model::ColumnDescription& column = told.columns[i];
    out.columns.push_back({.name = kept(column.name, most_name_bytes),
                           .native_type = kept(column.native_type),
                           .comment = kept(column.comment),
                           .is_nullable = column.is_nullable,
                           .key_position = column.key_position});
  }
  return out;
}

std::string name_in_file(std::string_view path, std::string_view member, std::string_view table) {
  if (!table.empty()) return std::string(table);
  const std::string_view place = member.empty() ? path : member;
  return std::string(place.substr(place.rfind('/') + 1));
}

/// A table in a file, as what was read of it tells.
model::TableDescription described_by(const model::TableProfile& profile) {
  model::TableDescription out;
  out.name = name_in_file(profile.object, profile.locator.member, profile.locator.table);
  out.kind = model::file_table_kind;
  if (!profile.is_sample) out.estimated_rows = profile.rows;
  for (const model::ColumnProfile& column : profile.columns) {
    if (out.columns.size() == most_catalog_columns) break;
    out.columns.push_back({.name = column.name, .native_type = column.native_type, .comment = column.comment});
  }
  return out;
}

std::string hash_of(const model::TableDescription& d) {
  std::vector<std::string> texts = {d.schema, d.name, d.kind, d.comment};
  texts.reserve(texts.size() + d.columns.size() * 4);
  for (const model::ColumnDescription& column : d.columns) {
    texts.push_back(column.name);
    texts.push_back(column.native_type);
    texts.push_back(column.comment);
    texts.push_back((column.is_nullable ? "n" : "") + std::to_string(column.key_position));
  }
  return digest_hex(join_texts(texts));
}

int64_t number_or_unknown(const std::optional<uint64_t>& number) {
  return number ? static_cast<int64_t>(std::min<uint64_t>(*number, INT64_MAX)) : -1;
}

/// Things that belong to columns, by name, and by which of those with the name it is.
template <typename Thing>
class ByColumn {
 public:
  void add(const std::string& name, Thing thing) { things_[name].push_back(std::move(thing)); }
  /// Of the first column of a name, then of the next: each once.
  const Thing* take(const std::string& name) {
    const auto found = things_.find(name);
    if (found == things_.end() || taken_[name] == found->second.size()) return nullptr;
    return &found->second[taken_[name]++];
  }

 private:
  std::map<std::string, std::deque<Thing>> things_;
  std::map<std::string, size_t> taken_;
};

std::string label_of(std::string_view path, std::string_view member, std::string_view table,
                     const model::TableDescription& description) {
  model::CatalogTable named;
  named.object = from_text(path);
  named.member = from_text(member);
  named.table_in_file = from_text(table);
  named.description.schema = from_text(description.schema);
  named.description.name = from_text(description.name);
  named.description.kind = description.kind;
  return kept(model::name_of(named));
}

}  // namespace

std::string catalog_table_key(std::string_view member, std::string_view table) {
  std::string place(member);
  place += '\0';
  place += table;
  return digest_hex(place);
}

CatalogRows::Told* CatalogRows::told(std::string_view path, std::string_view member, std::string_view table) {
  const std::string key = object_key(path);
  if (member.empty())
    if (const auto native = told_.find({key, ""}); native != told_.end()) return &native->second;
  const auto [place, is_new] = told_.try_emplace({key, catalog_table_key(member, table)});
  if (is_new && ++tables_of_object_[key] > most_catalog_tables_of_an_object) {
    told_.erase(place);
    return nullptr;
  }
  place->second.path = path;
  place->second.member = member;
  place->second.table = table;
  return &place->second;
}

void CatalogRows::add(const TaskCompletion& task) {
  is_discovery_ |= task.is_discovery;
  for (const DescribedTable& table : task.tables) {
    Told& told = told_[{object_key(table.object), ""}];
    told.path = table.object;
    told.description = &table.description;
  }
  for (const model::TableProfile& profile : task.profiles) {
    if (Told* table = told(profile.object, profile.locator.member, profile.locator.table)) table->profile = &profile;
    profiled_.insert(object_key(profile.object));
  }
  for (const model::ColumnFinding& column : task.columns) {
    told(column.object, column.locator.member, column.locator.table);
    if (!model::is_mere_date(column.category, column.sensitivity)) add_sensitive(column.object, column.locator);
  }
  for (const model::Finding& finding : task.findings)
    if (!model::is_mere_date(finding.category, finding.sensitivity)) add_sensitive(finding.object, finding.locator);
  for (const ObjectResult& object : task.objects) {
    const model::VerdictKind verdict = object.record.verdict.kind;
    // What a job leaves out it has not seen: retention forgets it.
    if (!object.record.member.empty() || verdict == model::VerdictKind::excluded) continue;
    const std::string key = object_key(object.record.object);
    (verdict == model::VerdictKind::ok ? reread_ : seen_).insert(key);
    if (task.profiles_files) profiled_.insert(key);
  }
  for (const std::string& path : task.seen_objects) seen_.insert(object_key(path));
}

void CatalogRows::add_sensitive(std::string_view path, const model::Locator& place) {
  if (!place.column.empty())
    sensitive_[{object_key(path), catalog_table_key(place.member, place.table)}].insert(comparable_name(place.column));
}

std::set<std::string> CatalogRows::sensitive_columns(const Key& key) const {
  if (!key.second.empty()) {
    const auto found = sensitive_.find(key);
    return found == sensitive_.end() ? std::set<std::string>() : found->second;
  }
  std::set<std::string> names;  // the object is one table, whatever it is called
  for (auto at = sensitive_.lower_bound(key); at != sensitive_.end() && at->first.first == key.first; ++at)
    names.insert(at->second.begin(), at->second.end());
  return names;
}

void CatalogRows::write() {
  if (is_discovery_)
    execute(connection_,
            text_("INSERT INTO discovery_history (datasource_id, job_id, started_at) VALUES ($1, $2, @now) ON CONFLICT "
                  "(datasource_id, job_id) DO NOTHING"),
            datasource_id_, job_id_);
  std::set<std::string_view> objects(seen_.begin(), seen_.end());
  objects.insert(reread_.begin(), reread_.end());
  for (const auto& [key, told] : told_) objects.insert(key.first);
  if (objects.empty()) return;
  load({objects.begin(), objects.end()});
  move_to_tables_of_databases();
  add_missing();
  forget_raw_profiles();
  describe();
  rewrite_columns();
  leave();
  insert_catalog_changes(connection_, text_, datasource_id_, job_id_, changes_);
}

void CatalogRows::load(const std::vector<std::string_view>& object_keys) {
  // In the order of their keys, as everything that takes locks.
  const sql::Rows rows =
      query(connection_,
            text_("SELECT id, object_key, table_key, described_job_id, seen_job_id, vanished_at, description_hash, "
                  "schema_name, name, kind, comment, path, member, table_name FROM catalog_tables WHERE "
                  "datasource_id = $1 AND object_key @in_texts(2) ORDER BY object_key, table_key @lock"),
            datasource_id_, object_keys);
  for (size_t i = 0; i < rows.size(); ++i) {
    Known& known = known_[{std::string(rows.text(i, 1)), std::string(rows.text(i, 2))}];
    known.id = rows.integer(i, 0);
    known.described_job_id = rows.integer(i, 3);
    known.seen_job_id = rows.integer(i, 4);
    known.is_gone = rows.integer(i, 5) != 0;
    known.hash = rows.text(i, 6);
    known.description.schema = rows.text(i, 7);
    known.description.name = rows.text(i, 8);
    known.description.kind = rows.text(i, 9);
    known.description.comment = rows.text(i, 10);
    known.label = label_of(rows.text(i, 11), rows.text(i, 12), rows.text(i, 13), known.description);
  }
}

/// Verdicts and profiles of a table of a database that this time was not described.
void CatalogRows::move_to_tables_of_databases() {
  for (auto at = told_.begin(); at != told_.end();) {
    const Key native(at->first.first, "");
    if (at->second.description != nullptr || !at->second.member.empty() || !known_.contains(native)) {
      ++at;
      continue;
    }
    auto node = told_.extract(at++);
    node.key() = native;
    told_.insert(std::move(node));
  }
}

void CatalogRows::add_missing() {
  Batch batch(8);
  std::deque<std::string> texts;
  const auto keep = [&](std::string text) { return std::string_view(texts.emplace_back(std::move(text))); };
  std::set<std::string_view> objects;
  for (const auto& [key, told] : told_) {
    if (known_.contains(key)) continue;
    // So it is shown while nothing describes it.
    const std::string_view kind = key.second.empty() ? std::string_view() : model::file_table_kind;
    batch.add(datasource_id_, key.first, key.second, keep(to_text(told.path)), keep(to_text(told.member)),
              keep(to_text(told.table)), keep(kept(name_in_file(told.path, told.member, told.table), most_name_bytes)),
              kind);
    objects.insert(key.first);
  }
  if (batch.empty()) return;
  // Another job may add the same at the same time: then this waits for it, and finds what it wrote.
  batch.run(
      connection_,
      text_("INSERT INTO catalog_tables (datasource_id, object_key, table_key, path, member, table_name, name, kind, "
            "first_seen_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, @now, @now) ON CONFLICT "
            "(datasource_id, object_key, table_key) DO NOTHING"));
  load({objects.begin(), objects.end()});
}

void CatalogRows::forget_raw_profiles() {
  std::map<int64_t, std::set<std::string>> names;
  for (const auto& [key, known] : known_) {
    if (known.hash.empty()) continue;
    if (std::set<std::string> columns = sensitive_columns(key); !columns.empty()) names[known.id] = std::move(columns);
  }
  if (names.empty()) return;
  std::vector<int64_t> ids;
  ids.reserve(names.size());
  for (const auto& [id, columns] : names) ids.push_back(id);
  const sql::Rows rows = query(connection_,
                               text_("SELECT table_id, position, name, profile FROM catalog_columns WHERE table_id "
                                     "@in_ids(1) AND profile <> '' ORDER BY table_id, position"),
                               ids);
  Batch forgotten(2);
  for (size_t i = 0; i < rows.size(); ++i)
    if (names[rows.integer(i, 0)].contains(comparable_name(from_text(rows.text(i, 2)))) &&
        !is_of_sensitive_column(rows.text(i, 3)))
      forgotten.add(rows.integer(i, 0), rows.integer(i, 1));
  forgotten.run(connection_, "UPDATE catalog_columns SET profile = '' WHERE table_id = $1 AND position = $2");
}

void CatalogRows::describe() {
  Batch described(9), profiled(3);
  std::vector<int64_t> seen;
  for (const auto& [key, told] : told_) {
    Known& known = known_.at(key);
    known.is_told = true;
    if (known.described_job_id > job_id_) continue;  // a later job has said what it is
    seen.push_back(known.id);
    if (told.profile != nullptr) profiled.add(known.id, number_or_unknown(told.profile->rows), told.profile->is_sample);
    const model::TableDescription* d = describe(key, told, known);
    if (d == nullptr) continue;
    const auto columns = told.description != nullptr ? told.description->columns.size() : told.profile->columns.size();
    described.add(known.id, d->schema, d->name, d->kind, d->comment, columns, number_or_unknown(d->estimated_rows),
                  number_or_unknown(d->bytes), known.hash);
  }
  described.run(connection_,
                text_("UPDATE catalog_tables SET schema_name = $2, name = $3, kind = $4, comment = $5, column_count = "
                      "$6, estimated_rows = $7, bytes = $8, description_hash = $9 WHERE id = $1"));
  profiled.run(connection_,
               text_("UPDATE catalog_tables SET profiled_at = @now, profiled_rows = $2, is_sample = $3 WHERE id = $1"));
  execute(connection_,
          text_("UPDATE catalog_tables SET described_job_id = $1, vanished_at = 0, last_seen_at = @now, "
                "seen_job_id = CASE WHEN seen_job_id > $1 THEN seen_job_id ELSE $1 END WHERE id @in_ids(2)"),
          job_id_, seen);
}

const model::TableDescription* CatalogRows::describe(const Key& key, const Told& told, Known& known) {
  const bool is_in_file = !key.second.empty();
  Rewrite next{.key = key, .known = &known, .told = &told, .description = {}};
  if (told.description != nullptr) next.description = as_kept(*told.description);
  else if (is_in_file && told.profile != nullptr) next.description = as_kept(described_by(*told.profile));
  const std::string before = known.hash;
  if (next.description) {
    known.hash = hash_of(*next.description);
    known.label = label_of(to_text(told.path), to_text(told.member), to_text(told.table), *next.description);
  }
  if (!known.hash.empty() && (before.empty() || known.is_gone)) {
    model::CatalogChange& change = changes_.emplace_back();
    change.what = model::ChangeKind::appeared;
    change.table = known.label;
    change.after = next.description ? next.description->kind : known.description.kind;
  }
  const bool differs = known.hash != before;
  next.is_compared = differs && !before.empty();  // also when it was gone meanwhile
  next.has_columns = !before.empty();
  if (!differs && told.profile == nullptr) {
    if (!next.description) return nullptr;
    return &unchanged_.emplace_back(std::move(*next.description));
  }
  Rewrite& kept_rewrite = rewrites_.emplace_back(std::move(next));
  return kept_rewrite.description ? &*kept_rewrite.description : nullptr;
}

/// What was kept of a table's columns.
struct CatalogRows::Columns {
  std::vector<model::ColumnDescription> descriptions;
  std::vector<std::string> profiles;
};

std::map<int64_t, CatalogRows::Columns> CatalogRows::old_columns() {
  std::vector<int64_t> ids;
  for (const Rewrite& each : rewrites_)
    if (each.has_columns) ids.push_back(each.known->id);
  std::map<int64_t, Columns> columns;
  if (ids.empty()) return columns;
  const sql::Rows rows = query(connection_,
                               text_("SELECT table_id, name, native_type, comment, is_nullable, key_position, profile "
                                     "FROM catalog_columns WHERE table_id @in_ids(1) ORDER BY table_id, position"),
                               ids);
  for (size_t i = 0; i < rows.size(); ++i) {
    Columns& of_table = columns[rows.integer(i, 0)];
    of_table.descriptions.push_back({.name = std::string(rows.text(i, 1)),
                                     .native_type = std::string(rows.text(i, 2)),
                                     .comment = std::string(rows.text(i, 3)),
                                     .is_nullable = rows.boolean(i, 4),
                                     .key_position = static_cast<uint32_t>(rows.integer(i, 5))});
    of_table.profiles.emplace_back(rows.text(i, 6));
  }
  execute(connection_, text_("DELETE FROM catalog_columns WHERE table_id @in_ids(1)"), ids);
  return columns;
}

void CatalogRows::rewrite_columns() {
  std::map<int64_t, Columns> old = old_columns();
  std::deque<std::string> profiles;
  Batch batch(8);
  for (Rewrite& each : rewrites_) {
    Columns& before = old[each.known->id];
    if (each.is_compared) {
      each.known->description.columns = before.descriptions;
      std::vector<model::CatalogChange> changes =
          model::changes_between(each.known->label, each.known->description, *each.description);
      std::ranges::move(changes, std::back_inserter(changes_));
    }
    if (!each.description) each.description.emplace().columns = before.descriptions;  // a profile of what is known
    ByColumn<std::string> texts;
    const std::set<std::string> sensitive = sensitive_columns(each.key);
    if (each.told->profile != nullptr)
      for (const model::ColumnProfile& profile : each.told->profile->columns)
        texts.add(kept(profile.name, most_name_bytes),
                  to_profile_text(profile, sensitive.contains(comparable_name(profile.name))));
    else
      for (size_t i = 0; i < before.profiles.size(); ++i) texts.add(before.descriptions[i].name, before.profiles[i]);
    int64_t position = 0;
    for (const model::ColumnDescription& column : each.description->columns) {
      const std::string* profile = texts.take(column.name);
      batch.add(each.known->id, ++position, column.name, column.native_type, column.comment, column.is_nullable,
                column.key_position, profiles.emplace_back(profile == nullptr ? "" : *profile));
    }
  }
  batch.run(connection_,
            "INSERT INTO catalog_columns (table_id, position, name, native_type, comment, is_nullable, key_position, "
            "profile) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
}

/// Tables that nothing was told of, in objects that were looked at.
void CatalogRows::leave() {
  std::vector<int64_t> as_they_were, gone, forgotten;
  for (const auto& [key, known] : known_) {
    if (known.is_told || known.is_gone || known.seen_job_id > job_id_) continue;
    const bool is_in_file = !key.second.empty();
    const bool is_reread = reread_.contains(key.first) && !seen_.contains(key.first);
    if (is_in_file && is_reread && known.hash.empty()) {
      forgotten.push_back(known.id);
    } else if (!is_in_file || !is_reread || !profiled_.contains(key.first)) {
      as_they_were.push_back(known.id);
    } else {
      gone.push_back(known.id);
      model::CatalogChange& change = changes_.emplace_back();
      change.what = model::ChangeKind::vanished;
      change.table = known.label;
      change.before = known.description.kind;
    }
  }
  if (!as_they_were.empty())
    execute(connection_, text_("UPDATE catalog_tables SET seen_job_id = $1, last_seen_at = @now WHERE id @in_ids(2)"),
            job_id_, as_they_were);
  if (!gone.empty())
    execute(connection_, text_("UPDATE catalog_tables SET vanished_at = @now WHERE id @in_ids(1)"), gone);
  if (!forgotten.empty()) execute(connection_, text_("DELETE FROM catalog_tables WHERE id @in_ids(1)"), forgotten);
}

void insert_catalog_changes(sql::Connection& connection, const Statements& text, int64_t datasource_id, int64_t job_id,
                            const std::vector<model::CatalogChange>& changes) {
  Batch batch(8);
  std::deque<std::string> texts;
  const auto keep = [&](const std::string& long_text) {
    return std::string_view(texts.emplace_back(cut_text(long_text, most_catalog_text_bytes)));
  };
  for (const model::CatalogChange& change : changes)
    batch.add(datasource_id, job_id, to_string(change.what), keep(change.table), keep(change.column), change.aspect,
              keep(change.before), keep(change.after));
  batch.run(connection,
            text("INSERT INTO catalog_changes (datasource_id, job_id, at, what, table_label, column_name, aspect, "
                 "before_text, after_text) VALUES ($1, $2, @now, $3, $4, $5, $6, $7, $8)"));
}

}  // namespace assay::store
