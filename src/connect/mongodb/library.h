#pragma once

#include <mongoc/mongoc.h>

namespace assay::connect::mongodb {

/// A function of libmongoc. The library is loaded when the first is asked for, and not with the program: as it is
/// loaded it makes a file of shared memory, which a process that dies leaves behind, and takes as long as all the rest.
/// Throws core::Error(permanent) when it is not installed. Thread-safe.
void* library_function(const char* name);

}  // namespace assay::connect::mongodb

/// mongoc_FUNCTION, to be called.
#define MONGOC(function)                                                                                     \
  (                                                                                                          \
      *reinterpret_cast<decltype(&::mongoc_##function)>(::assay::connect::mongodb::library_function("mongoc" \
                                                                                                    "_" #function)))
