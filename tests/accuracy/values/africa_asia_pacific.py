"""Identifiers of Africa, Asia, Australia and New Zealand."""
from values.kind import birth, digits, grouped, kind, letters, luhn_digit, number, pick, until, weighted


def abn(rng):
    def make(rng):
        text = number(rng, 11, 99) + digits(rng, 9)
        weights = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
        return text if (weighted(text, weights) - 10) % 89 == 0 else None
    text = until(rng, make)
    return pick(rng, (7, grouped(text, (2, 3, 3, 3))), (3, text))


def acn(rng):
    body = rng.choice("016") + digits(rng, 7)
    text = body + str(-weighted(body, range(8, 0, -1)) % 10)
    return pick(rng, (7, grouped(text, (3, 3, 3))), (3, text))


def tfn(rng):
    def make(rng):
        text = rng.choice("123456789") + digits(rng, 8)
        return text if weighted(text, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0 else None
    text = until(rng, make)
    return pick(rng, (6, grouped(text, (3, 3, 3))), (4, text))


def au_medicare(rng):
    body = rng.choice("23456") + digits(rng, 7)
    text = body + str(weighted(body, (1, 3, 7, 9, 1, 3, 7, 9)) % 10) + "1"
    return pick(rng, (7, grouped(text, (4, 5, 1))), (3, text))


def ird(rng):
    def make(rng):
        body = number(rng, 1000000, 14999999).zfill(8)
        for weights in ((3, 2, 7, 6, 5, 4, 3, 2), (7, 4, 3, 2, 5, 2, 7, 6)):
            check = -weighted(body, weights) % 11
            if check < 10:
                return f"{body}{check}"
        return None
    text = until(rng, make)
    return pick(rng, (7, grouped(text, (3, 3, 3), "-")), (3, text.lstrip("0")))


VERHOEFF_D = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
              [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1], [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
              [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
VERHOEFF_P = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]


def verhoeff(text):
    state = 0
    for i, c in enumerate(reversed(text)):
        d = int(c)
        for _ in range(i % 8):
            d = VERHOEFF_P[d]
        state = VERHOEFF_D[state][d]
    return state


def aadhaar(rng):
    body = rng.choice("23456789") + digits(rng, 10)
    text = next(body + c for c in "0123456789" if verhoeff(body + c) == 0)
    return pick(rng, (7, grouped(text, (4, 4, 4))), (2, text), (1, grouped(text, (4, 4, 4), "-")))


def pan(rng):
    return letters(rng, 3) + pick(rng, (8, "P"), (1, "C"), (1, "H")) + letters(rng, 1) + number(rng, 1, 9999, 4) + letters(rng, 1)


def gstin(rng):
    body = number(rng, 1, 37, 2) + pan(rng) + "1Z"
    total = 0
    for i, c in enumerate(body):
        product = int(c, 36) * (1 + i % 2)
        total += product // 36 + product % 36
    return body + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[-total % 36]


def in_plate(rng):
    state = rng.choice("MH DL KA TN GJ UP WB RJ KL HR PB TS AP MP".split())
    parts = (state, number(rng, 1, 14, 2), letters(rng, rng.choice((1, 2)), "ABCDEFGHJKLMNPQRSTUVWXYZ"), number(rng, 1, 9999, 4))
    return pick(rng, (4, "".join(parts)), (3, " ".join(parts)), (3, "-".join(parts)))


def kr_body(rng, centuries):
    born = birth(rng)
    code = centuries[0 if born.year < 2000 else 1] + rng.randint(0, 1)
    return f"{born:%y%m%d}{code}{digits(rng, 5)}"


def rrn(rng):
    body = kr_body(rng, (1, 3))
    return f"{body[:6]}-{body[6:]}{(11 - weighted(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10}"


def frn(rng):
    body = kr_body(rng, (5, 7))
    return f"{body[:6]}-{body[6:]}{(13 - weighted(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10}"


def brn(rng):
    body = number(rng, 101, 899) + rng.choice(["01", "05", "81", "82", "86", "87"]) + digits(rng, 4)
    check = -(weighted(body, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(body[8]) * 5 // 10) % 10
    return grouped(f"{body}{check}", (3, 2, 5), "-")


def kr_licence(rng):
    return f"{rng.choice(range(11, 27))}-{number(rng, 80, 99)}-{digits(rng, 6)}-{digits(rng, 2)}"


def nric(rng):
    first, body = rng.choice("STFG"), digits(rng, 7)
    total = weighted(body, (2, 7, 6, 5, 4, 3, 2)) + (4 if first in "TG" else 0)
    return first + body + ("JZIHGFEDCBA" if first in "ST" else "XWUTRQPNMLK")[total % 11]


def uen(rng):
    def company(rng):
        body = number(rng, 1965, 2023) + digits(rng, 5)
        return body + "ZKCMDNERGWH"[weighted(body, (10, 8, 6, 4, 9, 7, 5, 3, 1)) % 11]

    def business(rng):
        body = digits(rng, 8)
        return body + "XMKECAWLJDB"[weighted(body, (10, 4, 9, 3, 8, 2, 7, 1)) % 11]
    return pick(rng, (7, company(rng)), (3, business(rng)))


def tnin(rng):
    body = rng.choice("12345678") + digits(rng, 11)
    text = f"{body}{(11 - weighted(body, range(13, 1, -1)) % 11) % 10}"
    return pick(rng, (4, grouped(text, (1, 4, 5, 2, 1), "-")), (3, grouped(text, (1, 4, 5, 2, 1))), (3, text))


def kimlik(rng):
    body = rng.choice("123456789") + digits(rng, 8)
    tenth = (7 * sum(map(int, body[0::2])) - sum(map(int, body[1::2]))) % 10
    return f"{body}{tenth}{(sum(map(int, body)) + tenth) % 10}"


def plaka(rng):
    return f"{number(rng, 1, 81, 2)} {pick(rng, (1, letters(rng, 2, 'ABCDEFGHJKLMNPRSTUVYZ') + ' ' + number(rng, 100, 999)), (1, letters(rng, 3, 'ABCDEFGHJKLMNPRSTUVYZ') + ' ' + number(rng, 10, 999)))}"


def za_id(rng):
    body = birth(rng).strftime("%y%m%d") + digits(rng, 4) + pick(rng, (9, "0"), (1, "1")) + "8"
    text = body + luhn_digit(body)
    return pick(rng, (8, text), (2, grouped(text, (6, 4, 3))))


def cn_id(rng):
    area = rng.choice(["110101", "310104", "440106", "510104", "330102", "320102", "420106", "610113"])
    body = area + birth(rng).strftime("%Y%m%d") + number(rng, 1, 999, 3)
    return body + "10X98765432"[weighted(body, [2 ** (17 - i) % 11 for i in range(17)]) % 11]


def my_number(rng):
    body = digits(rng, 11)
    rest = weighted(body[::-1], (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)) % 11
    text = body + ("0" if rest < 2 else str(11 - rest))
    return pick(rng, (5, text), (5, grouped(text, (4, 4, 4))))


def teudat_zehut(rng):
    body = rng.choice("0235") + digits(rng, 7)
    return body + luhn_digit(body)


def nin(rng):
    return until(rng, lambda r: next((t for t in [number(r, 10000000000, 99999999999)] if len(set(t)) > 4), None))


KINDS = [
    kind("AU_ABN", abn, "ABN|A.B.N.|Australian Business Number", "abn|abn_number|supplier_abn", group="company"),
    kind("AU_ACN", acn, "ACN|A.C.N.|Australian Company Number", "acn|acn_number", alone=False, group="company"),
    kind("AU_TFN", tfn, "TFN|Tax File Number|Tax file no.", "tfn|tax_file_number", alone=False),
    kind("AU_MEDICARE", au_medicare, "Medicare card|Medicare number|Medicare No.|Medicare card no.", "medicare_number|medicare_card|medicare_no", group="health"),
    kind("NZ_IRD", ird, "IRD number|IRD no.|IRD", "ird|ird_number", alone=False),
    kind("IN_AADHAAR", aadhaar, "Aadhaar|Aadhaar No.|Aadhaar number|UIDAI number|Aadhar Card", "aadhaar|aadhaar_number|aadhaar_no"),
    kind("IN_PAN", pan, "PAN|PAN No.|PAN card|Permanent Account Number", "pan|pan_number|pan_card"),
    kind("IN_GSTIN", gstin, "GSTIN|GST No.|GST number|GSTIN/UIN", "gstin|gst_number|gst_no", group="company"),
    kind("IN_PASSPORT", lambda r: letters(r, 1, "ABCDEFGHJKLMNPRSTUVWYZ".replace("Z", "")) + number(r, 1000000, 9999999)[:6] + r.choice("123456789"), "Indian passport|Passport No. (India)|Indian Passport Number", "indian_passport|passport_number_in", alone=False),
    kind("IN_VOTER", lambda r: letters(r, 3) + digits(r, 7), "Voter ID|EPIC No.|Voter ID card|EPIC number", "voter_id|epic_no|voter_card", alone=False),
    kind("IN_VEHICLE_REGISTRATION", in_plate, "Vehicle No.|Vehicle registration|Regn. No.|Vehicle number", "vehicle_no|vehicle_number|regn_no", group="vehicle"),
    kind("KR_RRN", rrn, "주민등록번호|주민번호|Resident Registration Number|RRN", "rrn|jumin_no|resident_registration_number", "ko"),
    kind("KR_FRN", frn, "외국인등록번호|Alien Registration Number|ARC No.", "frn|foreigner_registration_number|arc_no", "ko"),
    kind("KR_BRN", brn, "사업자등록번호|사업자번호|Business Registration No.", "brn|business_registration_number|biz_no", "ko", group="company"),
    kind("KR_DRIVER_LICENSE", kr_licence, "운전면허번호|면허번호|운전면허", "driver_license_kr|license_no_kr|driver_license_number", "ko"),
    kind("KR_PASSPORT", lambda r: pick(r, (1, f"M{digits(r, 3)}{letters(r, 1)}{digits(r, 4)}"), (1, "M" + digits(r, 8))), "여권번호|여권|Korean passport", "korean_passport|passport_number_kr", "ko", False),
    kind("NG_NIN", nin, "NIN|National Identification Number|NIMC NIN", "nin|nin_number", alone=False),
    kind("NG_VEHICLE_REGISTRATION", lambda r: f"{r.choice(['LSR', 'KJA', 'ABJ', 'EKY', 'PHC', 'IKJ', 'AGL'])}-{number(r, 1, 999, 3)}{letters(r, 2)}", "Plate number|Vehicle plate|Plate No.", "plate_number|plate_no", group="vehicle"),
    kind("PH_TIN", lambda r: grouped(number(r, 100, 999) + digits(r, 6) + pick(r, (5, "000"), (2, ""), (2, "00000")), (3, 3, 3, 5), "-").rstrip("-"), "TIN|TIN No.|Taxpayer Identification No.|BIR TIN", "tin|tin_no|tin_number", alone=False),
    kind("SG_NRIC_FIN", nric, "NRIC|NRIC No.|FIN|NRIC/FIN", "nric|nric_no|nric_fin"),
    kind("SG_UEN", uen, "UEN|UEN No.|Unique Entity Number|Co. Reg. No.", "uen|uen_no", group="company"),
    kind("TH_TNIN", tnin, "เลขประจำตัวประชาชน|Thai ID|บัตรประชาชน|Thai national ID", "thai_id|citizen_id|thai_national_id", "th"),
    kind("TR_NATIONAL_ID", kimlik, "T.C. Kimlik No|TC Kimlik No|TCKN|Kimlik numarası", "tckn|tc_kimlik_no|kimlik_no", "tr"),
    kind("TR_LICENSE_PLATE", plaka, "Plaka|Plaka no|Araç plakası", "plaka|plaka_no|arac_plakasi", "tr", False, "vehicle"),
    kind("ZA_ID_NUMBER", za_id, "ID number|SA ID|RSA ID No.|Identity number|South African ID", "sa_id|id_number|identity_number"),
    kind("CN_RESIDENT_ID", cn_id, "身份证号|身份证号码|公民身份号码|Resident ID", "id_card_no|shenfenzheng|resident_id", "zh"),
    kind("JP_MY_NUMBER", my_number, "マイナンバー|個人番号|My Number", "my_number|mynumber|kojin_bango", "ja", False),
    kind("IL_ID_NUMBER", teudat_zehut, "תעודת זהות|ת.ז.|מספר זהות|Teudat Zehut", "teudat_zehut|israeli_id|tz", "he", False),
]
