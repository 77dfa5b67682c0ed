#pragma once

#include <memory>

#include "extract/input.h"
#include "model/limits.h"

namespace assay::scan {

/// A descriptor that can only be read forwards (standard input), made readable at any offset. Does not own it.
std::unique_ptr<extract::Input> open_pipe(int fd, extract::Scratch& scratch, const model::Limits& limits);

/// A regular file. One whose size is told as 0 may hold something all the same (procfs, some that FUSE serves): it is
/// read to its end as a pipe is, by offset where that can be. Does not own the descriptor. Throws extract::Failure.
std::unique_ptr<extract::Input> open_file(int fd, extract::Scratch& scratch, const model::Limits& limits);

/// A descriptor for what reads it once and forwards only, as the rows of a table: nothing is kept, so it may be of any
/// length. Does not own it.
std::unique_ptr<extract::Input> open_forward(int fd);

}  // namespace assay::scan
