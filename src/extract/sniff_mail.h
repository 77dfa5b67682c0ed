#pragma once

#include <string_view>

namespace assay::extract {

/// True for the "From " line that separates the messages of an mbox (RFC 4155): an address, then a date with a time
/// of day and a year. `line` comes without its line end.
bool is_mbox_separator(std::string_view line);

/// True when the text starts with the headers of a mail (RFC 5322): only header lines, and enough known ones.
/// `hinted`: the file name says that it is one.
bool starts_with_mail_headers(std::string_view head, bool hinted);

}  // namespace assay::extract
