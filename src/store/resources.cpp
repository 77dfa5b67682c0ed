#include <algorithm>

#include "store/keys.h"
#include "store/sql_store.h"

// Shares of what is limited, leased by name. Whoever dies loses its shares when they expire.
namespace assay::store {

bool SqlStore::acquire_resources(std::string_view holder, std::span<const ResourceRequest> requests, int64_t ttl_ms) {
  struct Refused {};
  std::vector<ResourceRequest> sorted(requests.begin(), requests.end());
  std::ranges::sort(sorted, {}, &ResourceRequest::key);
  try {
    write("acquire_resources", [&](sql::Connection& c) {
      if (dialect_ == sql::Dialect::postgresql) {
        // Whoever asks for the same resource waits here, in the order of the locks' numbers.
        std::vector<int64_t> keys;
        keys.reserve(sorted.size());
        for (const ResourceRequest& request : sorted) keys.push_back(lock_key("resource/" + request.key));
        std::ranges::sort(keys);
        for (const int64_t key : keys) query(c, "SELECT pg_advisory_xact_lock($1)", key);
      }
      for (const ResourceRequest& request : sorted) {
        execute(c, text_("DELETE FROM resource_leases WHERE resource = $1 AND expires_at <= @now"), request.key);
        const sql::Rows used =
            query(c, "SELECT COALESCE(SUM(amount), 0) FROM resource_leases WHERE resource = $1 AND holder <> $2",
                  request.key, holder);
        const auto in_use = static_cast<uint64_t>(used.integer(0, 0));
        if (request.limit != 0 && (in_use > request.limit || request.amount > request.limit - in_use)) throw Refused{};
        execute(c,
                text_("INSERT INTO resource_leases (resource, holder, amount, expires_at) VALUES ($1, $2, $3, "
                      "@now + $4::bigint) ON CONFLICT (resource, holder) DO UPDATE SET amount = excluded.amount, "
                      "expires_at = excluded.expires_at"),
                request.key, holder, request.amount, ttl_ms);
      }
    });
  } catch (const Refused&) {
    return false;
  }
  return true;
}

void SqlStore::release_resources(std::string_view holder) {
  write("release_resources",
        [&](sql::Connection& c) { execute(c, "DELETE FROM resource_leases WHERE holder = $1", holder); });
}

void SqlStore::renew_resources(std::span<const std::string_view> holders, int64_t ttl_ms) {
  if (holders.empty()) return;
  write("renew_resources", [&](sql::Connection& c) {
    execute(c,
            text_("UPDATE resource_leases SET expires_at = @now + $2::bigint WHERE holder @in_texts(1) AND "
                  "expires_at > @now"),
            holders, ttl_ms);
  });
}

uint64_t SqlStore::resources_in_use(std::string_view key) {
  return reading<uint64_t>([&](sql::Connection& c) {
    const sql::Rows rows = query(
        c, text_("SELECT COALESCE(SUM(amount), 0) FROM resource_leases WHERE resource = $1 AND expires_at > @now"),
        key);
    return static_cast<uint64_t>(rows.integer(0, 0));
  });
}

}  // namespace assay::store
