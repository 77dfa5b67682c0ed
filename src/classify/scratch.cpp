#include "classify/scratch.h"

#include <hs/hs.h>

#include <array>
#include <new>

namespace assay::classify {

Scratch::Scratch(const CompiledRules& rules) : dfa(rules.token_nfa), marks(rules.patterns.size()) {
  const std::array<const hs_database*, 3> databases{rules.glued.database(), rules.glued_beyond_ascii.database(),
                                                    rules.line_database.get()};
  for (const hs_database* database : databases)
    if (database != nullptr && hs_alloc_scratch(database, &hyperscan) != HS_SUCCESS) throw std::bad_alloc();
}

Scratch::~Scratch() { hs_free_scratch(hyperscan); }

}  // namespace assay::classify
