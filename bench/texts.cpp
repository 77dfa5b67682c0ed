#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <vector>

#include "bench.h"

namespace assay::bench {
namespace {

std::string repeated(const std::string& piece, size_t bytes) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() < bytes) text += piece;
  text.resize(bytes);
  return text;
}

std::string with_luhn(std::string digits) {
  int sum = 0;
  bool twice = true;
  for (size_t i = digits.size(); i-- > 0;) {
    int d = digits[i] - '0';
    if (twice) d = d > 4 ? 2 * d - 9 : 2 * d;
    sum += d;
    twice = !twice;
  }
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string german_iban(uint64_t account) {
  const std::string bban = fmt::format("37040044{:010}", account % 10'000'000'000ULL);
  uint64_t rest = 0;
  for (char c : bban + "131400") rest = (rest * 10 + static_cast<uint64_t>(c - '0')) % 97;
  return fmt::format("DE{:02}{}", 98 - rest, bban);
}

}  // namespace

std::string ordinary_text(size_t bytes) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/share/common-licenses"))
    if (entry.is_regular_file() && !entry.is_symlink()) paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::string all;
  for (const auto& path : paths) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    all += text.str();
  }
  return repeated(all, bytes);
}

std::string source_code(size_t bytes) {
  std::mt19937 random(7);
  static constexpr const char* words[] = {"buffer", "index", "result", "handle", "parse", "node",
                                          "value",  "count", "offset", "cursor", "state", "label"};
  auto word = [&] { return words[random() % std::size(words)]; };
  std::string piece;
  while (piece.size() < 1'000'000)
    piece += fmt::format(
        "// Moves the {} past the {} of the {}.\nint {}_{}(const char* {}, size_t {}) {{\n  for (size_t i = 0; i < {}; "
        "++i) {{\n"
        "    if ({}[i] == '\\n') return {}_{}({}, i + {});\n  }}\n  return -{};\n}}\n\n",
        word(), word(), word(), word(), word(), word(), word(), word(), word(), word(), word(), word(), random() % 8,
        random() % 100);
  return repeated(piece, bytes);
}

std::string log_lines(size_t bytes) {
  std::mt19937 random(11);
  std::string piece;
  for (int i = 0; piece.size() < 1'000'000; ++i)
    piece += fmt::format(
        "2026-03-{:02}T{:02}:{:02}:{:02}.{:03}Z INFO worker-{} request id={:08x} path=/api/v2/items/{} status={} "
        "took={}ms bytes={}\n",
        1 + i % 28, i / 3600 % 24, i / 60 % 60, i % 60, random() % 1000, random() % 16, random(), random() % 90000,
        200 + random() % 5, random() % 900, random() % 100000);
  return repeated(piece, bytes);
}

std::string sensitive_csv(size_t bytes) {
  std::mt19937_64 random(13);
  std::string text = "email,ssn,card,iban,phone,ip,date_of_birth\n";
  while (text.size() < bytes) {
    const uint64_t n = random();
    text += fmt::format("anna.{}@example.org,{:03}-{:02}-{:04},{},{},+49 30 {:08},10.{}.{}.{},19{:02}-{:02}-{:02}\n",
                        n % 100000, 100 + n % 500, 1 + n / 7 % 98, 1 + n / 11 % 9998,
                        with_luhn(fmt::format("453{:012}", n / 13 % 1'000'000'000'000ULL)), german_iban(n / 17),
                        10000000 + n / 19 % 89999999, n / 23 % 256, n / 29 % 256, 1 + n / 31 % 254, 40 + n / 37 % 60,
                        1 + n / 41 % 12, 1 + n / 43 % 28);
  }
  return text;
}

MixedRow mixed_row(uint64_t n, uint64_t every) {
  static constexpr const char* given[] = {"Anna", "Jonas", "Maria", "Peter", "Ines", "Lukas", "Sofia", "Tom"};
  static constexpr const char* family[] = {"Meyer", "Schulz", "Nowak", "Keller", "Rossi", "Dupont", "Lind", "Baker"};
  static constexpr const char* streets[] = {"Lindenstrasse", "Hauptstrasse", "Mill Lane", "Rue Haute", "Via Roma"};
  static constexpr const char* cities[] = {"Berlin", "Leeds", "Lyon", "Graz", "Turin", "Porto", "Ghent"};
  static constexpr const char* goods[] = {"garden/tools", "kitchen/knives", "office/paper", "sports/outdoor"};
  static const std::string prose = [] {
    std::string text = ordinary_text(1 << 20);
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\t' || c == '\\'; }, ' ');
    return text;
  }();
  std::mt19937_64 random(n);
  const auto one_of = [&](const auto& list) { return list[random() % std::size(list)]; };
  const char *first = one_of(given), *last = one_of(family);
  const uint64_t id = random();
  const bool has_all = n % every == 0;
  MixedRow row = {fmt::format("ORD-2026-{:08}", n),
                  fmt::format("{} {}", first, last),
                  {},
                  {},
                  one_of(cities),
                  {},
                  {},
                  fmt::format("{}.{:02}", id % 2000, id % 100),
                  fmt::format("{}-{}", one_of(goods), id % 5000),
                  prose.substr(id % (prose.size() - 200), 40 + id % 80)};
  if (!has_all) return row;
  row[2] = n % 2 == 0 ? fmt::format("{}.{}{}@example.org", first, last, id % 1000)
                      : fmt::format("+49 30 {:08}", 10'000'000 + id % 89'999'999);
  row[3] = fmt::format("{} {}", one_of(streets), 1 + id % 200);
  row[5] = n % 3 == 0 ? german_iban(id) : with_luhn(fmt::format("453{:012}", id % 1'000'000'000'000ULL));
  row[6] = fmt::format("2026-{:02}-{:02} {:02}:{:02}", 1 + id % 12, 1 + id % 28, id % 24, id % 60);
  return row;
}

}  // namespace assay::bench
