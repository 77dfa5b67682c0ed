#include "connect/mongodb/library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "core/error.h"

namespace assay::connect::mongodb {
namespace {

constexpr const char* library_name = "libmongoc-1.0.so.0";

}  // namespace

void* library_function(const char* name) {
  static void* const library = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  void* const function = library == nullptr ? nullptr : ::dlsym(library, name);
  if (function == nullptr)
    throw core::Error(core::ErrorKind::permanent,
                      fmt::format("MongoDB needs the library {}: install the package libmongoc-1.0-0", library_name));
  return function;
}

}  // namespace assay::connect::mongodb
