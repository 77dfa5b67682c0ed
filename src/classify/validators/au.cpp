#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> validators_au() { return {}; }

}  // namespace assay::classify
