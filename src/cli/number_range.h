#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

namespace assay::cli {

/// Lets whole numbers from `least` to `most` pass; the latter is told only when it is not the largest there is.
CLI::Validator whole_number(uint64_t least, uint64_t most = UINT64_MAX);

/// Lets numbers from 0 to 1 pass.
CLI::Validator share();

}  // namespace assay::cli
