#pragma once

#include <string_view>
#include <utility>

#include "extract/extractor.h"
#include "extract/ole/compound_file.h"

namespace assay::extract {

/// Runs one part of an extraction; damage in it is noted with sink.partial and the next part goes on.
template <class Function>
void or_partial(Sink& sink, Function&& function) {
  try {
    std::forward<Function>(function)();
  } catch (const Failure& failure) {
    if (failure.verdict().kind != model::VerdictKind::partial) throw;
    sink.partial(failure.verdict().reason);
  }
}

/// Gives embedded objects as members: packages and Ole10Native files by their bytes, contents streams, and storages
/// of nested documents, workbooks and presentations as compound files of their own.
void extract_embedded(CompoundFile& file, Sink& sink);

/// True for a stream or storage that extract_embedded() gives as a member, wholly or as part of one.
bool is_embedded_content(const CompoundFile& file, const CompoundEntry& entry);

/// True for a path inside a storage that extract_embedded() gives as a member.
bool is_inside_embedded(const CompoundFile& file, std::string_view path);

}  // namespace assay::extract
