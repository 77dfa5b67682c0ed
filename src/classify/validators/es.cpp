#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> validators_es() { return {}; }

}  // namespace assay::classify
