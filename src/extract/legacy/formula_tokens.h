#pragma once

#include <functional>
#include <string_view>

namespace assay::extract {

/// Calls `take(utf8)` for each text in the tokens of a formula as Excel 97 to 2003 stores it ([MS-XLS] 2.5.198):
/// `tokens` is its rgce, `behind` its rgcb, in which the elements of arrays stand. Ends where tokens are damaged or not
/// known.
void read_formula_texts(std::string_view tokens, std::string_view behind,
                        const std::function<void(std::string_view)>& take);

}  // namespace assay::extract
