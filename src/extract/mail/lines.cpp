#include "extract/mail/lines.h"

#include <algorithm>
#include <cstring>

namespace assay::extract {
namespace {

constexpr size_t buffer_bytes = size_t{256} << 10;
constexpr size_t max_line_bytes = size_t{64} << 10;
constexpr size_t peek_bytes = 256;

}  // namespace

std::string_view Line::content() const {
  std::string_view text = bytes;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

LineReader::LineReader(Input& input) : input_(input) {
  const uint64_t known = input.known_size().value_or(buffer_bytes);
  buffer_.resize(std::clamp<uint64_t>(known + 1, 512, buffer_bytes));
}

void LineReader::fill(size_t wanted) {
  if (ended_ || end_ - at_ >= wanted) return;
  // The last line stays, for it may be wanted again.
  std::memmove(buffer_.data(), buffer_.data() + last_, end_ - last_);
  end_ -= last_;
  at_ -= last_;
  last_ = 0;
  const size_t n = input_.read_at(offset_, std::span(buffer_).subspan(end_));
  ended_ = n < buffer_.size() - end_;
  offset_ += n;
  end_ += n;
}

bool LineReader::next(Line& line) {
  last_ = at_;
  last_begins_ = begins_;
  fill(std::min(max_line_bytes, buffer_.size()));
  if (at_ == end_) return false;
  const std::string_view rest = std::string_view(buffer_).substr(at_, std::min(end_ - at_, max_line_bytes));
  const size_t newline = rest.find('\n');
  line.bytes = rest.substr(0, newline == std::string_view::npos ? rest.size() : newline + 1);
  line.begins = begins_;
  at_ += line.bytes.size();
  begins_ = newline != std::string_view::npos;
  return true;
}

std::string_view LineReader::peek() {
  fill(std::min(peek_bytes, buffer_.size()));
  return std::string_view(buffer_).substr(at_, end_ - at_);
}

void LineReader::unread() {
  at_ = last_;
  begins_ = last_begins_;
}

}  // namespace assay::extract
