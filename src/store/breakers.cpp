#include <algorithm>

#include "store/sql_store.h"

// The circuit breaker of a datasource. Closed: all is well. Open: it failed `threshold` times in a row, and its tasks
// wait until `open_until`. Half open: the time is over, and one task at a time finds out whether it works again.
namespace assay::store {
namespace {

constexpr int64_t cache_ms = 300;
constexpr size_t most_breakers = 100'000;

Store::Breaker breaker_of(const sql::Rows& rows, size_t row) {
  Store::Breaker breaker;
  breaker.datasource_id = rows.integer(row, 0);
  breaker.failures = static_cast<uint32_t>(rows.integer(row, 1));
  breaker.open_until = rows.integer(row, 3);
  if (rows.integer(row, 1) >= rows.integer(row, 2))
    breaker.state =
        breaker.open_until > rows.integer(row, 4) ? model::BreakerState::open : model::BreakerState::half_open;
  return breaker;
}

}  // namespace

std::vector<Store::Breaker> SqlStore::breakers() {
  return reading<std::vector<Breaker>>([&](sql::Connection& c) {
    const sql::Rows rows =
        query(c,
              text_("SELECT datasource_id, failures, threshold, open_until, @now FROM source_breakers "
                    "WHERE failures > 0 ORDER BY datasource_id LIMIT $1"),
              most_breakers);
    return each_row(rows, breaker_of);
  });
}

std::vector<Store::Breaker> SqlStore::cached_breakers(bool fresh) {
  {
    const std::lock_guard lock(memory_mutex_);
    if (!fresh && breakers_known_ && local_now_ms() - breakers_read_at_ < cache_ms) return breakers_;
  }
  std::vector<Breaker> list = breakers();
  const std::lock_guard lock(memory_mutex_);
  breakers_ = list;
  breakers_known_ = true;
  breakers_read_at_ = local_now_ms();
  return list;
}

Store::Breaker SqlStore::record_source_outcome(int64_t datasource_id, bool ok, uint32_t threshold, int64_t open_ms) {
  // Success is said of every batch, and hardly ever changes anything.
  if (ok) {
    const std::vector<Breaker> known = cached_breakers(false);
    if (std::ranges::find(known, datasource_id, &Breaker::datasource_id) == known.end())
      return {.datasource_id = datasource_id};
  }
  auto breaker = writing<Breaker>("record_source_outcome", [&](sql::Connection& c) {
    if (ok) {
      execute(c, "UPDATE source_breakers SET failures = 0, open_until = 0 WHERE datasource_id = $1", datasource_id);
      return Breaker{.datasource_id = datasource_id};
    }
    const sql::Rows rows = query(
        c,
        text_("INSERT INTO source_breakers AS b (datasource_id, failures, threshold, open_until, open_ms) "
              "VALUES ($1, 1, $2, CASE WHEN $2::bigint <= 1 THEN @now + $3::bigint ELSE 0 END, $3) "
              "ON CONFLICT (datasource_id) DO UPDATE SET failures = b.failures + 1, threshold = $2, open_ms = $3, "
              "open_until = CASE WHEN b.failures + 1 >= $2::bigint THEN @now + $3::bigint ELSE 0 END "
              "RETURNING datasource_id, failures, threshold, open_until, @now"),
        datasource_id, threshold, open_ms);
    return breaker_of(rows, 0);
  });
  const std::lock_guard lock(memory_mutex_);
  breakers_known_ = false;
  return breaker;
}

}  // namespace assay::store
