#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/codec.h"

namespace assay::profile {

/// How many different hashes were added. Exact while they are few; then HyperLogLog (Flajolet, Fusy, Gandouet, Meunier:
/// "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm", 2007) with the improved estimator of
/// Ertl ("New cardinality estimation algorithms for HyperLogLog sketches", 2017), which needs no correction of bias.
///
/// Never takes more than 2^precision bytes beside itself.
class HyperLogLog {
 public:
  /// 4 to 16. The standard error is 1.04 / sqrt(2^precision).
  explicit HyperLogLog(uint32_t precision = 12);

  void add(uint64_t hash);

  void save(core::WireWriter& out) const;
  /// Adds what another one of the same precision saved, as if its hashes had been added. Throws
  /// core::Error(permanent) for what none saved.
  void absorb(core::WireReader& saved);

  double estimate() const;
  bool is_exact() const { return registers_.empty(); }
  size_t memory_bytes() const { return few_.capacity() * sizeof(uint64_t) + registers_.capacity(); }

 private:
  void add_to_registers(uint64_t hash);
  bool add_to_few(uint64_t hash);
  void give_up_exactness();

  uint32_t precision_;
  std::vector<uint64_t> few_;  ///< open addressing; 0 is a free place
  uint32_t count_ = 0;         ///< of few_
  bool has_zero_ = false;      ///< the hash 0 was added while exact
  std::vector<uint8_t> registers_;
};

}  // namespace assay::profile
