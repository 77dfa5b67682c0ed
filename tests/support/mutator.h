#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "tests/support/samples.h"

namespace assay::tests {

/// Spoils files. The same seed spoils the same file in the same way.
class Mutator {
 public:
  explicit Mutator(uint64_t seed) : random_(seed) {}

  const Files::value_type& pick(const Files& files) { return files[below(files.size())]; }

  /// Flips, overwrites, cuts, repeats, moves, or mixes in another file. What is in a ZIP file is as often spoilt inside
  /// one of its entries and packed again, where checksums would otherwise keep the damage from the parsers.
  std::string spoil(std::string_view content, const Files& others);

 private:
  size_t below(size_t bound) { return bound == 0 ? 0 : static_cast<size_t>(random_() % bound); }
  void spoil_once(std::string& bytes, const Files& others);
  void overwrite_number(std::string& bytes);
  std::string spoil_bytes(std::string_view content, const Files& others);

  std::mt19937_64 random_;
};

/// The files in a ZIP archive; none when it cannot be read or holds more than a few megabytes.
Files unzip(std::string_view zip);

}  // namespace assay::tests
