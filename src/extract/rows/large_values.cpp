#include "extract/rows/large_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "extract/failure.h"
#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t piece_bytes = size_t{256} << 10;

/// A part of the scratch file.
class ScratchWindow final : public Input {
 public:
  ScratchWindow(int fd, uint64_t begin, uint64_t size) : file_(fd), begin_(begin), size_(size) {}
  size_t read_at(uint64_t offset, std::span<char> out) override {
    if (offset >= size_) return 0;
    return file_.read_at(begin_ + offset, out.first(std::min<uint64_t>(out.size(), size_ - offset)));
  }
  std::optional<uint64_t> known_size() const override { return size_; }
  uint64_t size() override { return size_; }

 private:
  FileInput file_;
  uint64_t begin_, size_;
};

}  // namespace

bool LargeValues::begin(std::string name, bool is_binary) {
  if (is_full_ || values_.size() >= most_values) {
    ++left_out_;
    return false;
  }
  values_.push_back({std::move(name), is_binary, scratch_.top(), 0});
  return true;
}

void LargeValues::append(std::string_view bytes) {
  if (is_full_) return;
  try {
    scratch_.append(bytes);
    values_.back().size += bytes.size();
  } catch (const Failure&) {
    // The rows are worth more than what would have come behind them.
    is_full_ = true;
    ++left_out_;
    values_.pop_back();
  }
}

void LargeValues::give(Sink& sink) {
  for (const Value& value : values_) {
    if (!value.is_binary) {
      give_text(value, sink);
      continue;
    }
    ScratchWindow content(scratch_.fd(), value.begin, value.size);
    sink.member(value.name, content);
  }
  if (left_out_ != 0) sink.partial(fmt::format("{} large values found no place in scratch", left_out_));
}

void LargeValues::give_text(const Value& value, Sink& sink) const {
  ScratchWindow content(scratch_.fd(), value.begin, value.size);
  sink.begin_text({.name = value.name});
  std::string piece;
  for (uint64_t at = 0; at < value.size;) {
    piece.resize(std::min<uint64_t>(piece_bytes, value.size - at));
    content.read_at(at, piece);
    // A character is not cut, unless it is none.
    size_t whole = piece.size();
    if (at + whole < value.size)
      while (whole + 3 > piece.size() && whole > 1 && (static_cast<uint8_t>(piece[whole - 1]) & 0xC0) == 0x80) --whole;
    if (at + piece.size() < value.size && whole > 1 && (static_cast<uint8_t>(piece[whole - 1]) & 0xC0) == 0xC0) --whole;
    sink.text(valid_utf8(std::string_view(piece).substr(0, whole)));
    at += whole;
  }
  sink.end_text();
}

}  // namespace assay::extract
