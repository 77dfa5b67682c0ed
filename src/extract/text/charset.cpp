#include "extract/text/charset.h"

#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <memory>

#include "extract/text/icu_converter.h"

namespace assay::extract {
namespace {

constexpr std::string_view western = "windows-1252";
constexpr size_t few_high_bytes = 4;

std::string clean_name(std::string_view declared) {
  std::string name;
  for (const char c : declared) {
    if (c == '"' || c == '\'' || c == ' ' || c == '\t') continue;
    name.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  return name;
}

struct Alias {
  std::string_view name;
  std::string_view converter;
};

constexpr std::array aliases{
    Alias{"us-ascii", western},
    Alias{"ascii", western},
    Alias{"iso-8859-1", western},
    Alias{"iso8859-1", western},
    Alias{"latin1", western},
    Alias{"ansi_x3.4-1968", western},
    Alias{"cp1252", western},
    Alias{"iso-8859-9", "windows-1254"},
    Alias{"iso-8859-11", "windows-874"},
    Alias{"tis-620", "windows-874"},
    Alias{"gb2312", "gb18030"},
    Alias{"gbk", "gb18030"},
    Alias{"gb_2312-80", "gb18030"},
    Alias{"cp936", "gb18030"},
    Alias{"x-gbk", "gb18030"},
    Alias{"shift_jis", "windows-31j"},
    Alias{"shift-jis", "windows-31j"},
    Alias{"sjis", "windows-31j"},
    Alias{"x-sjis", "windows-31j"},
    Alias{"cp932", "windows-31j"},
    Alias{"ks_c_5601-1987", "windows-949"},
    Alias{"euc-kr", "windows-949"},
    Alias{"uhc", "windows-949"},
    Alias{"cp949", "windows-949"},
    Alias{"big5", "windows-950"},
    Alias{"cp950", "windows-950"},
    Alias{"mac-cyrillic", "x-mac-cyrillic"},
    Alias{"mac-centraleurope", "x-mac-centraleurroman"},
    Alias{"utf8", "utf-8"},
    Alias{"unicode-1-1-utf-7", "utf-7"},
    Alias{"unicode", "utf-16"},
    Alias{"iso-8859-8-i", "iso-8859-8"},
};

struct DetectorCloser {
  void operator()(uchardet_t detector) const { uchardet_delete(detector); }
};

/// ISO-2022 switches character sets with escape sequences that terminals' colour codes do not share.
std::string_view iso_2022_charset(std::string_view sample) {
  for (size_t at = 0; (at = sample.find('\x1B', at)) != std::string_view::npos; ++at) {
    const auto rest = sample.substr(at + 1, 3);
    if (rest.starts_with("$B") || rest.starts_with("$@") || rest.starts_with("$(D")) return "iso-2022-jp";
    if (rest == "$)C") return "iso-2022-kr";
    if (rest == "$)A" || rest == "$)G") return "iso-2022-cn";
  }
  return {};
}

/// The value after `key`, '=' and an optional quote.
std::string value_after(std::string_view text, std::string_view key) {
  for (size_t at = 0; (at = text.find(key, at)) != std::string_view::npos; ++at) {
    size_t from = text.find_first_not_of(" \t\r\n", at + key.size());
    if (from == std::string_view::npos || text[from] != '=') continue;
    from = text.find_first_not_of(" \t\r\n\"'", from + 1);
    if (from == std::string_view::npos) return {};
    const size_t end = std::min(text.find_first_of(" \t\r\n\"'/>;?", from), text.size());
    return std::string(text.substr(from, std::min<size_t>(end - from, 60)));
  }
  return {};
}

}  // namespace

std::string converter_name(std::string_view declared) {
  const std::string name = clean_name(declared);
  if (name.empty() || name.size() >= UCNV_MAX_CONVERTER_NAME_LENGTH) return {};
  const auto alias = std::ranges::find(aliases, name, &Alias::name);
  const std::string wanted(alias == aliases.end() ? std::string_view(name) : alias->converter);
  return wanted == "utf-8" || open_converter(wanted) ? wanted : std::string{};
}

bool hides_ascii(std::string_view converter) {
  constexpr std::array<std::string_view, 8> starts{"utf-16", "utf-32",    "iso-2022", "utf-7",
                                                   "hz",     "iso-10646", "ucs-",     "ebcdic"};
  return std::ranges::any_of(starts, [&](std::string_view start) { return converter.starts_with(start); });
}

std::string detect_legacy_charset(std::string_view sample) {
  if (const auto escaped = iso_2022_charset(sample); !escaped.empty()) return std::string(escaped);
  const auto high_bytes = std::ranges::count_if(sample, [](char c) { return (c & 0x80) != 0; });
  if (static_cast<size_t>(high_bytes) < few_high_bytes) return std::string(western);
  const std::unique_ptr<uchardet, DetectorCloser> detector(uchardet_new());
  if (detector == nullptr || uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0)
    return std::string(western);
  uchardet_data_end(detector.get());
  const std::string name = converter_name(uchardet_get_charset(detector.get()));
  return name.empty() || name == "utf-8" ? std::string(western) : name;
}

std::string charset_declared_in_markup(std::string_view head) {
  std::string low(head.substr(0, 4096));
  std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const size_t start = low.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (start == std::string::npos || low[start] != '<') return {};
  if (low.compare(start, 5, "<?xml") == 0) {
    const size_t end = low.find("?>", start);
    if (auto name = value_after(std::string_view(low).substr(start, end - start), "encoding"); !name.empty())
      return name;
  }
  const size_t meta = low.find("<meta");
  return meta == std::string::npos ? std::string{} : value_after(std::string_view(low).substr(meta), "charset");
}

}  // namespace assay::extract
