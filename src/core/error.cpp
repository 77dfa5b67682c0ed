#include "core/error.h"

#include <cerrno>
#include <system_error>

namespace assay::core {

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::bad_input: return "bad_input";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::denied: return "denied";
    case ErrorKind::transient: return "transient";
    case ErrorKind::permanent: return "permanent";
    case ErrorKind::bug: return "bug";
  }
  return "bug";
}

Error error_from_errno(std::string_view what, int errno_value) {
  ErrorKind kind = ErrorKind::permanent;
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG: kind = ErrorKind::not_found; break;
    case EACCES:
    case EPERM: kind = ErrorKind::denied; break;
    case EAGAIN:
    case EINTR:
    case EMFILE:
    case ENFILE:
    case ENOMEM: kind = ErrorKind::transient; break;
    default: break;
  }
  return Error(kind, std::string(what) + ": " + std::generic_category().message(errno_value));
}

}  // namespace assay::core
