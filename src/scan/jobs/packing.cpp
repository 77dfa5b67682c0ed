#include "scan/jobs/packing.h"

#include "scan/jobs/job_configuration.h"

namespace assay::scan {

std::map<std::string, coordinate::Packing, std::less<>> packing() {
  coordinate::Packing last;
  last.most_items = 1;
  last.runs_last = true;
  return {{std::string(examine_kind), {}}, {std::string(sweep_kind), last}};
}

}  // namespace assay::scan
