#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> validators_ie() { return {}; }

}  // namespace assay::classify
