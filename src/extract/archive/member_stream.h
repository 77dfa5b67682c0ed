#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "extract/extractor.h"

namespace assay::extract {

/// Where a member's bytes come from.
struct MemberSource {
  /// Fills the span and returns the number of bytes, 0 at the end or where damage ends what can be read. Failure
  /// means that nothing more can be had from the archive's own input either.
  std::function<size_t(std::span<char>)> pull;
  /// After the end: why the bytes are not the whole member, empty when they are.
  std::function<model::Verdict()> outcome;
};

/// Hands a member to the sink. A member of which nothing could be read gets its verdict by unread_member; one of
/// which the end is missing is examined as far as it goes, and the archive is marked partial. Failure of the
/// archive's own input passes through, after the member.
void hand_over_member(std::string_view name, const MemberSource& source, const Context& context, Sink& sink);

}  // namespace assay::extract
