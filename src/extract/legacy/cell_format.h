#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::extract {

/// What a number format does to a number, as far as it matters for reading the cell.
enum class NumberKind : uint8_t { plain, date, digits };

/// Judges a format code such as `yyyy\-mm\-dd`, `000\-00\-0000` or `#,##0.00`. `digits` are masks of zeros and literal
/// characters only, as used for numbers that are names (phone and social security numbers).
NumberKind number_kind(std::string_view format_code);

/// The same for the built-in formats ([ECMA-376] part 1, 18.8.30).
NumberKind builtin_number_kind(uint16_t format_id);

/// Shortest form that reads back as the same number; whole numbers below 10^18 without exponent.
std::string format_number(double value);

/// ISO 8601 date of a serial day number, with the time when there is one; format_number() when out of range.
std::string format_serial_date(double serial, bool since_1904);

/// Fills the zeros of a mask from the right: 123456789 with `000\-00\-0000` is 123-45-6789.
std::string format_digits(double value, std::string_view format_code);

}  // namespace assay::extract
