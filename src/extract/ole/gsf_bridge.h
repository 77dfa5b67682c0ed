#pragma once

#include <gsf/gsf.h>

#include <exception>
#include <memory>
#include <utility>

#include "extract/input.h"

namespace assay::extract {

struct GObjectUnref {
  void operator()(void* object) const noexcept { g_object_unref(object); }
};
using GsfInputPtr = std::unique_ptr<GsfInput, GObjectUnref>;
using GsfOutputPtr = std::unique_ptr<GsfOutput, GObjectUnref>;
using GsfOutfilePtr = std::unique_ptr<GsfOutfile, GObjectUnref>;
using GsfInfilePtr = std::unique_ptr<GsfInfile, GObjectUnref>;

/// What libgsf reads through. An exception must not pass C frames, so it is kept here and thrown on the other side.
struct GsfSource {
  Input* input = nullptr;
  std::exception_ptr failure;

  void rethrow_failure() {
    if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
  }
};

/// A GsfInput over `source`, which must outlive it and all that libgsf makes from it.
GsfInputPtr make_gsf_input(GsfSource& source);

}  // namespace assay::extract
