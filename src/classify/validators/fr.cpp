#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> validators_fr() { return {}; }

}  // namespace assay::classify
