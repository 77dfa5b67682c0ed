#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::classify {

// Simple case folding, as Unicode defines it, of UTF-8. Characters whose folded form is not as long are left as they
// are: long s, the capital of sharp s, the signs of Kelvin, Ohm and Angstrom, and letters for phonetics.

/// The bytes of the character at `at`; 1 where there is none in valid UTF-8. `at` is within the text.
size_t character_size(std::string_view text, size_t at);

/// Folds the character of `size` bytes, as character_size() said, in place. True when that changed it. ASCII stays.
bool fold_character(char* bytes, size_t size);

/// The text with every character folded, ASCII too.
std::string fold_case(std::string_view text);

/// Whether a text folds to one that is folded.
bool folds_to(std::string_view text, std::string_view folded);

/// The folded form of a character and all others that fold to the same, each of as many bytes. ASCII has one.
std::vector<std::string> case_variants(std::string_view character);

}  // namespace assay::classify
