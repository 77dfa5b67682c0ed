#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay::core {

/// Month names and their customary abbreviations in English, German, French, Spanish, Italian, Portuguese, Dutch,
/// Polish, Swedish, Danish, Norwegian, Finnish and Turkish, in lower case (ASCII letters folded), each between bars.
inline constexpr std::array<std::string_view, 12> month_names = {
    "|january|jan|januar|jänner|janvier|janv|enero|ene|gennaio|gen|janeiro|januari|stycznia|styczeń|sty|tammikuuta|"
    "tammikuu"
    "|tammi|ocak|",
    "|february|feb|februar|feber|février|fevrier|févr|fevr|fév|febrero|febbraio|fevereiro|fev|februari|lutego|luty|lut"
    "|helmikuuta|helmikuu|helmi|şubat|",
    "|march|mar|märz|maerz|mär|mrz|mars|marzo|março|marco|maart|mrt|marca|marzec|maaliskuuta|maaliskuu|maalis|mart|"
    "marts|",
    "|april|apr|avril|avr|abril|abr|aprile|kwietnia|kwiecień|kwi|huhtikuuta|huhtikuu|huhti|nisan|",
    "|may|mai|mayo|maggio|mag|maio|mei|maja|maj|toukokuuta|toukokuu|touko|mayıs|",
    "|june|jun|juni|juin|junio|giugno|giu|junho|czerwca|czerwiec|cze|kesäkuuta|kesäkuu|kesä|haziran|",
    "|july|jul|juli|juillet|juil|julio|luglio|lug|julho|lipca|lipiec|lip|heinäkuuta|heinäkuu|heinä|temmuz|",
    "|august|aug|août|aout|agosto|ago|augustus|sierpnia|sierpień|sie|augusti|elokuuta|elokuu|elo|ağustos|",
    "|september|sep|sept|septembre|septiembre|setiembre|settembre|set|setembro|września|wrzesień|wrz|syyskuuta|syyskuu"
    "|syys|eylül|",
    "|october|oct|oktober|okt|octobre|octubre|ottobre|ott|outubro|out|października|październik|paź|lokakuuta|lokakuu"
    "|loka|ekim|",
    "|november|nov|novembre|noviembre|novembro|listopada|listopad|lis|marraskuuta|marraskuu|marras|kasım|",
    "|december|dec|dezember|dez|décembre|decembre|déc|diciembre|dic|dicembre|dezembro|grudnia|grudzień|gru|desember|des"
    "|joulukuuta|joulukuu|joulu|aralık|",
};

template <typename Visit>
constexpr void for_each_month_name(std::string_view names, Visit&& visit) {
  for (size_t at = 1; at < names.size();) {
    const size_t bar = names.find('|', at);
    visit(names.substr(at, bar - at));
    at = bar + 1;
  }
}

inline constexpr size_t month_name_count = [] {
  size_t count = 0;
  for (const auto names : month_names) for_each_month_name(names, [&](std::string_view) { ++count; });
  return count;
}();

/// The names one by one, by their first byte, so that a word is compared with a few of them.
class MonthsByFirstByte {
 public:
  constexpr MonthsByFirstByte() {
    const auto for_each = [](auto&& visit) {
      for (size_t month = 0; month < month_names.size(); ++month)
        for_each_month_name(month_names[month], [&](std::string_view name) {
          visit(Name{.name = name, .month = static_cast<int>(month) + 1}, static_cast<uint8_t>(name.front()));
        });
    };
    for_each([&](const Name&, uint8_t byte) { ++begins_[byte + size_t{1}]; });
    for (size_t byte = 0; byte < 256; ++byte)
      begins_[byte + 1] = static_cast<uint16_t>(begins_[byte + 1] + begins_[byte]);
    auto next = begins_;
    for_each([&](const Name& name, uint8_t byte) { names_[next[byte]++] = name; });
  }

  constexpr int month_of(std::string_view word) const noexcept {
    if (word.empty()) return 0;
    const auto byte = static_cast<uint8_t>(word.front());
    for (size_t i = begins_[byte]; i < begins_[byte + size_t{1}]; ++i)
      if (names_[i].name == word) return names_[i].month;
    return 0;
  }

 private:
  struct Name {
    std::string_view name;
    int month = 0;
  };
  std::array<Name, month_name_count> names_;
  std::array<uint16_t, 257> begins_{};
};

/// 1 to 12, or 0. `word` in lower case, without a full stop.
constexpr int month_of(std::string_view word) noexcept {
  constexpr static MonthsByFirstByte months;
  return months.month_of(word);
}

}  // namespace assay::core
