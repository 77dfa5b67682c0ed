#include <chrono>
#include <random>
#include <thread>

#include "core/fault_point.h"
#include "store/sql_store.h"

// How every operation becomes one transaction, and what happens when that fails.
namespace assay::store {

sql::ConnectionPool::Lease SqlStore::connection() { return connections_.acquire(30'000); }

namespace {

/// A claim that a power cut takes back was never made: whoever made it was cut off, too.
constexpr std::string_view claims = "claim_ready_tasks";

constexpr int most_attempts = 10;
constexpr int most_attempts_without_connection = 4;

/// How long before the transaction is tried again; nothing when it is not.
std::optional<int64_t> pause_ms(sql::Trouble trouble, int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  switch (trouble) {
    case sql::Trouble::conflict:
      if (attempt >= most_attempts) return std::nullopt;
      return std::uniform_int_distribution<int64_t>(0, int64_t{1} << std::min(attempt, 6))(random);
    case sql::Trouble::busy:  // the driver has waited already
      return attempt >= 2 ? std::nullopt : std::optional<int64_t>(0);
    case sql::Trouble::connection_lost:
      if (attempt >= most_attempts_without_connection) return std::nullopt;
      return 20 * attempt;
    default: return std::nullopt;
  }
}

}  // namespace

void SqlStore::write(std::string_view operation, const Body& body, const Question& was_recorded) {
  std::unique_lock writer(writer_, std::defer_lock);
  if (dialect_ == sql::Dialect::sqlite) writer.lock();
  bool in_doubt = false;  // a commit was sent and its answer did not come
  for (int attempt = 1;; ++attempt) {
    sql::Trouble trouble = sql::Trouble::connection_lost;
    std::string message;
    try {
      auto lease = connection();
      if (in_doubt && was_recorded) {
        sql::Transaction asking(*lease);
        const bool recorded = was_recorded(*lease);
        asking.commit();
        if (recorded) return;
      }
      in_doubt = false;
      // Only the order of such a commit outlives a power cut, and whatever is built on it takes it along.
      if (dialect_ == sql::Dialect::sqlite && options_.durable)
        lease->execute(operation == claims ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
      sql::Transaction transaction(*lease);
      body(*lease);
      core::fault_point(operation, "before_commit");
      transaction.commit();
      in_doubt = true;  // for a fault point that stands for an answer that was lost
      core::fault_point(operation, "after_commit");
      return;
    } catch (const sql::Error& error) {
      if (error.outcome_unknown()) in_doubt = true;
      trouble = error.outcome_unknown() ? sql::Trouble::connection_lost : error.trouble();
      message = error.what();
      if (!pause_ms(trouble, attempt) && !in_doubt) throw;
    } catch (const core::InjectedFault& fault) {
      message = fault.what();
    }
    const auto pause = pause_ms(trouble, attempt);
    if (!pause) throw sql::Error(core::ErrorKind::transient, trouble, message, in_doubt);
    if (*pause > 0 && !options_.now_ms) std::this_thread::sleep_for(std::chrono::milliseconds(*pause));
  }
}

void SqlStore::read(const Body& body) {
  for (int attempt = 1;; ++attempt) {
    try {
      auto lease = connection();
      body(*lease);
      return;
    } catch (const sql::Error& error) {
      if (error.trouble() != sql::Trouble::connection_lost || attempt > 1) throw;
    }
  }
}

}  // namespace assay::store
