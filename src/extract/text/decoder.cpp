#include "extract/text/decoder.h"

#include <algorithm>
#include <utility>

#include "extract/text/charset.h"
#include "extract/text/charset_converter.h"
#include "extract/text/icu_converter.h"
#include "extract/text/utf8.h"
#include "extract/unicode_form.h"

namespace assay::extract {
namespace {

constexpr size_t judged_bytes = 4096;
constexpr size_t output_bytes = size_t{64} << 10;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::string converter_for(UnicodeForm form) {
  switch (form) {
    case UnicodeForm::utf16le: return "utf-16le";
    case UnicodeForm::utf16be: return "utf-16be";
    case UnicodeForm::utf32le: return "utf-32le";
    case UnicodeForm::utf32be: return "utf-32be";
    default: return {};
  }
}

struct Utf8Evidence {
  size_t sequences = 0;       ///< well-formed, of two and more bytes
  size_t long_sequences = 0;  ///< of three and four
  size_t broken = 0;
};

Utf8Evidence weigh_utf8(std::string_view bytes) {
  Utf8Evidence evidence;
  for (size_t at = 0; at < bytes.size();) {
    const std::string_view rest = bytes.substr(at);
    const size_t ascii = ascii_prefix(rest);
    if (ascii > 0) {
      at += ascii;
      continue;
    }
    const BrokenSequence broken = broken_utf8_sequence(rest);
    const size_t full = static_cast<uint8_t>(rest[0]) < 0xE0 ? 2 : static_cast<uint8_t>(rest[0]) < 0xF0 ? 3 : 4;
    if (broken.bytes == full) {
      ++evidence.sequences;
      evidence.long_sequences += full > 2;
    } else if (broken.may_continue) {
      break;
    } else {
      ++evidence.broken;
    }
    at += broken.bytes;
  }
  return evidence;
}

}  // namespace

HeadCharset judge_head(std::string_view head, std::string_view declared) {
  const UnicodeGuess guess = guess_unicode(head);
  const std::string_view text = head.substr(guess.bom_bytes);
  if (guess.form == UnicodeForm::utf8) return {"utf-8", guess.bom_bytes};
  if (guess.form != UnicodeForm::none) return {converter_for(guess.form), guess.bom_bytes};
  if (hides_ascii(declared)) return {std::string(declared), guess.bom_bytes};
  if (text.find("\x1B$") != std::string_view::npos)
    if (auto charset = detect_legacy_charset(text); hides_ascii(charset)) return {std::move(charset), guess.bom_bytes};
  return {{}, guess.bom_bytes};
}

std::string judge_doubtful(std::string_view sample, std::string_view declared) {
  sample = sample.substr(0, doubtful_sample_bytes);
  const Utf8Evidence evidence = weigh_utf8(sample);
  // A few two-byte characters of GBK or Big5 may happen to be well-formed UTF-8.
  const bool double_byte = declared == "gb18030" || declared == "windows-950" || declared == "windows-949";
  const bool by_chance = double_byte && evidence.long_sequences == 0 && evidence.sequences <= 8;
  if (evidence.broken * 4 <= evidence.sequences && evidence.sequences > 0 && !by_chance) return "utf-8";
  const bool believed = !declared.empty() && declared != "utf-8";
  return believed ? std::string(declared) : detect_legacy_charset(sample);
}

Decoder::Decoder(Emit emit, std::string_view declared) : emit_(std::move(emit)), declared_(converter_name(declared)) {}
Decoder::~Decoder() = default;

std::unique_ptr<Decoder> Decoder::of_charset(Emit emit, const std::string& converter) {
  auto decoder = std::make_unique<Decoder>(std::move(emit));
  decoder->use(converter, {});
  return decoder;
}

void Decoder::feed(std::string_view bytes) {
  switch (state_) {
    case State::ascii: pass_ascii(bytes); return;
    case State::utf8: pass_utf8(bytes); return;
    case State::legacy: legacy_->convert(bytes, false, emit_); return;
    case State::start:
    case State::doubtful: break;
  }
  const bool at_start = state_ == State::start;
  std::string joined;
  if (held_.size() + bytes.size() < (at_start ? judged_bytes : doubtful_sample_bytes)) {
    held_ += bytes;
    return;
  }
  if (!held_.empty()) {
    joined = std::move(held_);
    held_.clear();
    joined += bytes;
    bytes = joined;
  }
  at_start ? begin(bytes) : settle_doubt(bytes);
}

void Decoder::finish() {
  if (state_ == State::start) begin(std::exchange(held_, {}));
  if (state_ == State::doubtful) settle_doubt(std::exchange(held_, {}));
  if (state_ == State::utf8 && !held_.empty()) emit(replacement);
  if (legacy_) legacy_->convert({}, true, emit_);
}

void Decoder::begin(std::string_view bytes) {
  const HeadCharset head = judge_head(bytes, declared_);
  const std::string_view text = bytes.substr(head.bom_bytes);
  if (!head.converter.empty()) return use(head.converter, text);
  state_ = State::ascii;
  pass_ascii(text);
}

void Decoder::pass_ascii(std::string_view bytes) {
  const size_t ascii = ascii_prefix(bytes);
  emit(bytes.substr(0, ascii));
  if (ascii == bytes.size()) return;
  state_ = State::doubtful;
  feed(bytes.substr(ascii));
}

void Decoder::settle_doubt(std::string_view bytes) { use(judge_doubtful(bytes, declared_), bytes); }

void Decoder::use(const std::string& converter, std::string_view bytes) {
  if (converter != "utf-8") return use_legacy(converter, bytes);
  state_ = State::utf8;
  pass_utf8(bytes);
}

void Decoder::use_legacy(const std::string& converter, std::string_view bytes) {
  Converter source = open_converter(converter);
  if (!source) source = open_converter("windows-1252");
  legacy_ = std::make_unique<CharsetConverter>(std::move(source));
  state_ = State::legacy;
  legacy_->convert(bytes, false, emit_);
}

/// Finishes the sequence that the last piece began; returns what is left of the piece.
std::string_view Decoder::complete_sequence(std::string_view bytes) {
  while (!held_.empty() && !bytes.empty()) {
    held_.push_back(bytes.front());
    if (valid_utf8_prefix(held_) == held_.size()) {
      emit(held_);
      held_.clear();
    } else if (!broken_utf8_sequence(held_).may_continue) {
      emit(replacement);
      held_.clear();
      return bytes;  // with the byte that did not fit: it may start something of its own
    }
    bytes.remove_prefix(1);
  }
  return bytes;
}

void Decoder::pass_utf8(std::string_view bytes) {
  bytes = complete_sequence(bytes);
  const size_t valid = valid_utf8_prefix(bytes);
  emit(bytes.substr(0, valid));
  bytes.remove_prefix(valid);
  // From the first broken sequence on the output is collected: damaged text would else become a call a byte.
  replaced_.clear();
  while (!bytes.empty()) {
    const BrokenSequence broken = broken_utf8_sequence(bytes);
    if (broken.may_continue) {
      held_ = bytes;
      break;
    }
    replaced_ += replacement;
    bytes.remove_prefix(broken.bytes);
    const size_t good = valid_utf8_prefix(bytes);
    replaced_ += bytes.substr(0, good);
    bytes.remove_prefix(good);
    if (replaced_.size() >= output_bytes) {
      emit(replaced_);
      replaced_.clear();
    }
  }
  emit(replaced_);
}

std::string decode_to_utf8(std::string_view bytes, std::string_view declared) {
  std::string text;
  Decoder decoder([&](std::string_view piece) { text += piece; }, declared);
  decoder.feed(bytes);
  decoder.finish();
  return text;
}

}  // namespace assay::extract
