#include "classify/pattern_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "classify/regex_beginnings.h"
#include "classify/regex_outline.h"
#include "core/error.h"

namespace assay::classify {
namespace {

// Fewer are read before a thread has begun.
constexpr size_t worth_a_thread = 64;
constexpr unsigned most_threads = 4;

std::unique_ptr<Pcre> compile(const PatternSource& source, Pcre::Search search) {
  const auto& [owner, pattern] = source;
  try {
    return std::make_unique<Pcre>(pattern.regex, pattern.ignore_case, Pcre::Jit::yes, search);
  } catch (const core::Error& error) {
    throw core::Error(core::ErrorKind::bad_input, fmt::format("{}:{}: rule '{}', pattern '{}': {}", owner.file,
                                                              owner.line, owner.name, pattern.name, error.what()));
  }
}

ReadPattern read_keyword_pattern(const PatternSource& source) {
  const model::Pattern& pattern = source.pattern;
  ReadPattern read;
  read.kind = SearchKind::keyword;
  KeywordBeginnings beginnings = keyword_beginnings(pattern.regex, pattern.ignore_case, pattern.keywords);
  read.starts_with_keyword = beginnings.each_match_begins_with_one;
  read.exact = std::move(beginnings.exact);
  read.regex = compile(source, read.starts_with_keyword ? Pcre::Search::anchored_only : Pcre::Search::anywhere);
  const auto outline = outline_of(pattern.regex, pattern.ignore_case);
  const MatchTraits traits(outline.get());
  for (const std::string& keyword : pattern.keywords)
    read.gates.emplace_back(traits, keyword, read.starts_with_keyword);
  return read;
}

ReadPattern read_pattern(const PatternSource& source) {
  const model::Pattern& pattern = source.pattern;
  if (!pattern.keywords.empty()) return read_keyword_pattern(source);
  ReadPattern read;
  TokenRegex token = parse_token_regex(pattern.regex, pattern.ignore_case);
  if (token.refusal.empty()) {
    read.kind = SearchKind::token;
    read.branches = std::move(token.branches);
    if (pattern.group != 0) read.regex = compile(source, Pcre::Search::anchored_only);
  } else {
    read.kind = SearchKind::line;
    read.refusal = std::move(token.refusal);
    read.regex = compile(source, Pcre::Search::anywhere);
  }
  return read;
}

}  // namespace

std::string_view to_string(SearchKind kind) noexcept {
  switch (kind) {
    case SearchKind::token: return "token";
    case SearchKind::keyword: return "keyword";
    case SearchKind::line: return "line";
  }
  return "line";
}

std::vector<ReadPattern> read_patterns(std::span<const PatternSource> sources) {
  std::vector<ReadPattern> all(sources.size());
  std::atomic<size_t> next{0};
  const auto read_some = [&] {
    for (size_t i = next++; i < sources.size(); i = next++) {
      try {
        all[i] = read_pattern(sources[i]);
      } catch (...) {
        all[i].failure = std::current_exception();
      }
    }
  };
  const size_t threads = std::min<size_t>(
      {most_threads, std::thread::hardware_concurrency(), (sources.size() + worth_a_thread - 1) / worth_a_thread});
  std::vector<std::jthread> helpers;
  try {
    for (size_t i = 1; i < threads; ++i) helpers.emplace_back(read_some);
  } catch (const std::system_error&) {
    read_some();  // no more threads are to be had
  }
  read_some();
  helpers.clear();
  return all;
}

}  // namespace assay::classify
