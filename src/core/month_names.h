#pragma once

#include <array>
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

/// 1 to 12, or 0. `word` in lower case, without a full stop.
constexpr int month_of(std::string_view word) noexcept {
  if (word.size() < 3) return 0;
  for (size_t month = 0; month < month_names.size(); ++month) {
    const auto names = month_names[month];
    for (size_t at = names.find(word); at != std::string_view::npos; at = names.find(word, at + 1))
      if (names[at - 1] == '|' && names[at + word.size()] == '|') return static_cast<int>(month) + 1;
  }
  return 0;
}

}  // namespace assay::core
