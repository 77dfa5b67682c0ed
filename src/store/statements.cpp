#include "store/statements.h"

#include <fmt/format.h>

#include <mutex>

#include "core/error.h"

namespace assay::store {
namespace {

struct Mark {
  std::string_view mark, postgresql, sqlite;
};

/// SQLite has one writer at a time, so that changes can be numbered as they come.
constexpr std::string_view next_change = "(SELECT COALESCE(MAX(changed_in), 0) + 1 FROM job_progress)";

constexpr std::array marks = {
    Mark{"@now", "(extract(epoch FROM clock_timestamp()) * 1000)::bigint", "assay_now_ms()"},
    Mark{"@lock", "FOR UPDATE", ""},
    Mark{"@skip_locked", "FOR UPDATE SKIP LOCKED", ""},
    Mark{"@skip_locked_tasks", "FOR UPDATE OF t SKIP LOCKED", ""},
    Mark{"@change", "pg_current_xact_id()::text::bigint", next_change},
    Mark{"@settled", "pg_snapshot_xmin(pg_current_snapshot())::text::bigint", next_change},
    Mark{"@newest", "pg_snapshot_xmax(pg_current_snapshot())::text::bigint", next_change},
};

std::string array_test(std::string_view name, std::string_view number, bool is_postgresql) {
  if (!is_postgresql) return fmt::format("IN (SELECT value FROM json_each(${}))", number);
  return fmt::format("= ANY(${}::{}[])", number, name == "in_ids" ? "bigint" : "text");
}

}  // namespace

std::string expand(std::string_view marked, sql::Dialect dialect) {
  const bool is_postgresql = dialect == sql::Dialect::postgresql;
  std::string out;
  for (size_t at = 0; at < marked.size();) {
    const size_t begin = marked.find('@', at);
    out += marked.substr(at, begin - at);
    if (begin == std::string_view::npos) break;
    const size_t end = std::min(marked.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", begin + 1), marked.size());
    const std::string_view name = marked.substr(begin, end - begin);
    at = end;
    if (name == "@in_ids" || name == "@in_texts") {
      const size_t close = marked.find(')', end);
      out += array_test(name.substr(1), marked.substr(end + 1, close - end - 1), is_postgresql);
      at = close + 1;
      continue;
    }
    const Mark* found = nullptr;
    for (const Mark& mark : marks)
      if (mark.mark == name) found = &mark;
    if (!found) throw core::Error(core::ErrorKind::bug, fmt::format("no such mark in a statement: {}", name));
    out += is_postgresql ? found->postgresql : found->sqlite;
  }
  return out;
}

std::string_view Statements::find(const char* address, std::string_view marked) const {
  {
    const std::shared_lock lock(mutex_);
    if (const auto known = texts_.find(address); known != texts_.end()) return *known->second;
  }
  const std::unique_lock lock(mutex_);
  auto& text = texts_[address];
  if (!text) text = std::make_unique<std::string>(expand(marked, dialect_));
  return *text;
}

}  // namespace assay::store
