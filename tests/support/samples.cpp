#include "tests/support/samples.h"

#include <fmt/format.h>

#include "extract/archive/rare_archives.h"
#include "extract/archive/test_archives.h"
#include "tests/support/samples_office.h"

namespace assay::tests {
namespace {

using extract::testing::ar_of;
using extract::testing::ArchiveOptions;
using extract::testing::cabinet_of;
using extract::testing::lha_of;
using extract::testing::make_archive;
using extract::testing::rar4_of;
using extract::testing::rar5_of;
using extract::testing::TestFile;

std::string archive_of(const Files& files, const ArchiveOptions& how) {
  std::vector<TestFile> list;
  for (const auto& [name, content] : files) list.push_back({name, content});
  return make_archive(list, how);
}

std::string raw(std::string_view content, int filter) {
  return archive_of({{"data", std::string(content)}}, {.format = ARCHIVE_FORMAT_RAW, .filters = {filter}});
}

std::string escaped_pdf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '(' || c == ')' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string zip_of(const Files& files) { return archive_of(files, {.format = ARCHIVE_FORMAT_ZIP}); }
std::string stored_zip_of(const Files& files) {
  return archive_of(files, {.format = ARCHIVE_FORMAT_ZIP, .options = "zip:compression=store"});
}
std::string tar_of(const Files& files) { return archive_of(files, {.format = ARCHIVE_FORMAT_TAR_USTAR}); }
std::string gzip_of(std::string_view content) { return raw(content, ARCHIVE_FILTER_GZIP); }

std::string compressed(std::string_view content, Compression how) {
  switch (how) {
    case Compression::bzip2: return raw(content, ARCHIVE_FILTER_BZIP2);
    case Compression::xz: return raw(content, ARCHIVE_FILTER_XZ);
    case Compression::zstd: return raw(content, ARCHIVE_FILTER_ZSTD);
    case Compression::lz4: return raw(content, ARCHIVE_FILTER_LZ4);
  }
  return {};
}

std::string pdf_of_objects(const std::vector<std::string>& objects) {
  std::string out = "%PDF-1.7\n";
  std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
  for (size_t i = 0; i < objects.size(); ++i) {
    table += fmt::format("{:010} 00000 n \n", out.size());
    out += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
  }
  return out + table +
         fmt::format("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", objects.size() + 1, out.size());
}

std::string pdf_of(const std::vector<std::string>& pages) {
  std::vector<std::string> objects{"<< /Type /Catalog /Pages 2 0 R >>", "",
                                   "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
  std::string kids;
  for (const auto& page : pages) {
    const std::string content = fmt::format("BT /F1 12 Tf 72 720 Td ({}) Tj ET", escaped_pdf(page));
    const size_t number = objects.size() + 1;
    objects.push_back(
        fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {} 0 R /Resources << "
                    "/Font << /F1 3 0 R >> >> >>",
                    number + 1));
    objects.push_back(fmt::format("<< /Length {} >>\nstream\n{}\nendstream", content.size(), content));
    kids += fmt::format("{} 0 R ", number);
  }
  objects[1] = fmt::format("<< /Type /Pages /Kids [{}] /Count {} >>", kids, pages.size());
  return pdf_of_objects(objects);
}

std::string rtf_of(std::string_view text) {
  return "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0\\fs24 " + std::string(text) + "\\par}\n";
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0U);
    for (size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : digits[group >> (18 - 6 * k) & 63];
    if (i % 57 == 54) out += "\r\n";
  }
  return out;
}

std::string eml_of(std::string_view subject, std::string_view body, const Files& attachments) {
  std::string out = fmt::format(
      "From: Ann Other <ann.other@mail.example.net>\r\nTo: office@shop.example.net\r\nDate: Mon, 3 Mar 2025 10:00:00 "
      "+0000\r\nMessage-ID: <1@mail.example.net>\r\nSubject: {}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
      "boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
      subject, body);
  for (const auto& [name, content] : attachments)
    out += fmt::format(
        "--b1\r\nContent-Type: application/octet-stream; name=\"{0}\"\r\nContent-Disposition: attachment; "
        "filename=\"{0}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{1}\r\n",
        name, base64(content));
  return out + "--b1--\r\n";
}

Files one_of_each(std::string_view given) {
  const std::string text(given);
  const std::string lines = "first line\n" + text + "\nlast line\n";
  const std::string csv = "name,remark,amount\nAnn,\"" + text + "\",12\nBob,none,13\nCem,none,14\n";
  Files files{
      {"a.txt", lines},
      {"a.csv", csv},
      {"a.tsv", "name\tremark\tamount\nAnn\t" + text + "\t12\nBob\tnone\t13\nCem\tnone\t14\n"},
      {"a.json", "{\"people\": [{\"name\": \"Ann\", \"remark\": \"" + text + "\"}], \"n\": 1}\n"},
      {"a.jsonl", "{\"remark\": \"" + text + "\"}\n{\"remark\": \"none\"}\n"},
      {"a.xml", "<?xml version=\"1.0\"?>\n<people><p remark=\"x\">" + text + "</p></people>\n"},
      {"a.html", "<!DOCTYPE html><html><head><title>A page</title></head><body><p>" + text + "</p></body></html>\n"},
      {"a.yaml", "people:\n  - name: Ann\n    remark: '" + text + "'\n"},
      {"a.ini", "[section]\nremark = " + text + "\nother = 1\n"},
      {"a.log", "2025-03-01 10:00:00 INFO " + text + "\n2025-03-01 10:00:01 INFO done\n"},
      {"a.ics",
       "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDESCRIPTION:" + text + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"},
      {"a.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:" + text.substr(0, 12) + "\r\n " +
                    text.substr(std::min<size_t>(12, text.size())) + "\r\nEND:VCARD\r\n"},
      {"a.rtf", rtf_of(text)},
      {"a.pdf", pdf_of({text, "second page"})},
      {"a.docx", docx_of({"A letter", text})},
      {"a.xlsx", xlsx_of({{"Name", "Remark"}, {"Ann", text}})},
      {"a.pptx", pptx_of({text, "last slide"})},
      {"a.odt", odt_of({"A letter", text})},
      {"a.ods", ods_of({{"Name", "Remark"}, {"Ann", text}})},
      {"a.eml", eml_of("A letter", text, {{"more.txt", lines}, {"rows.csv", csv}})},
      {"a.mbox", "From ann@mail.example.net Mon Mar  3 10:00:00 2025\n" + eml_of("A letter", text) + "\n"},
      {"a.zip", zip_of({{"dir/a.txt", lines}, {"b.csv", csv}})},
      {"a.tar", tar_of({{"dir/a.txt", lines}, {"b.csv", csv}})},
      {"a.txt.gz", gzip_of(lines)},
      {"a.tar.gz", gzip_of(tar_of({{"a.txt", lines}, {"inner.zip", zip_of({{"b.txt", lines}})}}))},
      {"a.txt.xz", compressed(lines, Compression::xz)},
      {"a.txt.zst", compressed(lines, Compression::zstd)},
      {"a.txt.bz2", compressed(lines, Compression::bzip2)},
      {"a.txt.lz4", compressed(lines, Compression::lz4)},
      {"a.7z", archive_of({{"a.txt", lines}}, {.format = ARCHIVE_FORMAT_7ZIP})},
      {"a.cpio", archive_of({{"a.txt", lines}}, {.format = ARCHIVE_FORMAT_CPIO_POSIX})},
      {"a.iso", archive_of({{"a.txt", lines}}, {.format = ARCHIVE_FORMAT_ISO9660})},
      {"a4.rar", rar4_of("a.txt", lines)},
      {"a5.rar", rar5_of("a.txt", lines)},
      {"a.cab", cabinet_of("a.txt", lines)},
      {"a.lzh", lha_of("a.txt", lines, 2)},
      {"a.ar", ar_of("a.txt", lines)},
      {"a.sqlite", sqlite_of("people", {"name TEXT", "remark TEXT"}, {{"Ann", text}, {"Bob", "none"}})},
      {"a.ole", compound_file_of({{"Notes", lines}, {"Storage/More", lines}})},
  };
  return files;
}

}  // namespace assay::tests
