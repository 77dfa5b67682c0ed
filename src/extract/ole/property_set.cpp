#include "extract/ole/property_set.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <utility>

#include "extract/ole/bytes.h"
#include "extract/ole/codepage.h"
#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t max_set_bytes = size_t{4} << 20;
constexpr uint32_t max_properties = 10'000;
constexpr uint32_t max_vector = 1'000;

using Names = std::map<uint32_t, std::string>;

// Property identifiers of [MS-OLEPS] 3.1 and [MS-OSHARED] 2.3.3.2. Thumbnails and counters are left out.
const Names& summary_names() {
  static const Names names = {{2, "title"},    {3, "subject"},  {4, "author"},      {5, "keywords"},
                              {6, "comments"}, {7, "template"}, {8, "last author"}, {9, "revision"},
                              {11, "printed"}, {12, "created"}, {13, "saved"},      {18, "application"}};
  return names;
}

const Names& document_names() {
  static const Names names = {{2, "category"},      {3, "format"},  {14, "manager"},  {15, "company"},
                              {26, "content type"}, {27, "status"}, {28, "language"}, {29, "version"}};
  return names;
}

constexpr std::string_view user_defined_format_id("\x05\xD5\xCD\xD5\x9C\x2E\x1B\x10\x93\x97\x08\x00\x2B\x2C\xF9\xAE",
                                                  16);

enum Type : uint16_t {
  type_i2 = 2,
  type_i4 = 3,
  type_r4 = 4,
  type_r8 = 5,
  type_date = 7,
  type_bstr = 8,
  type_bool = 11,
  type_variant = 12,
  type_ui4 = 19,
  type_i8 = 20,
  type_lpstr = 30,
  type_lpwstr = 31,
  type_filetime = 64,
  type_vector = 0x1000,
};

std::string format_filetime(uint64_t ticks) {
  constexpr uint64_t ticks_to_1970 = 116'444'736'000'000'000;
  if (ticks < ticks_to_1970) return {};
  const auto seconds = std::chrono::sys_seconds(std::chrono::seconds((ticks - ticks_to_1970) / 10'000'000));
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(seconds - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

/// Decodes typed values ([MS-OLEPS] 2.15); `offset` moves past the value.
class ValueReader {
 public:
  ValueReader(Bytes set, uint32_t codepage) : set_(set), codepage_(codepage) {}

  std::string typed(size_t& offset, int depth = 0) const {
    const uint16_t type = set_.u16(offset);
    offset += 4;
    if ((type & type_vector) == 0) return plain(type, offset, depth);
    const uint32_t count = std::min(set_.u32(offset), max_vector);
    offset += 4;
    std::string all;
    for (uint32_t i = 0; i < count; ++i) {
      const std::string one = plain(type & 0xFFF, offset, depth);
      if (!all.empty() && !one.empty()) all += "; ";
      all += one;
    }
    return all;
  }

  std::string string(size_t& offset) const {
    const uint32_t length = set_.u32(offset);
    if (codepage_ == 1200 && length % 2 != 0) throw Failure(model::VerdictKind::partial, "damaged properties");
    const std::string_view bytes = set_.slice(offset + 4, length);
    offset += 4 + (length + 3) / 4 * 4;
    return until_nul(codepage_to_utf8(bytes, codepage_));
  }

  std::string wide_string(size_t& offset) const {
    const uint64_t length = uint64_t{set_.u32(offset)} * 2;
    const std::string_view bytes = set_.slice(offset + 4, length);
    offset += 4 + (length + 3) / 4 * 4;
    return until_nul(utf16le_to_utf8(bytes));
  }

 private:
  static std::string until_nul(std::string_view text) { return std::string(text.substr(0, text.find('\0'))); }

  std::string plain(uint16_t type, size_t& offset, int depth) const {
    const size_t at = offset;
    switch (type) {
      case type_lpstr:
      case type_bstr: return string(offset);
      case type_lpwstr: return wide_string(offset);
      case type_variant: return depth < 4 ? typed(offset, depth + 1) : std::string();
      case type_filetime: offset += 8; return format_filetime(set_.u64(at));
      case type_i2: offset += 4; return std::to_string(static_cast<int16_t>(set_.u16(at)));
      case type_i4: offset += 4; return std::to_string(static_cast<int32_t>(set_.u32(at)));
      case type_ui4: offset += 4; return std::to_string(set_.u32(at));
      case type_i8: offset += 8; return std::to_string(static_cast<int64_t>(set_.u64(at)));
      case type_bool: offset += 4; return set_.u16(at) != 0 ? "true" : "false";
      case type_r4: offset += 4; return fmt::format("{}", std::bit_cast<float>(set_.u32(at)));
      case type_r8: offset += 8; return fmt::format("{}", set_.f64(at));
      default: return {};
    }
  }

  Bytes set_;
  uint32_t codepage_;
};

uint32_t codepage_of(Bytes set, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    if (set.u32(8 + i * 8) == 1) return set.u16(set.u32(12 + i * 8) + size_t{4});
  return 1252;
}

Names dictionary_of(Bytes set, uint32_t count, uint32_t codepage) {
  Names names;
  for (uint32_t i = 0; i < count; ++i) {
    if (set.u32(8 + i * 8) != 0) continue;
    size_t offset = set.u32(12 + i * 8);
    const uint32_t entries = std::min(set.u32(offset), max_properties);
    offset += 4;
    for (uint32_t entry = 0; entry < entries; ++entry) {
      const uint32_t id = set.u32(offset);
      const uint64_t length = uint64_t{set.u32(offset + 4)} * (codepage == 1200 ? 2 : 1);
      std::string name = codepage_to_utf8(set.slice(offset + 8, length), codepage);
      names[id] = name.substr(0, name.find('\0'));
      offset += 8 + (codepage == 1200 ? (length + 3) / 4 * 4 : length);
    }
  }
  return names;
}

void read_set(Bytes set, Names names, bool user_defined, std::string& out) {
  const uint32_t count = std::min(set.u32(4), max_properties);
  const uint32_t codepage = codepage_of(set, count);
  if (user_defined) names = dictionary_of(set, count, codepage);
  const ValueReader reader(set, codepage);
  for (uint32_t i = 0; i < count; ++i) {
    const auto name = names.find(set.u32(8 + i * 8));
    if (name == names.end() || name->first < 2) continue;
    size_t offset = set.u32(12 + i * 8);
    const std::string value = reader.typed(offset);
    if (!value.empty()) out += fmt::format("{}: {}\n", name->second, value);
  }
}

void read_stream(std::string_view stream, const Names& names, std::string& out) {
  const Bytes bytes(stream);
  if (bytes.u16(0) != 0xFFFE) throw Failure(model::VerdictKind::partial, "damaged properties");
  const uint32_t sets = std::min(bytes.u32(24), 2U);
  for (uint32_t i = 0; i < sets; ++i) {
    const bool user_defined = bytes.slice(28 + i * 20, 16) == user_defined_format_id;
    if (i == 1 && !user_defined) break;
    const uint32_t start = bytes.u32(44 + i * 20);
    read_set(Bytes(bytes.slice(start, bytes.size() - std::min<size_t>(start, bytes.size()))), names, user_defined, out);
  }
}

}  // namespace

void extract_properties(CompoundFile& file, Sink& sink) {
  std::string text;
  bool damaged = false;
  for (const auto& [path, names] : {std::pair("\005SummaryInformation", &summary_names()),
                                    std::pair("\005DocumentSummaryInformation", &document_names())}) {
    const std::string stream = file.read_prefix(path, max_set_bytes);
    if (stream.empty()) continue;
    try {
      read_stream(stream, *names, text);
    } catch (const Failure&) {
      damaged = true;
    }
  }
  if (!text.empty()) {
    sink.begin_text({.name = "properties"});
    sink.text(text);
    sink.end_text();
  }
  if (damaged) sink.partial("damaged properties");
}

}  // namespace assay::extract
