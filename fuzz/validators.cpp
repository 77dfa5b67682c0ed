// Validators: no value makes one read past its end or run long, and the answer depends on the value only.
#include "classify/validators/validator.h"

#include <memory>

#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  constexpr size_t longest_value = 4096;
  if (size > longest_value) return 0;
  // In memory of exactly this size, where the sanitizer sees a byte read behind it.
  const auto copy = std::make_unique<char[]>(size);
  std::copy_n(reinterpret_cast<const char*>(data), size, copy.get());
  const std::string_view value(copy.get(), size);
  for (const classify::Validator& validator : classify::all_validators())
    fuzz::require(validator.check(value) == validator.check(value), "a validator answers the same twice");
  return 0;
}
