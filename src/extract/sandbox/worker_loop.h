#pragma once

#include <cstdint>

#include "extract/sandbox/worker.h"

namespace assay::sandbox {

/// Locked down already: receives batches of requests and answers them until the parent closes the channel. Never
/// returns.
[[noreturn]] void serve_requests(const ExaminerHooks& hooks, int socket, int scratch, SharedPage& page,
                                 Channel& channel);

}  // namespace assay::sandbox
