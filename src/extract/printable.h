#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace assay::extract {

/// Finds runs of printable text in bytes of any kind, as they stream by: ASCII or UTF-8 of at least `min_characters`,
/// and UTF-16 of the same length at even or odd offsets: little-endian of a few alphabets, big-endian of ASCII, which
/// looks like little-endian a byte later, without its last high byte. A run longer than 64 KiB is given in pieces.
class PrintableStrings {
 public:
  /// `emit` gets each run as UTF-8, without a line end.
  PrintableStrings(size_t min_characters, std::function<void(std::string_view)> emit);

  void feed(std::string_view bytes);
  /// Ends the last run.
  void finish();

 private:
  struct Run {
    std::string text;
    size_t characters = 0;
    bool given = false;       ///< a piece of this run was emitted already
    bool after_zero = false;  ///< of UTF-16: which may be the high byte of its first character
  };

  void narrow(uint8_t byte);
  void wide(uint8_t byte);
  void end_wide(Run& run);
  void append(Run& run, std::string_view utf8);
  void end(Run& run);

  size_t min_characters_;
  std::function<void(std::string_view)> emit_;
  Run narrow_;
  Run wide_[2];           ///< by parity of the first byte's offset
  std::string sequence_;  ///< of an unfinished UTF-8 character
  uint64_t offset_ = 0;
  uint8_t previous_ = 0, before_previous_ = 1;
};

}  // namespace assay::extract
