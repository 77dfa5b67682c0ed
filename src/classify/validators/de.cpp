#include "classify/validators/countries.h"
#include "classify/validators/de_checks.h"

namespace assay::classify {
namespace {

constexpr Validator table[] = {
    {"de_bsnr", "KBV: Richtlinie nach § 75 Abs. 7 SGB V (Arzt- und Betriebsstaettennummern)", de_bsnr, false},
    {"de_fuehrerschein", "FeV Anlage 8: Fuehrerscheinnummer", de_fuehrerschein},
    {"de_health_insurance", "GKV-Spitzenverband: Krankenversichertennummer, § 290 SGB V", de_health_insurance},
    {"de_id_card", "PAuswV; ICAO Doc 9303 part 3, 4.9", de_id_card},
    {"de_kfz", "FZV Anlage 1: Unterscheidungszeichen", de_kfz},
    {"de_lanr", "KBV: Richtlinie nach § 75 Abs. 7 SGB V (Arzt- und Betriebsstaettennummern)", de_lanr},
    {"de_passport", "PassV; ICAO Doc 9303 part 3, 4.9", de_passport},
    {"de_plz", "Deutsche Post: Leitregionen", de_plz, false},
    {"de_social_security", "VKVV § 2 and § 4: Versicherungsnummer", de_social_security},
    {"de_tax_id", "BZSt: Identifikationsnummer, § 139b AO; ISO/IEC 7064 MOD 11,10", de_tax_id},
    {"de_tax_number", "ELSTER: Pruefung der Steuer- und Steueridentifikationsnummer", de_tax_number},
    {"de_vat_id", "BZSt: Umsatzsteuer-Identifikationsnummer; ISO/IEC 7064 MOD 11,10", de_vat_id},
};

}  // namespace

std::span<const Validator> validators_de() { return table; }

}  // namespace assay::classify
