#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> validators_fi() { return {}; }

}  // namespace assay::classify
