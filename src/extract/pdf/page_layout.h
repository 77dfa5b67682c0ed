#pragma once

#include <string>

class TextPage;

namespace assay::extract {

/// The text of a page as poppler's analysis orders it (columns one after another), except that what looks like the
/// cells of a form or table is put together by rows with tabs between the cells, so that a label stays beside its
/// value. Lines end with LF, blocks with an empty line; right-to-left text is in logical order.
std::string page_text(const TextPage& page);

/// Turns a line whose characters are in the order of their places, left to right, into reading order.
std::u32string logical_order(std::u32string visual);

}  // namespace assay::extract
