// Globs of ignore files: any pattern compiles or is refused, and matching any path ends soon.
#include "core/glob.h"

#include "core/error.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  const std::string_view bytes = fuzz::as_text(data, size);
  const size_t newline = bytes.find('\n');
  if (newline == std::string_view::npos) return 0;
  const std::string_view pattern = bytes.substr(0, newline), path = bytes.substr(newline + 1);
  try {
    const core::Glob glob(pattern);
    const bool as_file = glob.matches(path, false), as_directory = glob.matches(path, true);
    fuzz::require(!as_file || as_directory, "what describes a file describes a directory of that name");
    core::GlobSet set;
    set.add(pattern);
    const auto decided = set.decide(path, true);
    fuzz::require(decided.has_value() == as_directory, "a set of one pattern decides what the pattern describes");
    fuzz::require(!decided || *decided != glob.is_negated(), "a negated pattern says no");
  } catch (const core::Error& error) {
    fuzz::require(error.kind() == core::ErrorKind::bad_input, "a bad pattern is the user's error");
  }
  return 0;
}
