#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> validators_za() { return {}; }

}  // namespace assay::classify
