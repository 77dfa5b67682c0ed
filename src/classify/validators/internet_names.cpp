#include "classify/validators/internet_names.h"

#include <algorithm>
#include <array>

#include "classify/validators/iso_countries.h"

namespace assay::classify {
namespace {

constexpr auto generic_domains = std::to_array<std::string_view>({
    "academy",     "accountant", "ads",      "aero",       "africa",        "agency",      "ai",        "app",
    "apple",       "art",        "arpa",     "asia",       "associates",    "audio",       "auto",      "bank",
    "bar",         "berlin",     "best",     "bet",        "bid",           "bio",         "biz",       "blog",
    "boutique",    "build",      "builders", "business",   "buzz",          "cafe",        "capital",   "care",
    "careers",     "cash",       "cat",      "center",     "chat",          "church",      "city",      "click",
    "clinic",      "cloud",      "club",     "coach",      "codes",         "coffee",      "college",   "com",
    "community",   "company",    "computer", "consulting", "cool",          "coop",        "credit",    "cruises",
    "dental",      "design",     "dev",      "digital",    "direct",        "directory",   "doctor",    "earth",
    "edu",         "education",  "email",    "energy",     "engineer",      "engineering", "estate",    "events",
    "example",     "exchange",   "expert",   "family",     "farm",          "finance",     "financial", "fit",
    "fitness",     "foundation", "fun",      "fund",       "fyi",           "gallery",     "games",     "global",
    "gmbh",        "google",     "gov",      "group",      "guru",          "hamburg",     "health",    "healthcare",
    "help",        "holdings",   "host",     "hosting",    "house",         "icu",         "inc",       "info",
    "ink",         "institute",  "insure",   "int",        "international", "io",          "jobs",      "koeln",
    "kitchen",     "land",       "law",      "legal",      "life",          "link",        "live",      "llc",
    "loan",        "lol",        "london",   "ltd",        "management",    "market",      "marketing", "media",
    "mil",         "mobi",       "money",    "museum",     "name",          "net",         "network",   "news",
    "ngo",         "nyc",        "one",      "online",     "org",           "paris",       "partners",  "party",
    "photography", "plus",       "post",     "press",      "pro",           "services",
});
constexpr auto more_generic_domains = std::to_array<std::string_view>({
    "pub",      "quest",   "report", "restaurant", "review",   "rocks",     "run",        "school", "science",
    "security", "shop",    "site",   "social",     "software", "solutions", "space",      "store",  "studio",
    "supply",   "support", "swiss",  "systems",    "team",     "tech",      "technology", "tel",    "today",
    "tools",    "top",     "tours",  "trade",      "training", "travel",    "university", "vip",    "website",
    "wiki",     "work",    "works",  "world",      "xyz",      "zone",
});
constexpr auto file_extensions = std::to_array<std::string_view>({
    "avi", "bak", "bat",  "bmp", "class", "conf", "cpp",  "css", "csv",  "dll",  "doc", "docx", "exe", "gif",
    "gz",  "htm", "html", "ico", "ini",   "jar",  "jpeg", "jpg", "json", "log",  "map", "mp3",  "pdf", "php",
    "png", "ppt", "pptx", "sql", "svg",   "tar",  "tmp",  "ttf", "txt",  "webp", "xml", "yaml",
});

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool is_country_domain(std::string_view folded) {
  constexpr std::array<std::string_view, 5> unassigned = {"ac", "eu", "su", "tp", "uk"};
  const auto upper = [](char c) { return static_cast<char>(c - 'a' + 'A'); };
  return is_iso_country(upper(folded[0]), upper(folded[1])) ||
         std::ranges::find(unassigned, folded) != unassigned.end();
}

constexpr auto is_label_byte = [] {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = true;
  for (unsigned c = 0x80; c < table.size(); ++c) table[c] = true;
  table['-'] = table['_'] = true;
  return table;
}();

}  // namespace

TopLevelDomain top_level_domain(std::string_view label) noexcept {
  if (label.size() < 2 || label.size() > 63) return TopLevelDomain::impossible;
  std::array<char, 63> folded_bytes{};
  bool beyond_ascii = false;
  for (size_t i = 0; i < label.size(); ++i) {
    const char c = label[i];
    beyond_ascii |= is_beyond_ascii(c);
    folded_bytes[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view folded(folded_bytes.data(), label.size());
  if (beyond_ascii || folded.starts_with("xn--")) return TopLevelDomain::unlisted;
  if (!std::ranges::all_of(folded, is_ascii_letter)) return TopLevelDomain::impossible;
  const auto listed = [&](const auto& list) { return std::ranges::find(list, folded) != list.end(); };
  // Nearly all addresses end in one of these; the long lists need not be read for them.
  if (folded == "com" || folded == "org" || folded == "net") return TopLevelDomain::known;
  if (folded.size() == 2) return is_country_domain(folded) ? TopLevelDomain::known : TopLevelDomain::impossible;
  if (listed(generic_domains) || listed(more_generic_domains)) return TopLevelDomain::known;
  return listed(file_extensions) ? TopLevelDomain::impossible : TopLevelDomain::unlisted;
}

bool is_host_name(std::string_view host) noexcept {
  if (host.empty() || host.size() > 253) return false;
  size_t labels = 0, begin = 0;
  for (size_t i = 0; i <= host.size(); ++i) {
    if (i < host.size() && host[i] != '.') {
      if (!is_label_byte[static_cast<unsigned char>(host[i])]) return false;
      continue;
    }
    if (i == begin || i - begin > 63 || host[begin] == '-' || host[i - 1] == '-') return false;
    ++labels;
    begin = i + 1;
  }
  return labels >= 2;
}

bool is_ipv4(std::string_view text) noexcept {
  int octets = 0;
  for (size_t i = 0;; ++i) {
    const size_t begin = i;
    int value = 0;
    for (; i < text.size() && is_digit(text[i]) && i - begin < 3; ++i) value = value * 10 + (text[i] - '0');
    if (i == begin || (i - begin > 1 && text[begin] == '0') || value > 255) return false;
    ++octets;
    if (i == text.size()) return octets == 4;
    if (text[i] != '.') return false;
  }
}

bool is_ipv6(std::string_view text) noexcept {
  text = text.substr(0, text.find('%'));
  int groups = 0;
  bool shortened = false;
  size_t i = 0;
  if (text.starts_with("::")) {
    shortened = true;
    i = 2;
  }
  while (i < text.size()) {
    const size_t end = std::min(text.find(':', i), text.size());
    const auto part = text.substr(i, end - i);
    if (end == text.size() && part.contains('.')) {
      groups += 2;
      if (!is_ipv4(part)) return false;
      break;
    }
    if (part.empty() || part.size() > 4 || !std::ranges::all_of(part, [](char c) { return hex_value(c) >= 0; }))
      return false;
    ++groups;
    i = end;
    if (i == text.size()) break;
    if (++i == text.size()) return false;
    if (text[i] == ':') {
      if (shortened) return false;
      shortened = true;
      ++i;
    }
  }
  return shortened ? groups <= 7 : groups == 8;
}

}  // namespace assay::classify
