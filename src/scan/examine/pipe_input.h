#pragma once

#include <memory>

#include "extract/input.h"
#include "model/limits.h"

namespace assay::scan {

/// A descriptor that can only be read forwards (standard input), made readable at any offset. Does not own it.
std::unique_ptr<extract::Input> open_pipe(int fd, extract::Scratch& scratch, const model::Limits& limits);

/// A descriptor for what reads it once and forwards only, as the rows of a table: nothing is kept, so it may be of any
/// length. Does not own it.
std::unique_ptr<extract::Input> open_forward(int fd);

}  // namespace assay::scan
