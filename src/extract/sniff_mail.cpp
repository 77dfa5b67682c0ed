#include "extract/sniff_mail.h"

#include <algorithm>
#include <array>
#include <string>

namespace assay::extract {
namespace {

constexpr std::array<std::string_view, 9> strong_names{"received",         "message-id",     "return-path",
                                                       "mime-version",     "delivered-to",   "x-mailer",
                                                       "x-originating-ip", "dkim-signature", "in-reply-to"};
constexpr std::array<std::string_view, 13> weak_names{
    "from",       "to",     "cc",        "bcc",          "subject",
    "date",       "sender", "reply-to",  "content-type", "content-transfer-encoding",
    "references", "status", "x-priority"};

bool is_header_name_char(char c) { return c > ' ' && c < 0x7F && c != ':'; }

/// The lower-case name of a header line, empty when it is none.
std::string header_name(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 76) return {};
  std::string name(line.substr(0, colon));
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.pop_back();
  if (!std::ranges::all_of(name, is_header_name_char)) return {};
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_time_of_day(std::string_view text) {
  for (size_t at = 1; at + 2 < text.size(); ++at)
    if (text[at] == ':' && is_digit(text[at - 1]) && is_digit(text[at + 1]) && is_digit(text[at + 2])) return true;
  return false;
}

bool has_year(std::string_view text) {
  for (size_t at = 0; at + 4 <= text.size(); ++at) {
    const bool starts = at == 0 || !is_digit(text[at - 1]);
    const bool ends = at + 4 == text.size() || !is_digit(text[at + 4]);
    if (starts && ends && std::ranges::all_of(text.substr(at, 4), is_digit) && (text[at] == '1' || text[at] == '2'))
      return true;
  }
  return false;
}

}  // namespace

bool is_mbox_separator(std::string_view line) {
  if (!line.starts_with("From ") || line.size() > 1024) return false;
  return has_time_of_day(line) && has_year(line);
}

bool starts_with_mail_headers(std::string_view head, bool hinted) {
  size_t strong = 0, weak = 0, headers = 0, broken = 0;
  bool after_header = false;
  while (!head.empty()) {
    const size_t end = head.find('\n');
    std::string_view line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    if ((line.front() == ' ' || line.front() == '\t') && after_header) continue;
    const std::string name = header_name(line);
    if (name.empty()) {
      if (headers == 0 && line.starts_with("From ")) continue;
      // A broken line among good headers does not unmake a mail.
      if (headers == 0 || ++broken > 2) return false;
      continue;
    }
    after_header = true;
    ++headers;
    strong += std::ranges::find(strong_names, name) != strong_names.end();
    weak += std::ranges::find(weak_names, name) != weak_names.end();
  }
  if (broken > 0 && (strong == 0 || strong + weak < 4)) return false;
  if (hinted) return strong + weak >= 1;
  if (strong + weak < 2 || (strong + weak) * 8 < headers) return false;
  return strong >= 1 || weak >= 3;
}

}  // namespace assay::extract
