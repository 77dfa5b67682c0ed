#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> validators_br() { return {}; }

}  // namespace assay::classify
