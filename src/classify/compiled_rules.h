#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "classify/byte_set.h"
#include "classify/key_words.h"
#include "classify/keyword_gate.h"
#include "classify/keyword_index.h"
#include "classify/literal_filter.h"
#include "classify/pattern_reader.h"
#include "classify/pcre.h"
#include "classify/token_dfa.h"
#include "classify/validators/validator.h"
#include "classify/words.h"
#include "model/rule.h"

struct hs_database;
struct hs_scratch;

namespace assay::classify {

struct CompiledPattern {
  uint32_t rule = 0;
  const model::Pattern* source = nullptr;
  SearchKind kind = SearchKind::line;
  CheckFunction check = nullptr;
  bool can_prove = false;  ///< the check may say valid
  float base = 0;
  float validated = 0;
  float best = 0;  ///< the most that it can have without context: base, or validated where it can be
  int group = 0;
  std::unique_ptr<Pcre> regex;  ///< keyword and line patterns, and token patterns with a group
  bool starts_with_keyword = false;
  std::string refusal;  ///< why it is not a token pattern
};

/// A set of phrase ids.
using PhraseSet = std::vector<uint64_t>;
inline bool contains(const PhraseSet& set, uint32_t phrase) {
  return phrase / 64 < set.size() && ((set[phrase / 64] >> (phrase % 64)) & 1) != 0;
}

/// A set of values that nearly never has what it is asked for: a word of 64 bits tells so.
class ValueSet {
 public:
  void insert(const std::string& value) {
    values_.insert(value);
    filter_ |= bit_of(value);
  }
  bool empty() const { return values_.empty(); }
  bool contains(std::string_view value) const { return (filter_ & bit_of(value)) != 0 && values_.contains(value); }

 private:
  static uint64_t bit_of(std::string_view value) {
    if (value.empty()) return 1;
    return uint64_t{1} << ((value.size() * 7 + size_t{5} * static_cast<uint8_t>(value.front()) +
                            static_cast<uint8_t>(value.back())) %
                           64);
  }
  std::set<std::string, std::less<>> values_;
  uint64_t filter_ = 0;
};

struct CompiledRule {
  const model::Rule* source = nullptr;
  float boost = 0;
  float penalty = 0;
  bool context_required = false;
  bool has_context = false;   ///< any positive or negative word or name
  bool is_container = false;  ///< other findings inside it stand beside it: URLs
  bool loose_edges = false;   ///< '-' and ',' may touch it: dates, addresses of networks and places
  PhraseSet positive, names, negative;
  ValueSet allow_list;
};

/// What a branch of the token automaton stands for: what is asked at each of its matches.
struct TokenEdge {
  uint32_t pattern = 0;
  float standing = 0;      ///< the most that a match is worth without words around it; below 0 when it needs some
  bool loose = false;      ///< of a rule with loose edges
  bool has_edges = false;  ///< see CompiledRules::edge_bytes
  bool has_group = false;
};
struct EdgeBytes {
  ByteSet not_before, not_after;
};

struct HsDatabaseDeleter {
  void operator()(hs_database* database) const;
};
using HsDatabase = std::unique_ptr<hs_database, HsDatabaseDeleter>;

/// Keywords that may stand anywhere, also inside words: literals in one LiteralFilter, or in one Vectorscan database
/// where that would not be fast.
class GluedKeywords {
 public:
  struct Use {
    uint32_t pattern = 0;
    uint32_t gate = 0;  ///< index into CompiledRules::gates
  };
  struct Keyword {
    std::string text;  ///< as fold_case() gives it
    std::vector<Use> uses;
  };

  void add(const std::string& folded, Use use);
  enum class By : uint8_t { fastest, vectorscan };
  /// To be called once, after the last add().
  void finish(By by = By::fastest);

  const std::vector<Keyword>& keywords() const { return keywords_; }
  /// Calls visit(keyword, offset) for each keyword that begins in [from, to) and ends in the text, in no order.
  /// `hyperscan` is scratch for database(), `places` working memory.
  void find(std::string_view text, size_t from, size_t to, hs_scratch* hyperscan, PlaceList& places,
            const std::function<void(const Keyword&, size_t)>& visit) const;
  size_t longest() const { return longest_; }                      ///< bytes
  const hs_database* database() const { return database_.get(); }  ///< null where a filter does

 private:
  static constexpr unsigned most_cased = 3;
  struct Literal {
    std::string text;      ///< the keyword's or its beginning's, in one of its cases
    uint32_t keyword = 0;  ///< index into keywords_
    bool is_whole = false;
  };
  void write_literals();

  std::vector<Keyword> keywords_;
  std::vector<Literal> literals_;
  size_t longest_ = 0;
  LiteralFilter filter_;
  HsDatabase database_;
};

/// A rule set made ready to run: compiled once, immutable, shared by threads.
class CompiledRules {
 public:
  /// Throws core::Error(bad_input) naming the rule that cannot be compiled.
  explicit CompiledRules(std::vector<model::Rule> rules);
  CompiledRules(const CompiledRules&) = delete;
  CompiledRules& operator=(const CompiledRules&) = delete;

  const std::vector<model::Rule>& sources() const { return sources_; }

  std::vector<CompiledRule> rules;
  std::vector<CompiledPattern> patterns;
  WordDictionary words;
  KeyWords secret_keys;  ///< of keys under which secrets stand: "api_key"

  TokenNfa token_nfa;
  std::vector<TokenEdge> token_edges;  ///< by branch id of token_nfa, in order of standing
  std::vector<EdgeBytes> edge_bytes;   ///< by branch id

  std::vector<KeywordGate> gates;         ///< of keywords, each at its pattern
  KeywordIndex keywords;                  ///< keywords that begin words
  GluedKeywords glued;                    ///< of ASCII, searched everywhere
  GluedKeywords glued_beyond_ascii;       ///< searched where there are bytes beyond ASCII
  std::vector<uint32_t> at_patterns;      ///< keyword "@"
  std::vector<uint32_t> scheme_patterns;  ///< keyword "://"

  std::vector<uint32_t> line_patterns;  ///< by hs id
  HsDatabase line_database;
  std::vector<uint32_t> always_line_patterns;  ///< those that Vectorscan refuses even as a prefilter

 private:
  void compile_rule(uint32_t index);
  void compile_patterns();
  void compile_pattern(uint32_t rule, const model::Pattern& source, ReadPattern& read);
  void add_keywords(uint32_t pattern, const ReadPattern& read);
  void add_branches(uint32_t pattern, ReadPattern& read);
  void compile_context(CompiledRule& rule, const model::Rule& source);
  void add_keyword(const std::string& keyword, const std::string& exact, uint32_t pattern, bool inside_words,
                   KeywordGate gate);
  const model::Pattern& write_deny_list(const model::Rule& owner);
  void build_token_nfa();
  void compile_line_database();

  struct ReadBranch {
    TokenEdge edge;
    size_t place;  // in the order of the rules
    TokenBranch branch;
  };
  std::vector<ReadBranch> token_branches_;  // until build_token_nfa()
  std::vector<model::Rule> sources_;
  std::vector<std::unique_ptr<model::Pattern>> deny_patterns_;
};

}  // namespace assay::classify
