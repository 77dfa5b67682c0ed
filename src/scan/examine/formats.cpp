#include "scan/examine/formats.h"

#include "extract/archive/archive.h"
#include "extract/binary/binary.h"
#include "extract/image/image.h"
#include "extract/legacy/legacy.h"
#include "extract/mail/eml.h"
#include "extract/mail/mbox.h"
#include "extract/mail/msg.h"
#include "extract/office/office.h"
#include "extract/pdf/pdf.h"
#include "extract/rows/rows.h"
#include "extract/sqlite/sqlite.h"
#include "extract/text/csv.h"
#include "extract/text/folded.h"
#include "extract/text/html.h"
#include "extract/text/rtf.h"
#include "extract/text/sql.h"
#include "extract/text/text.h"

namespace assay::scan {

extract::ExtractFunction extractor_for(extract::Format format) {
  using extract::Format;
  switch (format) {
    case Format::text:
    case Format::json:
    case Format::jsonl:
    case Format::xml:
    case Format::yaml:
    case Format::ini:
    case Format::log:
    case Format::source: return extract::extract_text;
    case Format::icalendar:
    case Format::vcard: return extract::extract_folded;
    case Format::sql: return extract::extract_sql;
    case Format::csv:
    case Format::tsv: return extract::extract_csv;
    case Format::html: return extract::extract_html;
    case Format::rtf: return extract::extract_rtf;
    case Format::eml: return extract::extract_eml;
    case Format::mbox: return extract::extract_mbox;
    case Format::msg: return extract::extract_msg;
    case Format::pdf: return extract::extract_pdf;
    case Format::docx: return extract::extract_docx;
    case Format::xlsx: return extract::extract_xlsx;
    case Format::xlsb: return extract::extract_xlsb;
    case Format::pptx: return extract::extract_pptx;
    case Format::odt: return extract::extract_odt;
    case Format::ods: return extract::extract_ods;
    case Format::odp: return extract::extract_odp;
    case Format::epub: return extract::extract_epub;
    case Format::doc: return extract::extract_doc;
    case Format::xls: return extract::extract_xls;
    case Format::ppt: return extract::extract_ppt;
    case Format::ole: return extract::extract_ole;
    case Format::archive: return extract::extract_archive;
    case Format::compressed: return extract::extract_compressed;
    case Format::sqlite: return extract::extract_sqlite;
    case Format::rows: return extract::extract_rows;
    case Format::jpeg:
    case Format::png:
    case Format::tiff:
    case Format::gif:
    case Format::bmp:
    case Format::webp: return extract::extract_image;
    case Format::unknown:
    case Format::executable: return extract::extract_strings;
    default: return nullptr;
  }
}

}  // namespace assay::scan
