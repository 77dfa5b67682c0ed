#include "extract/text/rtf.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "extract/text/charset.h"
#include "extract/text/charset_converter.h"
#include "extract/text/rtf_object.h"
#include "extract/text/rtf_words.h"
#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t buffer_bytes = size_t{64} << 10;
constexpr size_t flush_bytes = size_t{64} << 10;
constexpr size_t max_depth = 4096;
constexpr size_t max_fonts = 4096;
constexpr size_t max_side_text_bytes = size_t{1} << 20;
constexpr size_t object_head_bytes = size_t{4} << 10;
constexpr uint32_t default_codepage = 1252;
constexpr int end_of_input = -1;

class ByteReader {
 public:
  explicit ByteReader(Input& input) : input_(input), buffer_(buffer_bytes, '\0') {}

  int get() {
    if (at_ == end_ && !fill()) return end_of_input;
    return static_cast<uint8_t>(buffer_[at_++]);
  }
  int peek() {
    if (at_ == end_ && !fill()) return end_of_input;
    return static_cast<uint8_t>(buffer_[at_]);
  }

 private:
  bool fill() {
    at_ = 0;
    end_ = input_.read_at(offset_, buffer_);
    offset_ += end_;
    return end_ > 0;
  }

  Input& input_;
  std::string buffer_;
  size_t at_ = 0, end_ = 0;
  uint64_t offset_ = 0;
};

int hex_digit(int c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_letter(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(int c) { return c >= '0' && c <= '9'; }

/// Keeps the body flowing and the side texts apart: those are collected and given when they grow large or at the end.
class RtfOutput {
 public:
  explicit RtfOutput(Sink& sink) : sink_(sink) {}

  void put(RtfTarget target, std::string_view utf8) {
    if (target == RtfTarget::body) {
      body_ += utf8;
      if (body_.size() >= flush_bytes) flush_body();
      return;
    }
    std::string& text = sides_[target];
    text += utf8;
    if (text.size() >= max_side_text_bytes) flush_side(target);
  }

  void end_body() {
    flush_body();
    if (body_open_) sink_.end_text();
    body_open_ = false;
  }

  void finish() {
    flush_body();
    if (!body_given_) open_body();
    end_body();
    for (auto& [target, text] : sides_) flush_side(target);
  }

 private:
  static std::string_view name_of(RtfTarget target) {
    switch (target) {
      case RtfTarget::header: return "header";
      case RtfTarget::footer: return "footer";
      case RtfTarget::notes: return "notes";
      case RtfTarget::comments: return "comments";
      case RtfTarget::properties: return "properties";
      default: return "";
    }
  }

  void open_body() {
    if (!body_open_) sink_.begin_text(Part{.name = ""});
    body_open_ = body_given_ = true;
  }

  void flush_body() {
    if (body_.empty()) return;
    open_body();
    sink_.text(body_);
    body_.clear();
  }

  void flush_side(RtfTarget target) {
    std::string& text = sides_[target];
    if (text.find_first_not_of(" \t\n") != std::string::npos) {
      end_body();
      sink_.begin_text(Part{.name = std::string(name_of(target))});
      sink_.text(text);
      sink_.end_text();
    }
    text.clear();
  }

  Sink& sink_;
  std::string body_;
  std::map<RtfTarget, std::string> sides_;
  bool body_open_ = false;
  bool body_given_ = false;
};

class RtfExtraction {
 public:
  RtfExtraction(Input& input, const Context& context, Sink& sink)
      : reader_(input), context_(context), sink_(sink), output_(sink) {}

  void run() {
    for (int c = reader_.get(); c != end_of_input; c = reader_.get()) {
      switch (c) {
        case '{': open_group(); break;
        case '}': close_group(); break;
        case '\\': control(); break;
        case '\r':
        case '\n': break;
        default: character(static_cast<char>(c));
      }
    }
    flush_bytes_of_codepage();
    output_.finish();
    if (beyond_depth_seen_) sink_.partial("groups nested too deeply");
  }

 private:
  struct Group {
    RtfTarget target = RtfTarget::body;
    int unicode_skip = 1;
    uint32_t codepage = 0;  ///< 0: the document's
    bool fresh = true;      ///< nothing but "\*" came so far
    bool optional = false;  ///< "\*" came
  };

  void open_group() {
    to_skip_ = 0;
    if (groups_.size() >= max_depth) {
      ++beyond_depth_;
      beyond_depth_seen_ = true;
      return;
    }
    Group inner = groups_.back();
    inner.fresh = true;
    inner.optional = false;
    groups_.push_back(inner);
  }

  void close_group() {
    to_skip_ = 0;
    if (beyond_depth_ > 0) {
      --beyond_depth_;
      return;
    }
    if (groups_.size() == 1) return;
    flush_bytes_of_codepage();
    const RtfTarget inner = groups_.back().target;
    groups_.pop_back();
    const bool ends_side_text = inner != groups_.back().target || inner == RtfTarget::properties;
    const bool has_text = inner != RtfTarget::nowhere && inner != RtfTarget::fonts && inner != RtfTarget::object_data &&
                          inner != RtfTarget::body;
    if (ends_side_text && has_text) output_.put(inner, "\n");
  }

  void control() {
    const int c = reader_.get();
    if (c == end_of_input) return;
    if (is_letter(c)) {
      control_word(static_cast<char>(c));
      return;
    }
    switch (c) {
      case '\'': {
        const int high = hex_digit(reader_.peek());
        if (high < 0) return;
        reader_.get();
        const int low = hex_digit(reader_.peek());
        if (low < 0) return;
        reader_.get();
        character(static_cast<char>(high * 16 + low));
        return;
      }
      case '*': groups_.back().optional = true; return;
      case '~': text(" "); return;
      case '_': text("-"); return;
      case '\r':
      case '\n': text("\n"); return;
      case '\\':
      case '{':
      case '}': character(static_cast<char>(c)); return;
      default: return;
    }
  }

  void control_word(char first) {
    constexpr size_t max_word = 32;
    std::string word(1, first);
    while (is_letter(reader_.peek())) {
      const char c = static_cast<char>(reader_.get());
      if (word.size() < max_word) word.push_back(c);
    }
    std::string digits;
    if (reader_.peek() == '-') digits.push_back(static_cast<char>(reader_.get()));
    while (is_digit(reader_.peek())) {
      const char c = static_cast<char>(reader_.get());
      if (digits.size() < 11) digits.push_back(c);
    }
    if (reader_.peek() == ' ') reader_.get();
    int64_t number = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    handle_word(word, parsed.ec == std::errc{} && !digits.empty(), number);
  }

  void handle_word(std::string_view word, bool has_number, int64_t number) {
    if (word == "bin") {
      skip_binary(number);
      return;
    }
    Group& group = groups_.back();
    if (beyond_depth_ == 0 && group.fresh) {
      group.fresh = false;
      if (enter_destination(word, group)) return;
    }
    if (word == "u" && has_number) {
      unicode(static_cast<uint16_t>(number));
      return;
    }
    if (to_skip_ > 0) {
      --to_skip_;
      return;
    }
    if (word == "uc" && has_number) {
      group.unicode_skip = static_cast<int>(std::clamp<int64_t>(number, 0, 16));
    } else if (word == "ansicpg" && number > 0) {
      flush_bytes_of_codepage();
      document_codepage_ = static_cast<uint32_t>(number);
    } else if (word == "mac") {
      document_codepage_ = 10000;
    } else if (word == "pc") {
      document_codepage_ = 437;
    } else if (word == "pca") {
      document_codepage_ = 850;
    } else if (word == "f" || word == "af") {
      choose_font(group, number);
    } else if (word == "fcharset" && group.target == RtfTarget::fonts) {
      if (fonts_.size() < max_fonts) fonts_[font_being_defined_] = rtf_charset_codepage(static_cast<int>(number));
    } else if (word == "plain") {
      flush_bytes_of_codepage();
      group.codepage = 0;
    } else if (const auto meaning = rtf_word_text(word); !meaning.empty()) {
      text(meaning);
    }
  }

  /// True when the word was one that starts a destination.
  bool enter_destination(std::string_view word, Group& group) {
    auto target = rtf_destination(word);
    if (!target && group.optional) target = RtfTarget::nowhere;
    if (!target) return false;
    flush_bytes_of_codepage();
    // What lies inside something left out, or beside the body, stays there.
    const bool parent_hides = group.target == RtfTarget::nowhere || group.target == RtfTarget::fonts;
    if (parent_hides && *target != RtfTarget::object_data) return true;
    if (*target == RtfTarget::body) {
      if (word == "fldinst") text(" ");
      return word != "rtf";
    }
    group.target = *target;
    if (*target == RtfTarget::object_data) object();
    return true;
  }

  void choose_font(Group& group, int64_t number) {
    if (group.target == RtfTarget::fonts) {
      font_being_defined_ = number;
      return;
    }
    const auto font = fonts_.find(number);
    const uint32_t codepage = font == fonts_.end() ? 0 : font->second;
    if (codepage != group.codepage) flush_bytes_of_codepage();
    group.codepage = codepage;
  }

  void unicode(uint16_t unit) {
    flush_bytes_of_codepage();
    to_skip_ = groups_.back().unicode_skip;
    const bool low = unit >= 0xDC00 && unit < 0xE000;
    if (unit >= 0xD800 && unit < 0xDC00) {
      high_surrogate_ = unit;
      return;
    }
    char32_t c = unit;
    if (low) c = high_surrogate_ != 0 ? 0x10000 + ((high_surrogate_ - 0xD800U) << 10) + (unit - 0xDC00U) : 0xFFFD;
    // Symbol fonts keep their characters in a private area, ASCII at its start.
    if (c >= 0xF020 && c < 0xF07F) c -= 0xF000;
    high_surrogate_ = 0;
    std::string utf8;
    append_utf8(utf8, c);
    put(utf8);
  }

  void character(char c) {
    groups_.back().fresh = false;
    if (to_skip_ > 0) {
      --to_skip_;
      return;
    }
    if (!is_visible()) return;
    bytes_.push_back(c);
    if (bytes_.size() >= flush_bytes) flush_bytes_of_codepage();
  }

  void text(std::string_view utf8) {
    flush_bytes_of_codepage();
    put(utf8);
  }

  bool is_visible() const {
    const RtfTarget target = groups_.back().target;
    return target != RtfTarget::nowhere && target != RtfTarget::fonts && target != RtfTarget::object_data;
  }

  void put(std::string_view utf8) {
    if (is_visible()) output_.put(groups_.back().target, utf8);
  }

  void flush_bytes_of_codepage() {
    if (bytes_.empty()) return;
    const uint32_t codepage = groups_.back().codepage != 0 ? groups_.back().codepage : document_codepage_;
    converter_for(codepage).convert(bytes_, true, [&](std::string_view utf8) { put(utf8); });
    bytes_.clear();
  }

  CharsetConverter& converter_for(uint32_t codepage) {
    constexpr size_t max_converters = 32;
    if (converters_.size() >= max_converters) converters_.clear();
    std::unique_ptr<CharsetConverter>& converter = converters_[codepage];
    if (converter) return *converter;
    const std::string wanted = codepage == 10000   ? "macintosh"
                               : codepage == 65001 ? "utf-8"
                                                   : fmt::format("cp{}", codepage);
    Converter source = open_converter(wanted == "utf-8" ? wanted : converter_name(wanted));
    if (!source) source = open_converter(fmt::format("windows-{}", default_codepage));
    converter = std::make_unique<CharsetConverter>(std::move(source));
    return *converter;
  }

  void skip_binary(int64_t count) {
    for (int64_t i = 0; i < count && reader_.get() != end_of_input; ++i)
      if (i % (1 << 20) == 0) sink_.tick();
  }

  /// Next byte of hexadecimal data, end_of_input at the end of the group.
  int next_object_byte() {
    int high = -1;
    while (true) {
      const int c = reader_.peek();
      if (c == '}' || c == '{' || c == '\\' || c == end_of_input) return end_of_input;
      reader_.get();
      const int digit = hex_digit(c);
      if (digit < 0) continue;
      if (high >= 0) return high * 16 + digit;
      high = digit;
    }
  }

  void object() {
    output_.end_body();
    std::string head;
    for (int byte = 0; head.size() < object_head_bytes && (byte = next_object_byte()) != end_of_input;)
      head.push_back(static_cast<char>(byte));
    if (head.empty()) return;
    const auto found = find_ole_object(head);
    size_t at = found ? found->offset : 0;
    uint64_t left = found ? found->size : UINT64_MAX;
    SpooledInput content(
        [&](std::span<char> out) -> size_t {
          size_t n = 0;
          for (; n < out.size() && left > 0; ++n, --left) {
            const int byte = at < head.size() ? static_cast<uint8_t>(head[at++]) : next_object_byte();
            if (byte == end_of_input) break;
            out[n] = static_cast<char>(byte);
          }
          return n;
        },
        context_.scratch, context_.limits.max_member_bytes);
    ++objects_;
    const std::string name = found && !found->name.empty()
                                 ? fmt::format("object {} {}", objects_, valid_utf8(found->name))
                                 : fmt::format("object {}", objects_);
    sink_.member(name, content);
    while (next_object_byte() != end_of_input) continue;
  }

  ByteReader reader_;
  const Context& context_;
  Sink& sink_;
  RtfOutput output_;
  std::vector<Group> groups_{Group{}};
  size_t beyond_depth_ = 0;
  bool beyond_depth_seen_ = false;
  int to_skip_ = 0;
  uint16_t high_surrogate_ = 0;
  uint32_t document_codepage_ = default_codepage;
  std::string bytes_;
  std::map<int64_t, uint32_t> fonts_;
  int64_t font_being_defined_ = 0;
  std::map<uint32_t, std::unique_ptr<CharsetConverter>> converters_;
  size_t objects_ = 0;
};

}  // namespace

void extract_rtf(Input& input, const Context& context, Sink& sink) { RtfExtraction(input, context, sink).run(); }

}  // namespace assay::extract
