#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> validators_nl() { return {}; }

}  // namespace assay::classify
