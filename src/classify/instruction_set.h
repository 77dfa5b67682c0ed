#pragma once

#include <cstdint>
#include <vector>

namespace assay::classify {

/// Ways to look at text that find the same and differ in speed.
enum class InstructionSet : uint8_t { plain, sse2, avx2, avx512 };
/// What this processor has; the last is the fastest.
std::vector<InstructionSet> instruction_sets();
InstructionSet fastest_instruction_set();

}  // namespace assay::classify
