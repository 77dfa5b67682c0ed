#include "extract/format.h"

namespace assay::extract {

std::string_view to_string(Format format) noexcept {
  switch (format) {
    case Format::unknown: return "unknown";
    case Format::empty: return "empty";
    case Format::text: return "text";
    case Format::csv: return "csv";
    case Format::tsv: return "tsv";
    case Format::json: return "json";
    case Format::jsonl: return "jsonl";
    case Format::xml: return "xml";
    case Format::html: return "html";
    case Format::yaml: return "yaml";
    case Format::ini: return "ini";
    case Format::log: return "log";
    case Format::source: return "source";
    case Format::icalendar: return "icalendar";
    case Format::vcard: return "vcard";
    case Format::sql: return "sql";
    case Format::rtf: return "rtf";
    case Format::pdf: return "pdf";
    case Format::docx: return "docx";
    case Format::xlsx: return "xlsx";
    case Format::pptx: return "pptx";
    case Format::xlsb: return "xlsb";
    case Format::odt: return "odt";
    case Format::ods: return "ods";
    case Format::odp: return "odp";
    case Format::epub: return "epub";
    case Format::doc: return "doc";
    case Format::xls: return "xls";
    case Format::ppt: return "ppt";
    case Format::ole: return "ole";
    case Format::eml: return "eml";
    case Format::mbox: return "mbox";
    case Format::msg: return "msg";
    case Format::sqlite: return "sqlite";
    case Format::rows: return "rows";
    case Format::archive: return "archive";
    case Format::compressed: return "compressed";
    case Format::jpeg: return "jpeg";
    case Format::png: return "png";
    case Format::tiff: return "tiff";
    case Format::gif: return "gif";
    case Format::bmp: return "bmp";
    case Format::webp: return "webp";
    case Format::audio_video: return "audio_video";
    case Format::font: return "font";
    case Format::executable: return "executable";
  }
  return "unknown";
}

}  // namespace assay::extract
