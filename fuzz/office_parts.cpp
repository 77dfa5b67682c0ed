// What stands in office documents, with a sound package around it: the input is a list of parts, each after a line
// "--part: NAME", and its last byte chooses the kind of document. So what is changed in a part reaches its reader,
// where a changed package would mostly fail its checksums.
#include <zlib.h>

#include <array>
#include <string>
#include <vector>

#include "extract/office/office.h"
#include "fuzz/harness.h"

namespace {

using namespace assay;
using extract::Format;

constexpr std::string_view mark = "--part: ";

void put(std::string& out, uint64_t value, size_t bytes) {
  for (; bytes > 0; --bytes, value >>= 8) out += static_cast<char>(value & 0xFF);
}

/// A ZIP (APPNOTE.TXT 4.3) of entries that are stored as they are.
class StoredZip {
 public:
  void add(std::string_view name, std::string_view content) {
    std::string facts;
    put(facts, 20, 2);  // version needed
    put(facts, 0, 8);   // flags, method, time, date
    put(facts, crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())), 4);
    put(facts, content.size(), 4);
    put(facts, content.size(), 4);
    put(facts, name.size(), 2);
    put(facts, 0, 2);  // extra field
    directory_.append("PK\1\2\24\0", 6).append(facts);
    put(directory_, 0, 10);  // comment, disk, attributes
    put(directory_, bytes_.size(), 4);
    directory_ += name;
    bytes_.append("PK\3\4", 4).append(facts).append(name).append(content);
    ++count_;
  }

  std::string finish() {
    const size_t begin = bytes_.size();
    bytes_.append(directory_).append("PK\5\6\0\0\0\0", 8);
    put(bytes_, count_, 2);
    put(bytes_, count_, 2);
    put(bytes_, directory_.size(), 4);
    put(bytes_, begin, 4);
    put(bytes_, 0, 2);
    return std::move(bytes_);
  }

 private:
  std::string bytes_, directory_;
  size_t count_ = 0;
};

std::string package_of(std::string_view parts) {
  StoredZip zip;
  size_t at = parts.starts_with(mark) ? 0 : std::string_view::npos;
  while (at != std::string_view::npos) {
    const std::string_view part = parts.substr(at + mark.size());
    const size_t name_end = part.find('\n');
    if (name_end == std::string_view::npos || name_end > 0xFFFF) break;
    const size_t next = part.find("\n--part: ", name_end);
    zip.add(part.substr(0, name_end),
            part.substr(name_end + 1, next == std::string_view::npos ? next : next - std::min(next, name_end + 1)));
    at = next == std::string_view::npos ? next : at + mark.size() + next + 1;
  }
  return zip.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::array readers{
      fuzz::Reader{Format::docx, extract::extract_docx}, fuzz::Reader{Format::xlsx, extract::extract_xlsx},
      fuzz::Reader{Format::pptx, extract::extract_pptx}, fuzz::Reader{Format::xlsb, extract::extract_xlsb},
      fuzz::Reader{Format::odt, extract::extract_odt},   fuzz::Reader{Format::ods, extract::extract_ods},
      fuzz::Reader{Format::odp, extract::extract_odp},   fuzz::Reader{Format::epub, extract::extract_epub}};
  fuzz::Choices choices(fuzz::as_text(data, size));
  const fuzz::Reader& reader = readers[choices.below(readers.size())];
  fuzz::extract_bytes(reader, "a", package_of(choices.rest()));
  return 0;
}
