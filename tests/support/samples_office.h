#pragma once

#include "tests/support/samples.h"

namespace assay::tests {

/// `text` as content of an XML element.
std::string xml_escaped(std::string_view text);

/// The parts of a Word document whose body is this XML: for those who want to spoil one of them.
Files docx_parts(std::string_view body_xml);
/// The parts of a workbook whose only sheet holds these rows of XML.
Files xlsx_parts(std::string_view rows_xml);

}  // namespace assay::tests
