#pragma once

#include "scan/jobs/source_access.h"
#include "secure/credentials.h"

namespace assay::app {

/// Every kind of source that this program reads, with secrets from files, variables and, when it is configured, a
/// vault. Lives as long as the program.
const scan::SourceAccess& source_access();
/// The same with all secrets that these credentials give, which must outlive it.
scan::SourceAccess source_access(secure::CredentialManager& credentials, const core::Log& log);

}  // namespace assay::app
