#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace assay::connect {

/// The names of one object, which may stand in it more than once (RFC 8259, 4; BSON does not forbid it either): each
/// gets a name of its own, so that no value hides another.
class UniqueNames {
 public:
  /// The name itself the first time, then "name'2", "name'3", or what is next that is free. What all of an object's
  /// names take together is in proportion to them.
  std::string of(std::string name) {
    const auto [at, is_new] = counts_.try_emplace(std::move(name), 1);
    if (is_new) return at->first;
    for (;;) {
      std::string other = at->first + "'" + std::to_string(++at->second);
      if (counts_.try_emplace(other, 1).second) return other;
    }
  }

 private:
  std::map<std::string, uint64_t> counts_;  // not hashed: who writes the names could choose them
};

}  // namespace assay::connect
