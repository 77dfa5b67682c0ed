#include "scan/jobs/packing.h"

#include "scan/jobs/job_configuration.h"

namespace assay::scan {

std::map<std::string, coordinate::Packing, std::less<>> packing() {
  coordinate::Packing last;
  last.most_items = 1;
  last.runs_last = true;
  coordinate::Packing single;
  single.most_items = 1;
  return {{std::string(examine_kind), {}},
          {std::string(range_kind), single},
          {std::string(join_kind), single},
          {std::string(sweep_kind), last}};
}

}  // namespace assay::scan
