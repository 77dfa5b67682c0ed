#pragma once

#include <cstdint>

namespace assay::cli {

/// Makes SIGINT and SIGTERM ask for an orderly end; a second one ends the process at once. Idempotent.
void catch_interrupts();
bool was_interrupted() noexcept;
/// Waits until one came, at most so long; whether one did. After catch_interrupts().
bool wait_for_interrupt(int64_t timeout_ms);

}  // namespace assay::cli
