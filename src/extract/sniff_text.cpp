#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "extract/delimiters.h"
#include "extract/sniff_binary.h"
#include "extract/sniff_json.h"
#include "extract/sniff_mail.h"
#include "extract/unicode_form.h"

namespace assay::extract {
namespace {

std::string lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return low;
}

struct ByteCounts {
  size_t controls = 0;  ///< C0 controls that text does not hold, and DEL
  size_t zeros = 0;
  size_t invalid_utf8 = 0;
  size_t multibyte = 0;  ///< valid UTF-8 sequences of two and more bytes
};

size_t utf8_sequence_bytes(std::string_view text, size_t at) {
  const auto first = static_cast<uint8_t>(text[at]);
  const size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  for (size_t i = 1; i < length; ++i)
    if (at + i >= text.size() || (static_cast<uint8_t>(text[at + i]) & 0xC0) != 0x80) return 0;
  return length;
}

ByteCounts count_bytes(std::string_view head, bool whole) {
  ByteCounts counts;
  for (size_t at = 0; at < head.size();) {
    const auto c = static_cast<uint8_t>(head[at]);
    if (c < 0x80) {
      const bool fits_text = c >= 0x20 || (c >= 7 && c <= 13) || c == 0x1B || c == 0x1A;
      counts.controls += !fits_text || c == 0x7F;
      counts.zeros += c == 0;
      ++at;
    } else if (const size_t length = utf8_sequence_bytes(head, at); length > 0) {
      ++counts.multibyte;
      at += length;
    } else {
      counts.invalid_utf8 += whole || at + 4 < head.size();
      ++at;
    }
  }
  return counts;
}

bool looks_like_text(std::string_view head, bool whole) {
  const ByteCounts counts = count_bytes(head, whole);
  // A crash may leave a hole of zeros in a log; a binary has far more control bytes than this.
  if (counts.invalid_utf8 == 0) return counts.controls * 32 <= head.size();
  if (counts.multibyte > counts.invalid_utf8 * 4) return counts.controls * 128 <= head.size();
  // Legacy 8-bit encodings: random bytes would hold a control byte in ten.
  return counts.zeros == 0 && counts.controls * 256 <= head.size() &&
         (head.size() >= 32 || counts.invalid_utf8 * 2 <= head.size());
}

// What a crash, or a log that was cut while it was written to, leaves of a text: runs of zeros, and nothing between
// them that is no text. Single zeros may end lines or words.
bool is_text_with_holes(std::string_view head, bool whole) {
  constexpr size_t least_run_bytes = 8, least_text_bytes = 16;
  std::string rest;
  size_t single = 0;
  for (size_t at = 0; at < head.size();) {
    const size_t zero = std::min(head.find('\0', at), head.size());
    rest += head.substr(at, zero - at);
    at = std::min(head.find_first_not_of('\0', zero), head.size());
    if (at - zero < least_run_bytes) single += at - zero;
  }
  if (rest.size() < least_text_bytes || rest.size() == head.size() || single * 4 > rest.size()) return false;
  const ByteCounts counts = count_bytes(rest, whole);
  return counts.controls * 256 <= rest.size() &&
         (counts.multibyte >= counts.invalid_utf8 * 4 || counts.invalid_utf8 * 8 <= rest.size());
}

bool is_html_name(std::string_view name) {
  constexpr std::array<std::string_view, 37> names{
      "html", "head", "body", "title", "meta", "link", "base", "script", "style", "table",  "tr",     "td", "th",
      "div",  "span", "p",    "br",    "hr",   "a",    "b",    "i",      "u",     "em",     "strong", "ul", "ol",
      "li",   "h1",   "h2",   "h3",    "h4",   "img",  "form", "input",  "font",  "center", "iframe"};
  return std::ranges::find(names, name) != names.end();
}

/// `text` starts with '<'; low is a lower-case head of it.
Format sniff_markup(std::string_view low, std::string_view extension) {
  const bool xml_declared = low.starts_with("<?xml");
  const auto first_kib = low.substr(0, 2048);
  const bool html_root =
      first_kib.find("<!doctype html") != std::string_view::npos || first_kib.find("<html") != std::string_view::npos;
  if (html_root) return Format::html;
  if (xml_declared) return Format::xml;
  size_t at = 0;
  while (at < low.size() && low.substr(at).starts_with("<!--")) {
    const size_t end = low.find("-->", at);
    if (end == std::string_view::npos) return extension == "xml" ? Format::xml : Format::html;
    at = low.find('<', end);
  }
  if (at >= low.size()) return Format::text;
  if (low.substr(at).starts_with("<!doctype") || low.substr(at).starts_with("<?php")) {
    return low[at + 1] == '?' ? Format::source : Format::xml;
  }
  const size_t name_end = std::min(low.find_first_of(" \t\r\n/>", at + 1), low.size());
  const auto name = low.substr(at + 1, name_end - at - 1);
  if (is_html_name(name)) return Format::html;
  const bool name_like = !name.empty() && name.size() < 64 && ((name[0] >= 'a' && name[0] <= 'z') || name[0] == '_') &&
                         name.find_first_of("<&;,()@") == std::string_view::npos;
  const bool closes = low.find("</", name_end) != std::string_view::npos || low.find("/>") != std::string_view::npos;
  return name_like && closes ? Format::xml : Format::unknown;
}

struct NamedFormat {
  std::string_view extension;
  Format format;
};

constexpr std::array named_formats{
    NamedFormat{"yaml", Format::yaml},     NamedFormat{"yml", Format::yaml},
    NamedFormat{"ini", Format::ini},       NamedFormat{"cfg", Format::ini},
    NamedFormat{"conf", Format::ini},      NamedFormat{"properties", Format::ini},
    NamedFormat{"env", Format::ini},       NamedFormat{"toml", Format::ini},
    NamedFormat{"reg", Format::ini},       NamedFormat{"log", Format::log},
    NamedFormat{"c", Format::source},      NamedFormat{"h", Format::source},
    NamedFormat{"cc", Format::source},     NamedFormat{"cpp", Format::source},
    NamedFormat{"hpp", Format::source},    NamedFormat{"cs", Format::source},
    NamedFormat{"java", Format::source},   NamedFormat{"kt", Format::source},
    NamedFormat{"py", Format::source},     NamedFormat{"js", Format::source},
    NamedFormat{"ts", Format::source},     NamedFormat{"jsx", Format::source},
    NamedFormat{"tsx", Format::source},    NamedFormat{"go", Format::source},
    NamedFormat{"rs", Format::source},     NamedFormat{"rb", Format::source},
    NamedFormat{"php", Format::source},    NamedFormat{"pl", Format::source},
    NamedFormat{"sh", Format::source},     NamedFormat{"ps1", Format::source},
    NamedFormat{"bat", Format::source},    NamedFormat{"sql", Format::sql},
    NamedFormat{"swift", Format::source},  NamedFormat{"scala", Format::source},
    NamedFormat{"lua", Format::source},    NamedFormat{"r", Format::source},
    NamedFormat{"tf", Format::source},     NamedFormat{"css", Format::source},
    NamedFormat{"cxx", Format::source},    NamedFormat{"hh", Format::source},
    NamedFormat{"hxx", Format::source},    NamedFormat{"m", Format::source},
    NamedFormat{"mm", Format::source},     NamedFormat{"pyi", Format::source},
    NamedFormat{"mjs", Format::source},    NamedFormat{"cjs", Format::source},
    NamedFormat{"mts", Format::source},    NamedFormat{"cts", Format::source},
    NamedFormat{"vue", Format::source},    NamedFormat{"svelte", Format::source},
    NamedFormat{"kts", Format::source},    NamedFormat{"gradle", Format::source},
    NamedFormat{"groovy", Format::source}, NamedFormat{"sbt", Format::source},
    NamedFormat{"dart", Format::source},   NamedFormat{"ex", Format::source},
    NamedFormat{"exs", Format::source},    NamedFormat{"erl", Format::source},
    NamedFormat{"hs", Format::source},     NamedFormat{"clj", Format::source},
    NamedFormat{"jl", Format::source},     NamedFormat{"zig", Format::source},
    NamedFormat{"fs", Format::source},     NamedFormat{"vb", Format::source},
    NamedFormat{"vbs", Format::source},    NamedFormat{"bash", Format::source},
    NamedFormat{"zsh", Format::source},    NamedFormat{"cmd", Format::source},
    NamedFormat{"psm1", Format::source},   NamedFormat{"psd1", Format::source},
    NamedFormat{"tfvars", Format::source}, NamedFormat{"hcl", Format::source},
    NamedFormat{"proto", Format::source},
};

Format format_by_extension(std::string_view extension) {
  const auto found = std::ranges::find(named_formats, extension, &NamedFormat::extension);
  return found == named_formats.end() ? Format::text : found->format;
}

Format sniff_json_family(std::string_view text) {
  const JsonLook look = look_at_json(text);
  if (!look.is_json) return Format::unknown;
  if (look.values > 1) return Format::jsonl;
  return look.values == 1 && look.cut ? Format::jsonl : Format::json;
}

// A line that begins to insert rows: what a dump holds, whatever it is called.
bool inserts_rows(std::string_view text) {
  const std::string low = lower(text);
  for (size_t at = 0; at < low.size();) {
    const size_t end = std::min(low.find('\n', at), low.size());
    const std::string_view line = std::string_view(low).substr(at, end - at);
    const std::string_view statement = std::string_view(low).substr(at, 4096);
    if (line.starts_with("copy ") && line.find(" from stdin") != std::string_view::npos) return true;
    if (line.starts_with("insert into ") && statement.find("values") != std::string_view::npos) return true;
    at = end + 1;
  }
  return false;
}

// By how they must begin.
Format sniff_folded(std::string_view text) {
  const std::string low = lower(text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()), 16));
  if (low.starts_with("begin:vcalendar")) return Format::icalendar;
  return low.starts_with("begin:vcard") ? Format::vcard : Format::unknown;
}

Format sniff_structure(std::string_view text, bool whole, std::string_view extension) {
  if (const Format folded = sniff_folded(text); folded != Format::unknown) return folded;
  const size_t newline = text.find('\n');
  std::string_view first_line = text.substr(0, newline);
  if (first_line.ends_with('\r')) first_line.remove_suffix(1);
  const auto rest = newline == std::string_view::npos ? std::string_view{} : text.substr(newline + 1);
  if (is_mbox_separator(first_line) && starts_with_mail_headers(rest, true)) return Format::mbox;
  const bool mail_name = extension == "eml" || extension == "mht" || extension == "mhtml" || extension == "emlx";
  if (starts_with_mail_headers(text, mail_name)) return Format::eml;

  const size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return Format::text;
  const auto body = text.substr(start);
  if (body.front() == '<') {
    const Format format = sniff_markup(lower(body.substr(0, 16 << 10)), extension);
    if (format != Format::unknown) return format;
  }
  if (body.front() == '{' || body.front() == '[') {
    const Format format = sniff_json_family(body);
    if (format != Format::unknown) return format;
  }

  const bool table_name = extension == "csv" || extension == "tsv" || extension == "tab" || extension == "psv";
  const Format by_name = format_by_extension(extension);
  if (by_name == Format::sql || (by_name == Format::text && !table_name && inserts_rows(text))) return Format::sql;
  if (const auto shape = guess_table_shape(text, whole, table_name)) {
    const bool trusted = by_name == Format::text || (shape->columns >= 4 && shape->rows >= 5);
    if (trusted) return shape->delimiter == '\t' ? Format::tsv : Format::csv;
  }
  // A table of one column has no delimiter to find; its name decides.
  if (table_name) return extension == "csv" || extension == "psv" ? Format::csv : Format::tsv;
  return by_name;
}

std::string extension_of(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return {};
  return lower(name.substr(dot + 1));
}

// Of a text whose structure zeros tear apart.
Format flat_format(std::string_view extension) {
  const Format by_name = format_by_extension(extension);
  return by_name == Format::sql ? Format::text : by_name;
}

}  // namespace

Format sniff_text(std::string_view head, bool whole, std::string_view name) {
  const std::string extension = extension_of(name);
  const UnicodeGuess guess = guess_unicode(head);
  if (guess.form == UnicodeForm::utf8) return sniff_structure(head.substr(guess.bom_bytes), whole, extension);
  if (guess.form != UnicodeForm::none) {
    const std::string narrow = narrow_to_ascii(head.substr(guess.bom_bytes), guess.form);
    return looks_like_text(narrow, whole) ? sniff_structure(narrow, whole, extension) : Format::unknown;
  }
  if (looks_like_text(head, whole)) return sniff_structure(head, whole, extension);
  return is_text_with_holes(head, whole) ? flat_format(extension) : Format::unknown;
}

Format sniff_behind_zeros(std::string_view head, bool whole, std::string_view name) {
  if (guess_unicode(head).form != UnicodeForm::none) return Format::unknown;
  const bool is_text = looks_like_text(head, whole) || is_text_with_holes(head, whole);
  return is_text ? flat_format(extension_of(name)) : Format::unknown;
}

}  // namespace assay::extract
