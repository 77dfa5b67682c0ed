#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "core/fd.h"

namespace assay::connect {

/// A TCP connection, not blocking, with keepalive. Throws core::Error(transient) when nobody answers in time, the name
/// cannot be resolved, or, within a fifth of a second, all is to end.
core::Fd connect_tcp(const std::string& host, uint16_t port, std::chrono::milliseconds timeout,
                     const std::function<bool()>& is_to_end);

}  // namespace assay::connect
