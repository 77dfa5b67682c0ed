#pragma once

#include <span>

#include "classify/validators/validator.h"

namespace assay::classify {

// One table a country, in the file of the country's code (ISO 3166-1; `uk` as the entities are named).
std::span<const Validator> validators_global();
std::span<const Validator> validators_us();
std::span<const Validator> validators_uk();
std::span<const Validator> validators_au();
std::span<const Validator> validators_ca();
std::span<const Validator> validators_fi();
std::span<const Validator> validators_de();
std::span<const Validator> validators_es();
std::span<const Validator> validators_in();
std::span<const Validator> validators_it();
std::span<const Validator> validators_kr();
std::span<const Validator> validators_ng();
std::span<const Validator> validators_ph();
std::span<const Validator> validators_pl();
std::span<const Validator> validators_se();
std::span<const Validator> validators_sg();
std::span<const Validator> validators_th();
std::span<const Validator> validators_tr();
std::span<const Validator> validators_za();
std::span<const Validator> validators_fr();
std::span<const Validator> validators_br();
std::span<const Validator> validators_nl();
std::span<const Validator> validators_be();
std::span<const Validator> validators_ch();
std::span<const Validator> validators_pt();
std::span<const Validator> validators_ie();
std::span<const Validator> validators_cn();
std::span<const Validator> validators_jp();
std::span<const Validator> validators_mx();
std::span<const Validator> validators_ar();
std::span<const Validator> validators_cl();
std::span<const Validator> validators_hu();
std::span<const Validator> validators_cz();  // and Slovakia
std::span<const Validator> validators_ro();
std::span<const Validator> validators_bg();
std::span<const Validator> validators_gr();
std::span<const Validator> validators_dk();
std::span<const Validator> validators_no();
std::span<const Validator> validators_at();
std::span<const Validator> validators_hr();
std::span<const Validator> validators_ee();  // and Lithuania
std::span<const Validator> validators_lv();
std::span<const Validator> validators_nz();
std::span<const Validator> validators_il();
std::span<const Validator> validators_co();
std::span<const Validator> validators_pe();
std::span<const Validator> validators_ua();
std::span<const Validator> validators_secrets();

}  // namespace assay::classify
