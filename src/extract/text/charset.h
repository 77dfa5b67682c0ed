#pragma once

#include <string>
#include <string_view>

namespace assay::extract {

/// The name under which the ICU converter for a declared charset is opened; "" when it is unknown. Names are taken as
/// the WHATWG Encoding Standard takes them: ISO-8859-1 means windows-1252, GB2312 means GB18030, and so on.
std::string converter_name(std::string_view declared);

/// True for encodings in which ASCII bytes need not mean ASCII (UTF-16, ISO-2022, UTF-7, HZ, EBCDIC): their name must
/// be believed, for a look at the bytes tells little.
bool hides_ascii(std::string_view converter);

/// Guesses the charset of text that is neither ASCII nor Unicode; never "".
std::string detect_legacy_charset(std::string_view sample);

/// The charset that an XML declaration or an HTML meta element near the start names, "" when there is none.
std::string charset_declared_in_markup(std::string_view head);

}  // namespace assay::extract
