#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "model/rule.h"

namespace assay::cli {

/// A rule with what compiling it tells.
struct DescribedRule {
  const model::Rule* rule = nullptr;
  std::vector<std::string> searches;  ///< for each pattern: how it is searched, for a person
};

/// Compiles `rules`, which must outlive the result.
std::vector<DescribedRule> describe_rules(const std::vector<model::Rule>& rules);

/// Name, entity, category, sensitivity and title.
boost::json::object rule_summary(const model::Rule& rule);
/// Everything, for a program.
boost::json::object rule_json(const DescribedRule& described);
/// Everything, for a person.
std::string rule_text(const DescribedRule& described);

}  // namespace assay::cli
