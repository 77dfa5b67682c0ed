#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::classify {

/// How the matches of a keyword pattern's regex begin.
struct KeywordBeginnings {
  bool each_match_begins_with_one = false;  ///< then nothing need be searched before a keyword
  /// By keyword: the keyword in the only case in which a match can begin with it; empty when the case does not matter.
  std::vector<std::string> exact;
};

/// Looks at the text of the regex only, and answers "no" when in doubt.
KeywordBeginnings keyword_beginnings(std::string_view regex, bool ignore_case,
                                     const std::vector<std::string>& keywords);

}  // namespace assay::classify
