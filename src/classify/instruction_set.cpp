#include "classify/instruction_set.h"

namespace assay::classify {

std::vector<InstructionSet> instruction_sets() {
  std::vector<InstructionSet> sets{InstructionSet::plain};
#if defined(__x86_64__)
  sets.push_back(InstructionSet::sse2);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("lzcnt") && __builtin_cpu_supports("popcnt"))
    sets.push_back(InstructionSet::avx2);
  if (sets.back() == InstructionSet::avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vbmi2"))
    sets.push_back(InstructionSet::avx512);
#endif
  return sets;
}

InstructionSet fastest_instruction_set() {
  static const InstructionSet fastest = instruction_sets().back();
  return fastest;
}

}  // namespace assay::classify
