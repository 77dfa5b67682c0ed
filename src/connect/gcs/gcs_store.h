#pragma once

#include <memory>

#include "connect/object_store/store.h"

namespace assay::connect::gcs {

/// Throws core::Error(bad_input) for what the settings say wrongly.
std::unique_ptr<Store> make_store(const SourceAddress& address, ConnectorContext context);

}  // namespace assay::connect::gcs
