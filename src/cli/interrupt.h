#pragma once

namespace assay::cli {

/// Makes SIGINT and SIGTERM ask for an orderly end; a second one ends the process at once. Idempotent.
void catch_interrupts();
bool was_interrupted() noexcept;

}  // namespace assay::cli
