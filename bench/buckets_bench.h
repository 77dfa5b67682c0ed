#pragma once

namespace assay::bench {

/// Objects of an S3 server on this machine, by our connector and by curl, through as many connections.
void measure_buckets();

}  // namespace assay::bench
