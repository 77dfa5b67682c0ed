#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Names of objects are any bytes; a text column takes UTF-8 without NUL.
namespace assay::store {

/// Any bytes as UTF-8: what is UTF-8 stays as it is; a byte that belongs to none, or is NUL, becomes the private-use
/// character U+EE00 + byte; and so do the bytes of such characters in the input. from_text() gives back the same bytes.
std::string to_text(std::string_view bytes);
std::string from_text(std::string_view text);

/// The beginning of a UTF-8 text, at most so many bytes, not within a character.
std::string_view cut_text(std::string_view text, size_t most_bytes);

/// Texts as one: each preceded by its length, "5:hello2:hi".
std::string join_texts(const std::vector<std::string>& texts);
std::vector<std::string> split_texts(std::string_view joined);

}  // namespace assay::store
