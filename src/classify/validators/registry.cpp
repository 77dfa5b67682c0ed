#include <algorithm>
#include <vector>

#include "classify/validators/countries.h"

namespace assay::classify {

std::span<const Validator> all_validators() {
  static const std::vector<Validator> all = [] {
    std::vector<Validator> list;
    for (auto table : {validators_global(), validators_us(), validators_uk(),     validators_au(), validators_ca(),
                       validators_fi(),     validators_de(), validators_es(),     validators_in(), validators_it(),
                       validators_kr(),     validators_ng(), validators_ph(),     validators_pl(), validators_se(),
                       validators_sg(),     validators_th(), validators_tr(),     validators_za(), validators_fr(),
                       validators_br(),     validators_nl(), validators_be(),     validators_ch(), validators_pt(),
                       validators_ie(),     validators_cn(), validators_jp(),     validators_mx(), validators_ar(),
                       validators_cl(),     validators_hu(), validators_cz(),     validators_ro(), validators_bg(),
                       validators_gr(),     validators_dk(), validators_no(),     validators_at(), validators_hr(),
                       validators_ee(),     validators_lv(), validators_nz(),     validators_il(), validators_co(),
                       validators_pe(),     validators_ua(), validators_secrets()})
      list.insert(list.end(), table.begin(), table.end());
    std::ranges::sort(list, {}, &Validator::name);
    return list;
  }();
  return all;
}

const Validator* find_validator(std::string_view name) noexcept {
  const auto all = all_validators();
  const auto found = std::ranges::lower_bound(all, name, {}, &Validator::name);
  return found != all.end() && found->name == name ? &*found : nullptr;
}

}  // namespace assay::classify
