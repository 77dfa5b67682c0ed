#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace assay::classify {

/// One compiled PCRE2 regex over bytes. Immutable; shared by threads, each with its own Scratch.
class Pcre {
 public:
  enum class Jit : uint8_t { no, yes };

  /// Working memory of a thread. Bounded: a match that needs more counts as none, and `gave_up` says so.
  class Scratch {
   public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    void* match_data() const { return match_data_; }
    void* match_context() const { return match_context_; }
    /// Regexes of which a match ended by a bound instead of an answer, each once, until they are taken from here.
    std::vector<const Pcre*> gave_up;

   private:
    void* match_data_;
    void* match_context_;
    void* jit_stack_;
  };

  struct Span {
    size_t begin, end;
  };
  struct Match {
    Span whole, value;  ///< value: the asked group
  };

  /// What is asked of a regex: each way to search is compiled by itself, which takes longer than most searches.
  enum class Search : uint8_t { anywhere, anchored_only };

  /// Throws core::Error(bad_input) with PCRE2's reason and offset.
  Pcre(std::string_view regex, bool ignore_case, Jit jit, Search search = Search::anywhere);
  ~Pcre();
  Pcre(Pcre&& other) noexcept;
  Pcre& operator=(Pcre&&) = delete;

  int group_count() const;
  bool matches_empty() const;

  /// First match at or after `from` (only at `from` when `anchored`) inside subject; look-behind sees what is before.
  std::optional<Match> find(std::string_view subject, size_t from, bool anchored, int group, Scratch& scratch) const;

  /// First match that begins in [from, last_start]. Never one when the regex was compiled for anchored searches only.
  std::optional<Match> find_starting_until(std::string_view subject, size_t from, size_t last_start, int group,
                                           Scratch& scratch) const;

 private:
  std::optional<Match> run(const void* code, std::string_view subject, size_t from, int group, Scratch& scratch) const;

  // Anchored is a way to compile, not to match: PCRE2's machine code knows no other.
  void* free_ = nullptr;
  void* anchored_ = nullptr;
  bool has_machine_code_ = false;
};

}  // namespace assay::classify
