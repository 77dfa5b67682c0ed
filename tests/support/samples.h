#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Small files of each kind, made in memory: for tests, as material for mutants, and as seeds of the fuzz targets.
namespace assay::tests {

using Files = std::vector<std::pair<std::string, std::string>>;  ///< names and contents

std::string zip_of(const Files& files);
std::string stored_zip_of(const Files& files);  ///< nothing in it compressed
std::string tar_of(const Files& files);
std::string gzip_of(std::string_view content);

enum class Compression { bzip2, xz, zstd, lz4 };
std::string compressed(std::string_view content, Compression how);

/// A Word document of these paragraphs.
std::string docx_of(const std::vector<std::string>& paragraphs);
/// A workbook of one sheet "Staff".
std::string xlsx_of(const std::vector<std::vector<std::string>>& rows);
std::string pptx_of(const std::vector<std::string>& slides);
std::string odt_of(const std::vector<std::string>& paragraphs);
std::string ods_of(const std::vector<std::vector<std::string>>& rows);
/// One page for each text.
std::string pdf_of(const std::vector<std::string>& pages);
/// Objects numbered from 1, of which the first is the catalog, with their cross-reference table.
std::string pdf_of_objects(const std::vector<std::string>& objects);
std::string rtf_of(std::string_view text);
/// A message with attachments, base64-encoded.
std::string eml_of(std::string_view subject, std::string_view body, const Files& attachments = {});
/// A compound file (OLE2) of these streams; names as "Storage/Stream".
std::string compound_file_of(const Files& streams);
/// A database with one table: `columns` as in CREATE TABLE, rows of text.
std::string sqlite_of(std::string_view table, const std::vector<std::string>& columns,
                      const std::vector<std::vector<std::string>>& rows);
std::string base64(std::string_view bytes);

/// A file of every kind that can be made here, by name; each holds `text` somewhere that Assay reads.
Files one_of_each(std::string_view text);

}  // namespace assay::tests
