#pragma once

#include <cstdint>

#include "sql/error.h"

/// What a server bears while it is read, and how much of it a source's settings take.
namespace assay::connect {

struct ServerLoad {
  double replication_lag_s = 0;  ///< of this server behind its primary, or of the slowest that follows it; 0: none
  uint64_t running = 0;          ///< statements that run on the server, besides those of Assay
};

struct LoadBounds {
  uint64_t max_replication_lag_s = 0;  ///< 0: not looked at
  uint64_t max_running = 0;            ///< 0: not looked at

  bool any() const noexcept { return max_replication_lag_s != 0 || max_running != 0; }
};

/// How long a look may take: one that takes longer tells nothing.
inline constexpr int64_t look_timeout_ms = 10'000;

/// A connection of its own, without a transaction, that asks a server what it bears. Used by one thread at a time, at
/// the beginning by the one that made it.
class LoadProbe {
 public:
  virtual ~LoadProbe() = default;
  LoadProbe() = default;
  LoadProbe(const LoadProbe&) = delete;
  LoadProbe& operator=(const LoadProbe&) = delete;

  /// Asks for what has a bound. Returns or throws within about a second after a stop. Throws sql::Error: denied, in a
  /// sentence that names the privilege, where the server does not tell; connection_lost. After an error it is of no
  /// more use.
  virtual ServerLoad look() = 0;
};

}  // namespace assay::connect
