#pragma once

#include <bson/bson.h>

#include <string>

#include "connect/documents/document.h"

namespace assay::connect::mongodb {

/// Takes a document apart (BSON, bsonspec.org, version 1.1): embedded documents become paths, arrays and what is too
/// deep, or has too long a path, JSON. Dates are ISO 8601 in
/// UTC, object ids and decimals as MongoDB prints them, UUIDs text, all other binary data bytes. False when it is
/// malformed; what came before stands.
bool append_cells(const bson_t& bson, Document& document);

}  // namespace assay::connect::mongodb
