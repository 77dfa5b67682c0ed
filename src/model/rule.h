#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::model {

enum class Sensitivity : uint8_t { low, medium, high, critical };

std::string_view to_string(Sensitivity sensitivity) noexcept;
std::optional<Sensitivity> sensitivity_from_string(std::string_view name) noexcept;

/// What a rule of this category and sensitivity finds is a date that says little of anybody, since no rule says whose:
/// a column that holds nothing else is not sensitive (docs/data-quality.md).
constexpr bool is_mere_date(std::string_view category, Sensitivity sensitivity) noexcept {
  return category == "temporal" && sensitivity == Sensitivity::low;
}

/// One shape of what a rule looks for.
struct Pattern {
  std::string name;
  std::string regex;        ///< PCRE2 syntax
  double confidence = 0.5;  ///< before validator and context, 0 to 1
  bool ignore_case = false;
  int group = 0;  ///< capture group that is the value; 0 is the whole match
  std::vector<std::string>
      keywords;  ///< every match contains one of them; empty: the pattern starts at a token with a digit
  bool keywords_inside_words = false;  ///< keywords count inside longer words too: "password" in "dbpassword"
  std::string validator;               ///< "" is the rule's
  std::optional<double> validated;     ///< nullopt is the rule's
};

/// Words near a match that change its confidence.
struct ContextWords {
  std::vector<std::string> words;  ///< lower case words and phrases
  double boost = 0.35;             ///< added in full at distance 0 and for a key or column name
  bool required = false;           ///< without any of the words nothing is reported
  std::vector<std::string> negative;
  double penalty = 0.3;
};

struct RuleExample {
  std::string text;
  std::string match;  ///< the value to be found; "" is any
};

/// What Assay looks for, as written in YAML (docs/rules.md).
struct Rule {
  std::string name;
  std::string entity;
  std::string title;
  std::string category;
  Sensitivity sensitivity = Sensitivity::medium;
  std::vector<std::string> regulations;
  std::vector<std::string> countries;
  std::vector<std::string> languages;
  std::string validator;
  std::optional<double> validated;  ///< confidence once the validator says valid
  std::vector<Pattern> patterns;
  ContextWords context;
  std::vector<std::string> columns;    ///< further key and column names
  std::vector<std::string> deny_list;  ///< words that are the entity
  double deny_list_confidence = 0.9;
  std::vector<std::string> allow_list;  ///< values that are never reported
  std::vector<RuleExample> examples;
  std::vector<RuleExample> counter_examples;
  bool is_presidios = false;  ///< read from a file written for Presidio, which knows no examples
  std::string file;           ///< where it was read
  int line = 0;               ///< 1-based
};

}  // namespace assay::model
