#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// Word 6 to 2003 documents ([MS-DOC]): main text, footnotes, headers, annotations, endnotes and text boxes by the
/// piece table, names of authors, properties, macros and embedded objects.
void extract_doc(Input& input, const Context& context, Sink& sink);

/// Excel 5 to 2003 workbooks ([MS-XLS]): the cells of every sheet as a table, comments, text boxes, links, headers,
/// properties, macros and embedded objects.
void extract_xls(Input& input, const Context& context, Sink& sink);

/// PowerPoint 97 to 2003 presentations ([MS-PPT]): text of slides and notes by page, masters, comments, links,
/// properties, macros and embedded objects.
void extract_ppt(Input& input, const Context& context, Sink& sink);

/// Any other compound file: properties, macros, embedded objects and the printable strings of all streams. An
/// encrypted Office Open XML document throws Failure(encrypted).
void extract_ole(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
