#include "extract/text/rtf_words.h"

#include <algorithm>
#include <array>

namespace assay::extract {
namespace {

struct Destination {
  std::string_view word;
  RtfTarget target;
};

constexpr std::array destinations{
    Destination{"rtf", RtfTarget::body},
    Destination{"fldinst", RtfTarget::body},
    Destination{"fldrslt", RtfTarget::body},
    Destination{"shptxt", RtfTarget::body},
    Destination{"shprslt", RtfTarget::nowhere},
    Destination{"result", RtfTarget::body},
    Destination{"htmltag", RtfTarget::body},
    Destination{"formfield", RtfTarget::body},
    Destination{"ffdeftext", RtfTarget::body},
    Destination{"ffl", RtfTarget::body},
    Destination{"bkmkstart", RtfTarget::nowhere},
    Destination{"bkmkend", RtfTarget::nowhere},
    Destination{"header", RtfTarget::header},
    Destination{"headerl", RtfTarget::header},
    Destination{"headerr", RtfTarget::header},
    Destination{"headerf", RtfTarget::header},
    Destination{"footer", RtfTarget::footer},
    Destination{"footerl", RtfTarget::footer},
    Destination{"footerr", RtfTarget::footer},
    Destination{"footerf", RtfTarget::footer},
    Destination{"footnote", RtfTarget::notes},
    Destination{"annotation", RtfTarget::comments},
    Destination{"atnauthor", RtfTarget::comments},
    Destination{"atnid", RtfTarget::comments},
    Destination{"info", RtfTarget::properties},
    Destination{"userprops", RtfTarget::properties},
    Destination{"propname", RtfTarget::properties},
    Destination{"staticval", RtfTarget::properties},
    Destination{"hlinkbase", RtfTarget::properties},
    Destination{"company", RtfTarget::properties},
    Destination{"manager", RtfTarget::properties},
    Destination{"docvar", RtfTarget::properties},
    Destination{"docvars", RtfTarget::properties},
    Destination{"fonttbl", RtfTarget::fonts},
    Destination{"objdata", RtfTarget::object_data},
    Destination{"objclass", RtfTarget::nowhere},
    Destination{"objname", RtfTarget::nowhere},
    Destination{"colortbl", RtfTarget::nowhere},
    Destination{"stylesheet", RtfTarget::nowhere},
    Destination{"pict", RtfTarget::nowhere},
    Destination{"nonshppict", RtfTarget::nowhere},
    Destination{"listtable", RtfTarget::nowhere},
    Destination{"listoverridetable", RtfTarget::nowhere},
    Destination{"pntext", RtfTarget::body},
    Destination{"listtext", RtfTarget::body},
    Destination{"themedata", RtfTarget::nowhere},
    Destination{"colorschememapping", RtfTarget::nowhere},
    Destination{"latentstyles", RtfTarget::nowhere},
    Destination{"datastore", RtfTarget::nowhere},
    Destination{"rsidtbl", RtfTarget::nowhere},
    Destination{"filetbl", RtfTarget::properties},
    Destination{"revtbl", RtfTarget::properties},
    Destination{"xmlnstbl", RtfTarget::nowhere},
    Destination{"panose", RtfTarget::nowhere},
    Destination{"falt", RtfTarget::nowhere},
};

struct WordText {
  std::string_view word;
  std::string_view text;
};

constexpr std::array word_texts{
    WordText{"par", "\n"},
    WordText{"line", "\n"},
    WordText{"sect", "\n"},
    WordText{"page", "\n"},
    WordText{"column", "\n"},
    WordText{"row", "\n"},
    WordText{"nestrow", "\n"},
    WordText{"softline", "\n"},
    WordText{"tab", "\t"},
    WordText{"cell", "\t"},
    WordText{"nestcell", "\t"},
    WordText{"emdash", "\xE2\x80\x94"},
    WordText{"endash", "\xE2\x80\x93"},
    WordText{"lquote", "\xE2\x80\x98"},
    WordText{"rquote", "\xE2\x80\x99"},
    WordText{"ldblquote", "\xE2\x80\x9C"},
    WordText{"rdblquote", "\xE2\x80\x9D"},
    WordText{"bullet", "\xE2\x80\xA2"},
    WordText{"emspace", " "},
    WordText{"enspace", " "},
    WordText{"qmspace", " "},
};

struct Charset {
  int number;
  uint32_t codepage;
};

constexpr std::array charsets{
    Charset{0, 1252},   Charset{77, 10000}, Charset{128, 932},  Charset{129, 949},  Charset{130, 1361},
    Charset{134, 936},  Charset{136, 950},  Charset{161, 1253}, Charset{162, 1254}, Charset{163, 1258},
    Charset{177, 1255}, Charset{178, 1256}, Charset{186, 1257}, Charset{204, 1251}, Charset{222, 874},
    Charset{238, 1250}, Charset{254, 437},  Charset{255, 850},
};

}  // namespace

std::optional<RtfTarget> rtf_destination(std::string_view word) {
  const auto found = std::ranges::find(destinations, word, &Destination::word);
  return found == destinations.end() ? std::nullopt : std::optional(found->target);
}

std::string_view rtf_word_text(std::string_view word) {
  const auto found = std::ranges::find(word_texts, word, &WordText::word);
  return found == word_texts.end() ? std::string_view{} : found->text;
}

uint32_t rtf_charset_codepage(int charset) {
  const auto found = std::ranges::find(charsets, charset, &Charset::number);
  return found == charsets.end() ? 0 : found->codepage;
}

}  // namespace assay::extract
