#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/rule_loader.h"
#include "model/rule.h"

namespace assay::classify {

/// A rule file that was built in, as text and as what reading the text gave when it was built in: reading 750 rules
/// takes a tenth of a second, and each program of a scan needs them.
struct BuiltinFile {
  std::string_view name, yaml, stored;
};

/// Defined by what `embed-rules` writes.
std::span<const BuiltinFile> builtin_files();

/// What was stored of `source`; empty when it is not, byte for byte, a file that was built in.
std::string_view stored_form_of(const RuleSource& source);

/// Rules as bytes, without the name of their file, and back. For what this program stored only: it is not checked.
std::string store_rules(const std::vector<model::Rule>& rules);
std::vector<model::Rule> restore_rules(std::string_view stored, const std::string& file);

}  // namespace assay::classify
