#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> validators_kr() { return {}; }

}  // namespace assay::classify
