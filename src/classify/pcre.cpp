#include "classify/pcre.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>
#include <new>
#include <utility>

#include "core/error.h"

namespace assay::classify {
namespace {

constexpr uint32_t match_limit = 100'000;
constexpr uint32_t heap_limit_kib = 4096;
constexpr size_t jit_stack_bytes = size_t{512} << 10;
constexpr uint32_t max_groups = 32;

const pcre2_code* as_code(const void* code) { return static_cast<const pcre2_code*>(code); }

}  // namespace

Pcre::Scratch::Scratch()
    : match_data_(pcre2_match_data_create(max_groups, nullptr)),
      match_context_(pcre2_match_context_create(nullptr)),
      jit_stack_(pcre2_jit_stack_create(32 << 10, jit_stack_bytes, nullptr)) {
  auto* context = static_cast<pcre2_match_context*>(match_context_);
  pcre2_set_match_limit(context, match_limit);
  pcre2_set_heap_limit(context, heap_limit_kib);
  pcre2_jit_stack_assign(context, nullptr, jit_stack_);
}

Pcre::Scratch::~Scratch() {
  pcre2_match_data_free(static_cast<pcre2_match_data*>(match_data_));
  pcre2_match_context_free(static_cast<pcre2_match_context*>(match_context_));
  pcre2_jit_stack_free(static_cast<pcre2_jit_stack*>(jit_stack_));
}

Pcre::Pcre(std::string_view regex, bool ignore_case, Jit jit, Search search) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  const uint32_t options = (ignore_case ? PCRE2_CASELESS : 0) | PCRE2_NEVER_BACKSLASH_C;
  auto compile = [&](uint32_t further) {
    return pcre2_compile(reinterpret_cast<PCRE2_SPTR>(regex.data()), regex.size(), options | further, &error, &offset,
                         nullptr);
  };
  if (search == Search::anywhere) free_ = compile(PCRE2_USE_OFFSET_LIMIT);
  if (jit == Jit::yes || search == Search::anchored_only) anchored_ = compile(PCRE2_ANCHORED);
  if (free_ == nullptr && (anchored_ == nullptr || search == Search::anywhere)) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(error, message, sizeof message);
    throw core::Error(core::ErrorKind::bad_input, fmt::format("the regex is wrong at character {}: {}", offset + 1,
                                                              reinterpret_cast<const char*>(message)));
  }
  if (jit == Jit::no) return;
  if (anchored_ == nullptr) throw std::bad_alloc();
  has_machine_code_ = true;
  for (void* code : {free_, anchored_})
    if (code != nullptr)
      has_machine_code_ =
          pcre2_jit_compile(static_cast<pcre2_code*>(code), PCRE2_JIT_COMPLETE) == 0 && has_machine_code_;
}

Pcre::~Pcre() {
  pcre2_code_free(static_cast<pcre2_code*>(free_));
  pcre2_code_free(static_cast<pcre2_code*>(anchored_));
}
Pcre::Pcre(Pcre&& other) noexcept
    : free_(std::exchange(other.free_, nullptr)),
      anchored_(std::exchange(other.anchored_, nullptr)),
      has_machine_code_(other.has_machine_code_) {}

int Pcre::group_count() const {
  uint32_t count = 0;
  pcre2_pattern_info(as_code(free_ != nullptr ? free_ : anchored_), PCRE2_INFO_CAPTURECOUNT, &count);
  return static_cast<int>(count);
}

bool Pcre::matches_empty() const {
  uint32_t empty = 0;
  pcre2_pattern_info(as_code(free_ != nullptr ? free_ : anchored_), PCRE2_INFO_MATCHEMPTY, &empty);
  return empty != 0;
}

std::optional<Pcre::Match> Pcre::find(std::string_view subject, size_t from, bool anchored, int group,
                                      Scratch& scratch) const {
  return run(anchored ? anchored_ : free_, subject, from, group, scratch);
}

std::optional<Pcre::Match> Pcre::find_starting_until(std::string_view subject, size_t from, size_t last_start,
                                                     int group, Scratch& scratch) const {
  auto* context = static_cast<pcre2_match_context*>(scratch.match_context());
  pcre2_set_offset_limit(context, last_start);
  auto match = run(free_, subject, from, group, scratch);
  pcre2_set_offset_limit(context, PCRE2_UNSET);
  return match;
}

std::optional<Pcre::Match> Pcre::run(const void* code, std::string_view subject, size_t from, int group,
                                     Scratch& scratch) const {
  if (code == nullptr) return std::nullopt;
  auto* data = static_cast<pcre2_match_data*>(scratch.match_data());
  // Machine code is entered by its own door: it is short, and so are most subjects.
  const auto match_with = has_machine_code_ ? pcre2_jit_match : pcre2_match;
  const int rc = match_with(as_code(code), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), from,
                            PCRE2_NOTEMPTY, data, static_cast<pcre2_match_context*>(scratch.match_context()));
  if (rc < 0) {
    if (rc != PCRE2_ERROR_NOMATCH && std::ranges::find(scratch.gave_up, this) == scratch.gave_up.end())
      scratch.gave_up.push_back(this);
    return std::nullopt;
  }
  const PCRE2_SIZE* spans = pcre2_get_ovector_pointer(data);
  Match match{{spans[0], spans[1]}, {spans[0], spans[1]}};
  if (group > 0 && (group < rc || rc == 0)) {
    const auto g = static_cast<size_t>(group);
    if (spans[2 * g] == PCRE2_UNSET) return std::nullopt;
    match.value = {spans[2 * g], spans[2 * g + 1]};
  } else if (group > 0) {
    return std::nullopt;
  }
  if (match.value.begin >= match.value.end) return std::nullopt;
  return match;
}

}  // namespace assay::classify
