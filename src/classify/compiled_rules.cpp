#include "classify/compiled_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hs/hs.h>

#include <algorithm>
#include <utility>

#include "classify/case_fold.h"
#include "core/error.h"

namespace assay::classify {
namespace {

bool is_name_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

void insert(PhraseSet& set, uint32_t phrase) {
  if (set.size() <= phrase / 64) set.resize(phrase / 64 + 1, 0);
  set[phrase / 64] |= uint64_t{1} << (phrase % 64);
}

// The literal as a regex. PCRE2 ignores the case of ASCII only, so other letters are written in each.
std::string escape(std::string_view literal) {
  std::string out;
  for (size_t at = 0; at < literal.size();) {
    const size_t size = character_size(literal, at);
    const std::string_view character = literal.substr(at, size);
    at += size;
    if (const auto variants = case_variants(character); variants.size() > 1)
      out += fmt::format("(?:{})", fmt::join(variants, "|"));
    else if (size > 1 || is_name_byte(character[0]) || static_cast<uint8_t>(character[0]) >= 0x80) out += character;
    else out += fmt::format("\\{}", character);
  }
  return out;
}

// Of these, letters beyond ASCII have more than one form.
size_t cased_characters(std::string_view text) {
  size_t cased = 0;
  for (size_t at = 0, size = 0; at < text.size(); at += size) {
    size = character_size(text, at);
    cased += case_variants(text.substr(at, size)).size() > 1 ? 1 : 0;
  }
  return cased;
}

float raised(float base) { return std::max(base, std::min(0.95F, base + 0.35F)); }

}  // namespace

void HsDatabaseDeleter::operator()(hs_database* database) const { hs_free_database(database); }

CompiledRules::CompiledRules(std::vector<model::Rule> sources) : sources_(std::move(sources)) {
  rules.resize(sources_.size());
  for (uint32_t i = 0; i < sources_.size(); ++i) compile_rule(i);
  compile_patterns();
  build_token_nfa();
  keywords.finish();
  glued.finish();
  glued_beyond_ascii.finish();
  compile_line_database();
}

void CompiledRules::compile_rule(uint32_t index) {
  const model::Rule& source = sources_[index];
  CompiledRule& rule = rules[index];
  rule.source = &source;
  rule.is_container = source.category == "online";
  rule.loose_edges = source.category == "temporal" || source.category == "network" || source.category == "location";
  for (const auto& value : source.allow_list) rule.allow_list.insert(value);
  compile_context(rule, source);
}

void CompiledRules::compile_patterns() {
  std::vector<uint32_t> owners;
  std::vector<PatternSource> to_read;
  for (uint32_t i = 0; i < sources_.size(); ++i) {
    const model::Rule& owner = sources_[i];
    for (const model::Pattern& pattern : owner.patterns) to_read.push_back({owner, pattern});
    if (!owner.deny_list.empty()) to_read.push_back({owner, write_deny_list(owner)});
    owners.resize(to_read.size(), i);
  }
  std::vector<ReadPattern> read = read_patterns(to_read);
  for (size_t i = 0; i < read.size(); ++i) compile_pattern(owners[i], to_read[i].pattern, read[i]);
}

void CompiledRules::compile_context(CompiledRule& rule, const model::Rule& source) {
  rule.boost = static_cast<float>(source.context.boost);
  rule.penalty = static_cast<float>(source.context.penalty);
  rule.context_required = source.context.required;
  for (const auto& word : source.context.words) {
    const uint32_t phrase = words.add(lower(word));
    insert(rule.positive, phrase);
    insert(rule.names, phrase);
  }
  for (const auto& name : source.columns) {
    std::string spaced = lower(name);
    std::ranges::replace(spaced, '*', ' ');
    insert(rule.names, words.add(spaced));
  }
  for (const auto& word : source.context.negative) insert(rule.negative, words.add(lower(word)));
  rule.has_context = !rule.names.empty() || !rule.negative.empty();
}

void CompiledRules::compile_pattern(uint32_t rule, const model::Pattern& source, ReadPattern& read) {
  if (read.failure) std::rethrow_exception(read.failure);
  const model::Rule& owner = sources_[rule];
  CompiledPattern pattern;
  pattern.rule = rule;
  pattern.source = &source;
  pattern.kind = read.kind;
  pattern.group = source.group;
  const std::string& validator = source.validator.empty() ? owner.validator : source.validator;
  if (const Validator* found = find_validator(validator)) {
    pattern.check = found->check;
    pattern.can_prove = found->can_prove;
  }
  pattern.base = static_cast<float>(source.confidence);
  const auto validated = source.validated ? source.validated : owner.validated;
  pattern.validated = validated ? static_cast<float>(*validated) : raised(pattern.base);
  pattern.best = pattern.can_prove ? std::max(pattern.base, pattern.validated) : pattern.base;
  pattern.regex = std::move(read.regex);
  pattern.starts_with_keyword = read.starts_with_keyword;
  pattern.refusal = std::move(read.refusal);
  patterns.push_back(std::move(pattern));
  const auto id = static_cast<uint32_t>(patterns.size() - 1);
  if (read.kind == SearchKind::keyword) add_keywords(id, read);
  if (read.kind == SearchKind::token) add_branches(id, read);
}

void CompiledRules::add_keywords(uint32_t pattern, const ReadPattern& read) {
  const model::Pattern& source = *patterns[pattern].source;
  const model::Rule& owner = sources_[patterns[pattern].rule];
  for (size_t i = 0; i < source.keywords.size(); ++i) {
    const std::string& keyword = source.keywords[i];
    if (owner.category == "secret" && source.group != 0 && std::ranges::all_of(keyword, is_name_byte))
      secret_keys.add(keyword);
    if (keyword == "@") at_patterns.push_back(pattern);
    else if (keyword == "://") scheme_patterns.push_back(pattern);
    else add_keyword(keyword, read.exact[i], pattern, source.keywords_inside_words, read.gates[i]);
  }
}

void CompiledRules::add_branches(uint32_t pattern, ReadPattern& read) {
  const CompiledPattern& compiled = patterns[pattern];
  const CompiledRule& rule = rules[compiled.rule];
  for (TokenBranch& branch : read.branches)
    token_branches_.push_back({{.pattern = pattern,
                                .standing = rule.context_required ? -1 : compiled.best,
                                .loose = rule.loose_edges,
                                .has_edges = !branch.not_before.empty() || !branch.not_after.empty(),
                                .has_group = compiled.group != 0},
                               token_branches_.size(),
                               std::move(branch)});
}

// In order of standing: where no words are near, the branches of a state that stand without come last, and the others
// are not even looked at.
void CompiledRules::build_token_nfa() {
  std::ranges::sort(token_branches_, {},
                    [](const ReadBranch& read) { return std::pair(read.edge.standing, read.place); });
  for (const ReadBranch& read : token_branches_) {
    token_nfa.add(*read.branch.body, static_cast<int32_t>(token_edges.size()), read.edge.loose);
    token_edges.push_back(read.edge);
    edge_bytes.push_back({read.branch.not_before, read.branch.not_after});
  }
  token_branches_.clear();
  token_nfa.finish();
}

void CompiledRules::add_keyword(const std::string& keyword, const std::string& exact, uint32_t pattern,
                                bool inside_words, KeywordGate gate) {
  const auto gate_id = static_cast<uint32_t>(gates.size());
  gates.push_back(gate);
  const auto letter_case = exact.empty() ? KeywordIndex::Case::ignored : KeywordIndex::Case::exact;
  const bool is_ascii = std::ranges::all_of(keyword, [](char c) { return static_cast<uint8_t>(c) < 0x80; });
  // The index ignores the case of ASCII only.
  const bool is_indexable = is_ascii || !exact.empty() || cased_characters(keyword) == 0;
  if (!inside_words && is_indexable &&
      keywords.add(exact.empty() ? keyword : exact, pattern, letter_case, gate_id, gate.needs(keyword.size())))
    return;
  (is_ascii ? glued : glued_beyond_ascii).add(fold_case(keyword), {pattern, gate_id});
}

// The words themselves, as whole words, whatever their case.
const model::Pattern& CompiledRules::write_deny_list(const model::Rule& owner) {
  model::Pattern pattern;
  pattern.name = "deny_list";
  pattern.confidence = owner.deny_list_confidence;
  pattern.ignore_case = true;
  bool all_are_keywords = true;
  for (const auto& word : owner.deny_list) {
    if (!pattern.regex.empty()) pattern.regex += '|';
    pattern.regex += escape(word);
    all_are_keywords = all_are_keywords && word.size() >= 3;
  }
  pattern.regex = "(?<![A-Za-z0-9_])(?:" + pattern.regex + ")(?![A-Za-z0-9_])";
  if (all_are_keywords) pattern.keywords = owner.deny_list;
  deny_patterns_.push_back(std::make_unique<model::Pattern>(std::move(pattern)));
  return *deny_patterns_.back();
}

void GluedKeywords::add(const std::string& folded, Use use) {
  longest_ = std::max(longest_, folded.size());
  const auto known = std::ranges::find(keywords_, folded, &Keyword::text);
  if (known == keywords_.end()) keywords_.push_back({folded, {use}});
  else if (std::ranges::find(known->uses, use.pattern, &Use::pattern) == known->uses.end()) known->uses.push_back(use);
}

// The engines ignore the case of ASCII only: a keyword with other letters is looked for by its beginning, which has few
// of them, in every case that these may have.
void GluedKeywords::write_literals() {
  for (uint32_t i = 0; i < keywords_.size(); ++i) {
    const std::string& text = keywords_[i].text;
    std::vector<std::string> forms{""};
    size_t at = 0;
    for (unsigned cased = 0; at < text.size();) {
      const size_t size = character_size(text, at);
      const auto variants = case_variants(std::string_view(text).substr(at, size));
      if (variants.size() > 1 && ++cased > most_cased) break;
      std::vector<std::string> longer;
      for (const auto& form : forms)
        for (const auto& variant : variants) longer.push_back(form + variant);
      forms = std::move(longer);
      at += size;
    }
    const bool is_whole = at == text.size();
    for (std::string& form : forms) literals_.push_back({std::move(form), i, is_whole});
  }
}

void GluedKeywords::finish(By by) {
  if (keywords_.empty()) return;
  write_literals();
  if (by == By::fastest && LiteralFilter::is_fast() && literals_.size() <= LiteralFilter::most_literals) {
    for (uint32_t i = 0; i < literals_.size(); ++i) filter_.add(literals_[i].text, i);
    return filter_.finish();
  }
  std::vector<const char*> texts;
  std::vector<size_t> sizes;
  std::vector<unsigned> ids;
  for (const Literal& literal : literals_) {
    ids.push_back(static_cast<unsigned>(texts.size()));
    texts.push_back(literal.text.data());
    sizes.push_back(literal.text.size());
  }
  const std::vector<unsigned> flags(texts.size(), HS_FLAG_CASELESS);
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(), static_cast<unsigned>(texts.size()),
                           HS_MODE_BLOCK, nullptr, &database, &error) != HS_SUCCESS) {
    const std::string reason = error->message;
    hs_free_compile_error(error);
    throw core::Error(core::ErrorKind::bug, "keywords cannot be compiled: " + reason);
  }
  database_.reset(database);
}

void GluedKeywords::find(std::string_view text, size_t from, size_t to, hs_scratch* hyperscan, PlaceList& places,
                         const std::function<void(const Keyword&, size_t)>& visit) const {
  if (keywords_.empty() || from >= to) return;
  const auto see = [&](uint32_t id, size_t begin) {
    const Literal& literal = literals_[id];
    const Keyword& keyword = keywords_[literal.keyword];
    if (literal.is_whole || folds_to(text.substr(begin, keyword.text.size()), keyword.text)) visit(keyword, begin);
  };
  if (database_ == nullptr) return filter_.find(text, from, to, places, see);
  struct Call {
    const std::vector<Literal>& literals;
    const decltype(see)& visit;
    size_t from, to;
  } call{literals_, see, from, to};
  const std::string_view searched = text.substr(from, to - from + longest_);
  hs_scan(
      database_.get(), searched.data(), static_cast<unsigned>(searched.size()), 0, hyperscan,
      [](unsigned id, unsigned long long, unsigned long long scanned, unsigned, void* context) {
        const Call& c = *static_cast<Call*>(context);
        const size_t begin = c.from + static_cast<size_t>(scanned) - c.literals[id].text.size();
        if (begin < c.to) c.visit(id, begin);
        return 0;
      },
      &call);
}

void CompiledRules::compile_line_database() {
  hs_compile_error_t* error = nullptr;
  std::vector<const char*> regexes;
  std::vector<unsigned> ids, flags;
  for (uint32_t i = 0; i < patterns.size(); ++i) {
    if (patterns[i].kind != SearchKind::line) continue;
    const unsigned flag =
        HS_FLAG_PREFILTER | HS_FLAG_ALLOWEMPTY | (patterns[i].source->ignore_case ? HS_FLAG_CASELESS : 0U);
    hs_database_t* alone = nullptr;
    if (hs_compile(patterns[i].source->regex.c_str(), flag, HS_MODE_BLOCK, nullptr, &alone, &error) != HS_SUCCESS) {
      hs_free_compile_error(error);
      always_line_patterns.push_back(i);
      continue;
    }
    hs_free_database(alone);
    regexes.push_back(patterns[i].source->regex.c_str());
    flags.push_back(flag);
    ids.push_back(static_cast<unsigned>(line_patterns.size()));
    line_patterns.push_back(i);
  }
  if (regexes.empty()) return;
  hs_database_t* database = nullptr;
  if (hs_compile_multi(regexes.data(), flags.data(), ids.data(), static_cast<unsigned>(regexes.size()), HS_MODE_BLOCK,
                       nullptr, &database, &error) != HS_SUCCESS) {
    // Each compiles alone but not together (too large): PCRE2 then reads every line.
    hs_free_compile_error(error);
    always_line_patterns.insert(always_line_patterns.end(), line_patterns.begin(), line_patterns.end());
    line_patterns.clear();
    return;
  }
  line_database.reset(database);
}

}  // namespace assay::classify
