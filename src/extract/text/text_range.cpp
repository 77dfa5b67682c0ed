#include "extract/text/text_range.h"

#include <algorithm>
#include <memory>

#include "extract/text/charset.h"
#include "extract/text/charset_converter.h"
#include "extract/text/chunks.h"
#include "extract/text/decoder.h"
#include "extract/text/escapes.h"
#include "extract/text/icu_converter.h"
#include "extract/text/terminal_codes.h"
#include "extract/text/utf8.h"

namespace assay::extract {
namespace {

// A run of bytes that go on a character is broken text when it is longer than three; much longer ones are no text.
constexpr size_t longest_broken_run = 4096;

std::string read_at(Input& input, uint64_t offset, size_t bytes) {
  std::string text(bytes, '\0');
  text.resize(input.read_at(offset, text));
  return text;
}

bool is_bytewise(const std::string& charset) {
  Converter converter = open_converter(charset);
  return converter && CharsetConverter(std::move(converter)).is_bytewise();
}

bool can_be_cut(const std::string& charset) { return charset == "utf-8" || is_bytewise(charset); }

/// Decodes a range and its margins, piece by piece.
class RangeReader {
 public:
  RangeReader(Input& input, const TextRange& range, TextRangeSink& sink)
      : input_(input),
        range_(range),
        sink_(sink),
        escapes_(range.head.escapes, [this](std::string_view utf8, std::span<const LeftOut> left_out) {
          if (!left_out.empty()) sink_.left_out(left_out);
          sink_.text(codes_.erased(utf8));
        }) {}

  TextRangeEnd read() {
    end_.charset = range_.head.charset;
    if (!end_.charset.empty()) start_decoder();
    if (!find_start()) return {end_.charset, false};
    const auto buffer = std::make_unique_for_overwrite<char[]>(chunk_bytes);
    const uint64_t last = range_.end + text_range_margin_bytes;
    bool is_at_end = false;
    while (position_ < last && !is_at_end) {
      const auto wanted = static_cast<size_t>(std::min<uint64_t>(chunk_bytes, last - position_));
      const size_t n = input_.read_at(position_, std::span(buffer.get(), wanted));
      is_at_end = n < wanted;
      if (!feed_across_edges(std::string_view(buffer.get(), n))) return {end_.charset, false};
    }
    // What the last bytes began ends with the text, and with the range that goes to its end.
    if (is_at_end && decoder_) decoder_->finish();
    if (is_at_end) escapes_.finish();
    if (!has_begun_) sink_.begin_range();
    if (!has_ended_) sink_.end_range();
    return end_;
  }

 private:
  // At the first byte from which characters are told as within the whole text: one that goes on no other.
  bool find_start() {
    if (!starts_inside(range_)) {
      position_ = judge_head(read_at(input_, 0, chunk_bytes), range_.head.declared).bom_bytes;
      return true;
    }
    position_ = range_.begin - text_range_margin_bytes;
    if (!end_.charset.empty() && end_.charset != "utf-8") return true;
    const std::string head = read_at(input_, position_, longest_broken_run);
    const auto start = std::ranges::find_if(head, [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; });
    position_ += static_cast<uint64_t>(start - head.begin());
    return start != head.end() || head.empty();
  }

  bool feed_across_edges(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!has_begun_ && position_ >= range_.begin) {
        has_begun_ = true;
        sink_.begin_range();
      }
      if (!has_ended_ && position_ >= range_.end) {
        has_ended_ = true;
        sink_.end_range();
      }
      const uint64_t edge = !has_begun_ ? range_.begin : !has_ended_ ? range_.end : UINT64_MAX;
      const auto n = static_cast<size_t>(std::min<uint64_t>(bytes.size(), edge - position_));
      if (!feed(bytes.substr(0, n))) return false;
      bytes.remove_prefix(n);
      position_ += n;
    }
    return true;
  }

  bool feed(std::string_view bytes) {
    if (decoder_) {
      decoder_->feed(bytes);
      return true;
    }
    const size_t ascii = ascii_prefix(bytes);
    if (ascii > 0) escapes_.feed(bytes.substr(0, ascii));
    if (ascii == bytes.size()) return true;
    // As the whole would, if these are its first bytes that are not ASCII.
    end_.charset = judge_doubtful(read_at(input_, position_ + ascii, doubtful_sample_bytes), range_.head.declared);
    if (!can_be_cut(end_.charset)) return false;
    start_decoder();
    decoder_->feed(bytes.substr(ascii));
    return true;
  }

  void start_decoder() {
    decoder_ = Decoder::of_charset([this](std::string_view utf8) { escapes_.feed(utf8); }, end_.charset);
  }

  Input& input_;
  const TextRange& range_;
  TextRangeSink& sink_;
  TerminalCodes codes_;
  EscapeDecoder escapes_;
  uint64_t position_ = 0;
  std::unique_ptr<Decoder> decoder_;
  bool has_begun_ = false, has_ended_ = false;
  TextRangeEnd end_;
};

}  // namespace

std::optional<TextHead> look_at_text_head(Input& input, Escapes escapes) {
  const std::string head = read_at(input, 0, chunk_bytes);
  TextHead found{.charset = {}, .declared = {}, .escapes = escapes};
  found.declared = converter_name(charset_declared_in_markup(head));
  const HeadCharset judged = judge_head(head, found.declared);
  found.charset = judged.converter;
  const size_t ascii = ascii_prefix(std::string_view(head).substr(judged.bom_bytes)) + judged.bom_bytes;
  if (found.charset.empty() && ascii < head.size())
    found.charset = judge_doubtful(read_at(input, ascii, doubtful_sample_bytes), found.declared);
  if (!found.charset.empty() && !can_be_cut(found.charset)) return std::nullopt;
  return found;
}

bool starts_inside(const TextRange& range) { return range.begin > text_range_margin_bytes; }

TextRangeEnd read_text_range(Input& input, const TextRange& range, TextRangeSink& sink) {
  return RangeReader(input, range, sink).read();
}

}  // namespace assay::extract
