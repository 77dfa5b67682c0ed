#pragma once

#include "connect/mysql/client.h"
#include "connect/tables/server_load.h"

namespace assay::connect::mysql {

/// What the server bears, of what has a bound. Throws sql::Error(denied) where the user may not see it.
ServerLoad server_load(Client& client, const LoadBounds& bounds);

}  // namespace assay::connect::mysql
