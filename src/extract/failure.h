#pragma once

#include <exception>
#include <string>
#include <utility>

#include "model/verdict.h"

namespace assay::extract {

/// Ends the examination of the current object or member with a verdict. What was extracted before it stands.
class Failure : public std::exception {
 public:
  Failure(model::VerdictKind kind, std::string reason) : verdict_{kind, std::move(reason)} {}
  const model::Verdict& verdict() const noexcept { return verdict_; }
  const char* what() const noexcept override { return verdict_.reason.c_str(); }

 private:
  model::Verdict verdict_;
};

}  // namespace assay::extract
