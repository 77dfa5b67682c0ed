#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>
#include <tuple>

#include "store/keys.h"
#include "store/sql_store.h"
#include "store/text.h"

// Large objects that several tasks read. What a part says waits until all parts are there, or the job ends without
// them; then it becomes what a single task would have said, in the transaction of the last part.
namespace assay::store {
namespace {

constexpr size_t splits_a_transaction = 16;
constexpr size_t piece_bytes = size_t{1} << 20;  // of a part's content

/// A row of split_objects, locked.
struct Split {
  int64_t id = 0, job_id = 0, datasource_id = 0;
  std::string key, path, path_text, format;
  uint64_t bytes = 0;
  int64_t mtime_ns = 0;
  std::string change_id;
  uint64_t parts = 0, parts_done = 0, most_met = 0, most_kept = 0;
  std::string too_many;
  model::TaskOutput whole, join;  // join: without a kind, none
  uint64_t met = 0;               // of the parts that are there
  std::string encoding;           // of the first of them that has one
};

/// A row of object_parts.
struct Part {
  uint64_t number = 0, begin = 0, bytes = 0;
  model::Verdict verdict;
  bool is_measured = false;
  uint64_t text_bytes = 0, code_points = 0, newlines = 0, tail_code_points = 0;
  std::string encoding;
  bool fits = true;
  uint64_t met = 0, findings = 0;
};

#define ASSAY_SPLIT_COLUMNS                                                                                     \
  "SELECT id, job_id, datasource_id, object_key, path, format, bytes, mtime_ns, change_id, parts, parts_done, " \
  "most_met, most_kept, too_many, whole_kind, whole_bytes, whole_payload, met, encoding, join_kind, "           \
  "join_payload FROM split_objects "

Split split_of(const sql::Rows& rows, size_t i) {
  const auto count = [&](size_t column) { return static_cast<uint64_t>(rows.integer(i, column)); };
  Split s;
  s.id = rows.integer(i, 0);
  s.job_id = rows.integer(i, 1);
  s.datasource_id = rows.integer(i, 2);
  s.key = rows.text(i, 3);
  s.path_text = rows.text(i, 4);
  s.path = from_text(s.path_text);
  s.format = from_text(rows.text(i, 5));
  s.bytes = count(6);
  s.mtime_ns = rows.integer(i, 7);
  s.change_id = from_text(rows.text(i, 8));
  s.parts = count(9);
  s.parts_done = count(10);
  s.most_met = count(11);
  s.most_kept = count(12);
  s.too_many = rows.text(i, 13);
  s.whole = {.child_kind = std::string(rows.text(i, 14)),
             .datasource_id = s.datasource_id,
             .items = 1,
             .bytes = count(15),
             .payload = std::string(rows.text(i, 16))};
  s.met = count(17);
  s.encoding = rows.text(i, 18);
  s.join = {.child_kind = std::string(rows.text(i, 19)),
            .datasource_id = s.datasource_id,
            .items = 1,
            .bytes = 0,
            .payload = std::string(rows.text(i, 20))};
  return s;
}

std::vector<Part> parts_of(sql::Connection& connection, const Split& split) {
  const sql::Rows rows =
      query(connection,
            "SELECT part_number, begin_byte, bytes, verdict, reason, is_measured, text_bytes, code_points, newlines, "
            "tail_code_points, encoding, fits, met, findings FROM object_parts WHERE job_id = $1 AND "
            "datasource_id = $2 AND object_key = $3 ORDER BY part_number",
            split.job_id, split.datasource_id, split.key);
  return each_row(rows, [](const sql::Rows& all, size_t i) {
    const auto count = [&](size_t column) { return static_cast<uint64_t>(all.integer(i, column)); };
    return Part{.number = count(0),
                .begin = count(1),
                .bytes = count(2),
                .verdict = {model::verdict_kind_from_string(all.text(i, 3)).value_or(model::VerdictKind::partial),
                            from_text(all.text(i, 4))},
                .is_measured = all.boolean(i, 5),
                .text_bytes = count(6),
                .code_points = count(7),
                .newlines = count(8),
                .tail_code_points = count(9),
                .encoding = std::string(all.text(i, 10)),
                .fits = all.boolean(i, 11),
                .met = count(12),
                .findings = count(13)};
  });
}

// Parts that read the bytes differently, or found more together than one object may have, are not what the whole is.
bool fit_together(const Split& split, const std::vector<Part>& parts) {
  std::set<std::string_view> encodings;
  uint64_t met = 0;
  for (const Part& part : parts) {
    if (!part.fits) return false;
    if (!part.encoding.empty()) encodings.insert(part.encoding);
    met += std::min(part.met, split.most_met + 1);
  }
  return encodings.size() <= 1 && met <= split.most_met;
}

model::Verdict verdict_of(const Split& split, const std::vector<Part>& parts, uint64_t findings) {
  if (const uint64_t missing = split.parts - parts.size(); missing > 0)
    return {model::VerdictKind::partial, fmt::format("{} of its {} ranges could not be read", missing, split.parts)};
  const auto bad =
      std::ranges::find_if(parts, [](const Part& part) { return part.verdict.kind != model::VerdictKind::ok; });
  if (bad != parts.end()) return bad->verdict;
  if (findings > split.most_kept) return {model::VerdictKind::limit, split.too_many};
  return {};
}

/// Where a part's text begins: in the object's text, or, behind a part of which nothing is known, where `label` says.
struct Begin {
  uint64_t text_bytes = 0, code_points = 0, newlines = 0, tail_code_points = 0;
  std::string label;

  void pass(const Part& part) {
    text_bytes += part.text_bytes;
    code_points += part.code_points;
    tail_code_points = part.newlines > 0 ? part.tail_code_points : tail_code_points + part.tail_code_points;
    newlines += part.newlines;
  }
};

uint64_t move_findings(sql::Connection& connection, const Split& split, const Part& part, const Begin& begin,
                       uint64_t most) {
  return execute(
      connection,
      "INSERT INTO findings (job_id, task_id, datasource_id, object_key, path, member, part, page, table_name, "
      "column_name, row_number, cell, line, line_column, entity, rule, pattern, category, sensitivity, confidence, "
      "reasons, start_byte, end_byte, start_code_point, end_code_point, masked, fingerprint, suppressed) "
      "SELECT job_id, task_id, datasource_id, object_key, $5::text, '', $6::text, 0, '', '', 0, '', "
      "line + $7::bigint, CASE WHEN line = 1 THEN line_column + $8::bigint ELSE line_column END, entity, rule, "
      "pattern, "
      "category, sensitivity, confidence, reasons, start_byte + $9::bigint, end_byte + $9::bigint, "
      "start_code_point + $10::bigint, end_code_point + $10::bigint, masked, fingerprint, FALSE FROM part_findings "
      "WHERE job_id = $1 AND datasource_id = $2 AND object_key = $3 AND part_number = $4 ORDER BY id LIMIT $11",
      split.job_id, split.datasource_id, split.key, part.number, split.path_text, begin.label, begin.newlines,
      begin.tail_code_points, begin.text_bytes, begin.code_points, most);
}

void take_back(const model::Verdict& verdict, uint64_t bytes, uint64_t findings, model::ProgressDelta& progress) {
  (is_complete(verdict.kind) ? progress.bytes_done : progress.bytes_failed) -= bytes;
  progress.findings -= findings;
}

void forget(sql::Connection& connection, const Split& split) {
  for (const char* statement :
       {"DELETE FROM part_contents WHERE job_id = $1 AND datasource_id = $2 AND object_key = $3",
        "DELETE FROM part_findings WHERE job_id = $1 AND datasource_id = $2 AND object_key = $3",
        "DELETE FROM object_parts WHERE job_id = $1 AND datasource_id = $2 AND object_key = $3",
        "DELETE FROM split_objects WHERE job_id = $1 AND datasource_id = $2 AND object_key = $3"})
    execute(connection, statement, split.job_id, split.datasource_id, split.key);
}

}  // namespace

bool SqlStore::join_parts(sql::Connection& connection, int64_t split_id, int64_t task_id, Counters& counters) {
  const sql::Rows rows = query(connection, ASSAY_SPLIT_COLUMNS "WHERE id = $1", split_id);
  const Split split = split_of(rows, 0);
  const std::vector<Part> parts = parts_of(connection, split);
  model::ProgressDelta progress;
  if (!fit_together(split, parts)) {
    // What was counted of the parts is counted again with the whole.
    for (const Part& part : parts) take_back(part.verdict, part.bytes, part.findings, progress);
    counters.add(split.job_id, split.datasource_id, progress);
    insert_outputs(connection, split.job_id, task_id, {&split.whole, 1}, counters);
    forget(connection, split);
    return false;
  }
  if (!split.join.child_kind.empty()) {
    insert_outputs(connection, split.job_id, task_id, {&split.join, 1}, counters);
    execute(connection, "UPDATE split_objects SET settled_with = parts_done WHERE id = $1", split.id);
    return false;
  }
  uint64_t findings = 0, suppressed = 0;
  for (const Part& part : parts) {
    findings += part.findings;
    suppressed += part.met - std::min(part.met, part.findings);
  }
  TaskCompletion whole;
  ObjectResult& object = whole.objects.emplace_back();
  object.record = {.object = split.path,
                   .member = {},
                   .format = split.format,
                   .bytes = split.bytes,
                   .findings = findings,
                   .verdict = verdict_of(split, parts, findings),
                   .suppressed = suppressed};
  object.mtime_ns = split.mtime_ns;
  object.change_id = split.change_id;
  const HeldTask held{.id = task_id, .job_id = split.job_id, .datasource_id = split.datasource_id, .index = 0};
  const size_t only = 0;
  write_results(connection, {&whole, 1}, {&only, 1}, {&held, 1});
  Begin begin;
  uint64_t next = 0, left = split.most_kept;
  bool is_known = true;
  for (const Part& part : parts) {
    if (!is_known || part.number != next) begin = {.label = fmt::format("from byte {}", part.begin)};
    left -= std::min(left, move_findings(connection, split, part, begin, left));
    begin.pass(part);
    is_known = part.is_measured;
    next = part.number + 1;
  }
  if (parts.size() < split.parts) {
    execute(connection, "UPDATE split_objects SET settled_with = parts_done WHERE id = $1", split.id);
    return true;
  }
  ++(is_complete(object.record.verdict.kind) ? progress.objects_done : progress.objects_failed);
  counters.add(split.job_id, split.datasource_id, progress);
  forget(connection, split);
  return true;
}

void SqlStore::add_split(sql::Connection& connection, int64_t job_id, int64_t datasource_id, const SplitObject& split) {
  const model::ObjectRecord& record = split.object.record;
  // An object that the walk met twice is split once.
  execute(
      connection,
      "INSERT INTO split_objects (job_id, datasource_id, object_key, path, format, bytes, mtime_ns, change_id, "
      "parts, most_met, most_kept, too_many, whole_kind, whole_bytes, whole_payload, join_kind, join_payload) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (job_id, "
      "datasource_id, object_key) DO NOTHING",
      job_id, datasource_id, object_key(record.object), to_text(record.object), to_text(record.format), record.bytes,
      split.object.mtime_ns, to_text(split.object.change_id), split.parts, split.most_met, split.most_kept,
      split.too_many, split.whole.child_kind, split.whole.bytes, split.whole.payload,
      split.join ? split.join->child_kind : "", split.join ? split.join->payload : "");
}

void SqlStore::add_part(sql::Connection& connection, const HeldTask& task, int64_t datasource_id,
                        const ObjectPart& part, Counters& counters) {
  const std::string key = object_key(part.object);
  const sql::Rows rows = query(connection,
                               text_(ASSAY_SPLIT_COLUMNS "WHERE job_id = $1 AND datasource_id = $2 AND "
                                                         "object_key = $3 @lock"),
                               task.job_id, datasource_id, key);
  if (rows.empty()) {  // forgotten: it is read whole, and counted then
    model::ProgressDelta progress;
    take_back(part.verdict, part.bytes, part.findings, progress);
    return counters.add(task.job_id, task.datasource_id, progress);
  }
  const Split split = split_of(rows, 0);
  if (split.change_id != part.change_id || part.number >= split.parts) return;
  const uint64_t is_new = execute(
      connection,
      "INSERT INTO object_parts (job_id, datasource_id, object_key, part_number, begin_byte, bytes, verdict, reason, "
      "is_measured, text_bytes, code_points, newlines, tail_code_points, encoding, fits, met, findings) VALUES ($1, "
      "$2, "
      "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
      "ON CONFLICT (job_id, datasource_id, object_key, part_number) DO NOTHING",
      task.job_id, datasource_id, key, part.number, part.begin, part.bytes, to_string(part.verdict.kind),
      to_text(part.verdict.reason), part.is_measured, part.text_bytes, part.code_points, part.newlines,
      part.tail_code_points, to_text(part.encoding), part.fits, part.met, part.findings);
  if (is_new == 0) return;
  insert_part_findings(connection, task, datasource_id, key, part);
  insert_part_content(connection, task.job_id, datasource_id, key, part);
  const bool is_first = split.encoding.empty();
  const uint64_t met = split.met + std::min(part.met, split.most_met + 1);
  execute(connection, "UPDATE split_objects SET parts_done = parts_done + 1, met = $2, encoding = $3 WHERE id = $1",
          split.id, met, is_first ? part.encoding : split.encoding);
  // What does not fit now never will: there is no need to wait for the rest.
  const bool fits =
      part.fits && met <= split.most_met && (is_first || part.encoding.empty() || part.encoding == split.encoding);
  if (!fits || split.parts_done + 1 == split.parts) join_parts(connection, split.id, task.id, counters);
}

void SqlStore::insert_part_findings(sql::Connection& connection, const HeldTask& task, int64_t datasource_id,
                                    const std::string& key, const ObjectPart& part) {
  std::deque<std::string> texts;
  const auto keep = [&](std::string text) { return std::string_view(texts.emplace_back(std::move(text))); };
  Batch batch(20);
  for (const model::Finding& f : part.kept)
    batch.add(task.job_id, task.id, datasource_id, key, part.number, f.locator.line, f.locator.line_column,
              keep(to_text(f.entity)), keep(to_text(f.rule)), keep(to_text(f.pattern)), keep(to_text(f.category)),
              to_string(f.sensitivity), f.confidence, keep(join_texts(f.reasons)), f.start, f.end, f.start_code_point,
              f.end_code_point, keep(to_text(f.masked)), keep(to_text(f.fingerprint)));
  batch.run(connection,
            "INSERT INTO part_findings (job_id, task_id, datasource_id, object_key, part_number, line, line_column, "
            "entity, rule, pattern, category, sensitivity, confidence, reasons, start_byte, end_byte, "
            "start_code_point, end_code_point, masked, fingerprint) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
            "$11, $12, $13, $14, $15, $16, $17, $18, $19, $20)");
}

void SqlStore::insert_part_content(sql::Connection& connection, int64_t job_id, int64_t datasource_id,
                                   const std::string& key, const ObjectPart& part) {
  Batch batch(6);
  int64_t piece = 0;
  for (std::string_view rest = part.content; !rest.empty(); rest.remove_prefix(std::min(rest.size(), piece_bytes)))
    batch.add(job_id, datasource_id, key, part.number, piece++, sql::Blob{rest.substr(0, piece_bytes)});
  batch.run(
      connection,
      "INSERT INTO part_contents (job_id, datasource_id, object_key, part_number, piece, content) VALUES ($1, $2, "
      "$3, $4, $5, $6)");
}

void SqlStore::end_joined(sql::Connection& connection, const HeldTask& task, int64_t datasource_id,
                          const JoinedParts& joined, Counters& counters) {
  const sql::Rows rows = query(connection,
                               text_(ASSAY_SPLIT_COLUMNS "WHERE job_id = $1 AND datasource_id = $2 AND "
                                                         "object_key = $3 @lock"),
                               task.job_id, datasource_id, object_key(joined.object));
  if (rows.empty()) return;
  const Split split = split_of(rows, 0);
  if (!joined.fit) {
    model::ProgressDelta progress;
    for (const Part& part : parts_of(connection, split)) take_back(part.verdict, part.bytes, part.findings, progress);
    counters.add(split.job_id, split.datasource_id, progress);
    insert_outputs(connection, split.job_id, task.id, {&split.whole, 1}, counters);
  }
  // Parts that are missing may come yet, when their tasks are tried again.
  if (!joined.fit || split.parts_done == split.parts) forget(connection, split);
}

void SqlStore::write_parts(sql::Connection& connection, std::span<const TaskCompletion> tasks,
                           std::span<const size_t> order, std::span<const HeldTask> held, Counters& counters) {
  struct Entry {
    int64_t datasource_id;
    std::string key;
    const HeldTask* task;
    const ObjectPart* part;
  };
  std::vector<Entry> entries;
  for (const HeldTask& each : held) {
    const TaskCompletion& task = tasks[order[each.index]];
    const int64_t datasource_id = task.datasource_id != 0 ? task.datasource_id : each.datasource_id;
    for (const SplitObject& split : task.splits) add_split(connection, each.job_id, datasource_id, split);
    for (const ObjectPart& part : task.parts) entries.push_back({datasource_id, object_key(part.object), &each, &part});
  }
  // In the order of their keys, as everything that takes locks.
  std::ranges::sort(entries, {}, [](const Entry& e) {
    return std::tuple(e.task->job_id, e.datasource_id, std::string_view(e.key), e.part->number);
  });
  for (const Entry& e : entries) add_part(connection, *e.task, e.datasource_id, *e.part, counters);
  for (const HeldTask& each : held) {
    const TaskCompletion& task = tasks[order[each.index]];
    const int64_t datasource_id = task.datasource_id != 0 ? task.datasource_id : each.datasource_id;
    for (const JoinedParts& joined : task.joined) end_joined(connection, each, datasource_id, joined, counters);
  }
}

bool SqlStore::awaits_parts(int64_t job_id, int64_t datasource_id, std::string_view path) {
  return reading<bool>([&](sql::Connection& c) {
    return !query(c, "SELECT 1 FROM split_objects WHERE job_id = $1 AND datasource_id = $2 AND object_key = $3", job_id,
                  datasource_id, object_key(path))
                .empty();
  });
}

std::vector<WaitingPart> SqlStore::waiting_parts(int64_t job_id, int64_t datasource_id, std::string_view path) {
  return reading<std::vector<WaitingPart>>([&](sql::Connection& c) {
    Split split;
    split.job_id = job_id;
    split.datasource_id = datasource_id;
    split.key = object_key(path);
    std::vector<WaitingPart> waiting;
    for (Part& part : parts_of(c, split))
      waiting.push_back({.number = static_cast<uint32_t>(part.number),
                         .bytes = part.bytes,
                         .verdict = std::move(part.verdict),
                         .newlines = part.newlines,
                         .findings = part.findings});
    return waiting;
  });
}

std::string SqlStore::part_content(int64_t job_id, int64_t datasource_id, std::string_view path, uint32_t number) {
  return reading<std::string>([&](sql::Connection& c) {
    std::string content;
    const sql::Rows rows = query(c,
                                 "SELECT content FROM part_contents WHERE job_id = $1 AND datasource_id = $2 AND "
                                 "object_key = $3 AND part_number = $4 ORDER BY piece",
                                 job_id, datasource_id, object_key(path), number);
    for (size_t i = 0; i < rows.size(); ++i) content += rows.text(i, 0);
    return content;
  });
}

bool SqlStore::settle_splits(sql::Connection& connection, int64_t job_id) {
  const sql::Rows rows = query(connection,
                               text_("SELECT id FROM split_objects WHERE job_id = $1 AND settled_with <> parts_done "
                                     "ORDER BY datasource_id, object_key LIMIT $2 @lock"),
                               job_id, splits_a_transaction);
  Counters counters;
  bool is_settled = rows.size() < splits_a_transaction;
  for (const int64_t id : numbers_of(rows)) is_settled = join_parts(connection, id, 0, counters) && is_settled;
  counters.write(connection);
  return is_settled;
}

}  // namespace assay::store
