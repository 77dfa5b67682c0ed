#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> validators_uk() { return {}; }

}  // namespace assay::classify
