#include "extract/office/shared_strings.h"

#include <unistd.h>

#include "extract/failure.h"

namespace assay::extract {
namespace {
constexpr size_t memory_bytes = size_t{32} << 20;
constexpr size_t write_bytes = size_t{256} << 10;
constexpr size_t max_strings = 4'000'000;
}  // namespace

SharedStrings::~SharedStrings() {
  if (in_scratch_) scratch_.truncate_to(scratch_begin_);
}

bool SharedStrings::spill() {
  try {
    if (!in_scratch_) scratch_begin_ = scratch_.top();
    scratch_.append(unwritten_);
  } catch (const Failure& failure) {
    if (failure.verdict().kind != model::VerdictKind::limit) throw;
    return false;
  }
  in_scratch_ = true;
  written_ += unwritten_.size();
  unwritten_.clear();
  return true;
}

bool SharedStrings::add(std::string_view text) {
  if (full_) return false;
  const uint64_t end = memory_.size() + written_ + unwritten_.size() + text.size();
  if (ends_.size() >= max_strings || end > UINT32_MAX) {
    full_ = true;
    return false;
  }
  if (!in_scratch_ && unwritten_.empty() && memory_.size() + text.size() <= memory_bytes) {
    // One reservation instead of doublings, each of which would hold the old and the new.
    if (memory_.size() + text.size() > memory_.capacity() && memory_.capacity() > memory_bytes / 8)
      memory_.reserve(memory_bytes);
    memory_ += text;
  } else {
    unwritten_ += text;
    if (unwritten_.size() >= write_bytes && !spill()) {
      full_ = true;
      unwritten_.resize(unwritten_.size() - text.size());
      return false;
    }
  }
  ends_.push_back(static_cast<uint32_t>(end));
  return true;
}

std::string_view SharedStrings::get(uint64_t index) {
  if (index >= ends_.size()) return {};
  const uint64_t begin = index == 0 ? 0 : ends_[index - 1];
  const uint64_t size = ends_[index] - begin;
  if (begin + size <= memory_.size()) return std::string_view(memory_).substr(begin, size);
  const uint64_t behind = begin - memory_.size();
  if (behind >= written_) return std::string_view(unwritten_).substr(behind - written_, size);
  // Strings are written whole, so none is partly in scratch.
  found_.resize(size);
  const ssize_t n = ::pread(scratch_.fd(), found_.data(), size, static_cast<off_t>(scratch_begin_ + behind));
  found_.resize(n < 0 ? 0 : static_cast<size_t>(n));
  return found_;
}

}  // namespace assay::extract
