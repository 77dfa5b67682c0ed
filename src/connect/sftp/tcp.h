#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "core/fd.h"

namespace assay::connect::sftp {

/// A TCP connection, not blocking, with keepalive. Throws core::Error(transient) when nobody answers in time, the name
/// cannot be resolved, or, within a fifth of a second, a stop is requested.
core::Fd connect_tcp(const std::string& host, uint16_t port, std::chrono::milliseconds timeout,
                     const std::stop_token& stop);

}  // namespace assay::connect::sftp
