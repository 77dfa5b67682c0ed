#include "classify/scratch.h"

#include <hs/hs.h>

#include <new>

namespace assay::classify {

Scratch::Scratch(const CompiledRules& rules) : dfa(rules.token_nfa), marks(rules.patterns.size()) {
  for (const hs_database* database : {rules.glued_database.get(), rules.line_database.get()})
    if (database != nullptr && hs_alloc_scratch(database, &hyperscan) != HS_SUCCESS) throw std::bad_alloc();
}

Scratch::~Scratch() { hs_free_scratch(hyperscan); }

}  // namespace assay::classify
