#include "extract/printable.h"

#include <utility>

#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t max_run_bytes = size_t{64} << 10;

bool is_printable_ascii(uint8_t byte) noexcept { return (byte >= 0x20 && byte < 0x7F) || byte == '\t'; }

/// Latin, Greek, Cyrillic and typographic marks: what UTF-16 text of a document most often holds. Wider ranges would
/// make any two random bytes a character.
bool is_plausible_wide(uint16_t unit) noexcept {
  if (unit < 0x80) return is_printable_ascii(static_cast<uint8_t>(unit));
  return (unit >= 0xA0 && unit < 0x250) || (unit >= 0x386 && unit < 0x460) || (unit >= 0x2013 && unit < 0x201E);
}

}  // namespace

PrintableStrings::PrintableStrings(size_t min_characters, std::function<void(std::string_view)> emit)
    : min_characters_(min_characters), emit_(std::move(emit)) {}

void PrintableStrings::append(Run& run, std::string_view utf8) {
  run.text += utf8;
  ++run.characters;
  if (run.text.size() >= max_run_bytes) {
    emit_(run.text);
    run.text.clear();
    run.given = true;
  }
}

void PrintableStrings::end(Run& run) {
  if (!run.text.empty() && (run.given || run.characters >= min_characters_)) emit_(run.text);
  run.text.clear();
  run.characters = 0;
  run.given = false;
}

void PrintableStrings::narrow(uint8_t byte) {
  if (byte < 0x80 && sequence_.empty()) {
    if (is_printable_ascii(byte)) {
      const char c = static_cast<char>(byte);
      append(narrow_, {&c, 1});
    } else if (!narrow_.text.empty() || narrow_.given) {
      end(narrow_);
    }
    return;
  }
  sequence_ += static_cast<char>(byte);
  const auto lead = static_cast<uint8_t>(sequence_[0]);
  const size_t wanted = lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const bool broken = wanted == 1 || (sequence_.size() > 1 && (byte & 0xC0) != 0x80);
  if (!broken && sequence_.size() < wanted) return;
  const bool whole = !broken && utf8_sequence_length(sequence_) == wanted;
  const bool control = wanted == 2 && lead == 0xC2 && byte < 0xA0;
  if (whole && !control) {
    append(narrow_, sequence_);
    sequence_.clear();
    return;
  }
  end(narrow_);
  const bool again = sequence_.size() > 1 && byte < 0x80;
  sequence_.clear();
  if (again) narrow(byte);
}

void PrintableStrings::wide(uint8_t byte) {
  if (offset_ == 0) return;
  Run& run = wide_[(offset_ - 1) & 1];
  const auto unit = static_cast<uint16_t>(byte << 8 | previous_);
  if (is_plausible_wide(unit)) {
    if (run.characters == 0) run.after_zero = before_previous_ == 0;
    std::string utf8;
    append_utf8(utf8, unit);
    append(run, utf8);
  } else if (run.characters != 0) {
    if (byte == 0) end(run);
    else end_wide(run);
  }
}

// What follows is no high byte of zero: of a big-endian run, the byte before it is the last character's.
void PrintableStrings::end_wide(Run& run) {
  const auto last = static_cast<char>(previous_);
  if (run.characters != 0 && run.after_zero && is_printable_ascii(previous_)) append(run, {&last, 1});
  end(run);
}

void PrintableStrings::feed(std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    narrow(byte);
    wide(byte);
    before_previous_ = std::exchange(previous_, byte);
    ++offset_;
  }
}

void PrintableStrings::finish() {
  end(narrow_);
  if (offset_ != 0) end_wide(wide_[(offset_ - 1) & 1]);
  for (Run& run : wide_) end(run);
}

}  // namespace assay::extract
