"""Identifiers of western and southern Europe."""
from values.kind import birth, digits, grouped, iso7064_mod11_10, kind, letters, luhn_digit, number, pick, until, weighted


def nhs(rng):
    def make(rng):
        body = rng.choice("4679") + digits(rng, 8)
        check = -weighted(body, range(10, 1, -1)) % 11
        return None if check == 10 else body + str(check)
    text = until(rng, make)
    return pick(rng, (6, grouped(text, (3, 3, 4))), (1, grouped(text, (3, 3, 4), "-")), (3, text))


def nino(rng):
    prefix = until(rng, lambda r: next((p for p in [letters(r, 1, "ABCEGHJKLMNOPRSTWXYZ") + letters(r, 1, "ABCEGHJKLMNPRSTWXYZ")]
                                        if p not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")), None))
    text = prefix + digits(rng, 6) + rng.choice("ABCD")
    return pick(rng, (5, text), (5, grouped(text, (2, 2, 2, 2, 1))))


def uk_licence(rng):
    born, woman = birth(rng), rng.random() < 0.5
    surname = rng.choice(["SMITH", "JONES", "TAYLO", "BROWN", "EVANS", "WALSH", "FOX99", "LEE99", "PATEL", "MORGA"])
    year = f"{born.year % 100:02d}"
    return (surname + year[0] + f"{born.month + (50 if woman else 0):02d}{born.day:02d}" + year[1] + letters(rng, 1) +
            rng.choice("9ABCDEJMS") + "9" + letters(rng, 2))


POSTCODE_AREAS = "B BS CF E EC1A G L LS M NE NW SE SW SW1A W1A OX CB EH BT GU".split()


def postcode(rng):
    area = rng.choice(POSTCODE_AREAS)
    out = area if area[-1] == "A" else area + number(rng, 1, 19 if len(area) < 2 else 12)
    return f"{out} {rng.choice('123456789')}{letters(rng, 2, 'ABDEFGHJLNPQRSTUWXYZ')}"


def uk_plate(rng):
    age = rng.choice([*range(2, 25), *range(51, 75)])
    mark = letters(rng, 1, "ABCDEFGHKLMNOPRSVWY") + letters(rng, 1, "ABCDEFGHJKLMNOPRSTUVWXY") + f"{age:02d}"
    return mark + pick(rng, (3, " "), (1, "")) + letters(rng, 3, "ABCDEFGHJKLMNOPRSTUVWXYZ")


def pps(rng):
    body = digits(rng, 7)
    suffix = pick(rng, (1, ""), (1, rng.choice("AB")))
    total = weighted(body, range(8, 1, -1)) + (9 * (ord(suffix) - 64) if suffix else 0)
    return body + "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] + suffix


def nir(rng):
    born = birth(rng)
    place = pick(rng, (9, number(rng, 1, 95, 2)), (1, rng.choice(["2A", "2B"])))
    place = "21" if place == "20" else place
    body = rng.choice("12") + born.strftime("%y%m") + place + number(rng, 1, 599, 3) + number(rng, 1, 450, 3)
    key = 97 - int(body.replace("2A", "19").replace("2B", "18") if place in ("2A", "2B") else body) % 97
    return pick(rng, (5, grouped(body, (1, 2, 2, 2, 3, 3)) + f" {key:02d}"), (3, f"{body}{key:02d}"), (2, f"{body} {key:02d}"))


def siren(rng):
    body = rng.choice("345789") + digits(rng, 7)
    text = body + luhn_digit(body)
    return pick(rng, (6, grouped(text, (3, 3, 3))), (4, text))


def siret(rng):
    body = siren(rng).replace(" ", "") + "000" + number(rng, 1, 9) + number(rng, 0, 9)
    text = body[:13] + luhn_digit(body[:13])
    return pick(rng, (5, grouped(text, (3, 3, 3, 5))), (5, text))


NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def es_nif(rng):
    n = rng.randint(1000000, 79999999)
    letter = NIF_LETTERS[n % 23]
    return pick(rng, (6, f"{n:08d}{letter}"), (2, f"{n:08d}-{letter}"), (1, f"{n:,}".replace(",", ".") + f"-{letter}"))


def es_nie(rng):
    first, body = rng.choice("XYZ"), digits(rng, 7)
    letter = NIF_LETTERS[int(str("XYZ".index(first)) + body) % 23]
    return pick(rng, (6, first + body + letter), (2, f"{first}-{body}-{letter}"))


def pt_nif(rng):
    body = rng.choice("1235") + digits(rng, 7)
    rest = weighted(body, range(9, 1, -1)) % 11
    text = body + ("0" if rest < 2 else str(11 - rest))
    return pick(rng, (6, text), (3, grouped(text, (3, 3, 3))), (1, "PT" + text))


ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
               [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]))


def codice_fiscale(rng):
    born, woman = birth(rng), rng.random() < 0.5
    name = rng.choice(["RSSMRA", "BNCLCU", "VRDGPP", "FRRNNA", "SPSGLI", "RMNFNC", "CLMMRC", "RCCSFO"])
    town = rng.choice(["H501", "F205", "L219", "D612", "F839", "A944", "A662", "G273"])
    body = f"{name}{born:%y}{'ABCDEHLMPRST'[born.month - 1]}{born.day + (40 if woman else 0):02d}{town}"
    total = sum(ODD[c] if i % 2 == 0 else int(c, 36) - (10 if c.isalpha() else 0) for i, c in enumerate(body))
    return body + chr(65 + total % 26)


def partita_iva(rng):
    body = number(rng, 1, 9999999, 7) + number(rng, 1, 100, 3)
    return pick(rng, (3, ""), (1, "IT")) + body + luhn_digit(body)


def it_card(rng):
    return pick(rng, (6, f"C{letters(rng, 1, 'ABCDEFGHILMNOPRSTUVZ')}{digits(rng, 5)}{letters(rng, 2)}"), (3, "A" + letters(rng, 1) + digits(rng, 7)))


def it_licence(rng):
    return pick(rng, (1, rng.choice(["RM", "MI", "TO", "NA", "FI", "BO", "BA"]) + digits(rng, 7) + letters(rng, 1)),
                (1, "U1" + letters(rng, 7, "0123456789BCDFGHJKLMNPRSTVWXYZ") + letters(rng, 1)))


def bsn(rng):
    def make(rng):
        body = number(rng, 10000000, 29999999)
        check = weighted(body, range(9, 1, -1)) % 11
        return None if check == 10 else body + str(check)
    text = until(rng, make)
    return pick(rng, (8, text), (1, grouped(text, (4, 2, 3), ".")), (1, grouped(text, (3, 3, 3))))


def be_number(rng):
    born = birth(rng)
    body = born.strftime("%y%m%d") + number(rng, 1, 997, 3)
    check = 97 - int(("2" if born.year >= 2000 else "") + body) % 97
    return pick(rng, (6, f"{body[:2]}.{body[2:4]}.{body[4:6]}-{body[6:]}.{check:02d}"), (4, f"{body}{check:02d}"))


def ahv(rng):
    body = "756" + digits(rng, 9)
    text = body + str(-weighted(body, (1, 3) * 6) % 10)
    return pick(rng, (8, grouped(text, (3, 4, 4, 2), ".")), (2, text))


def gr_afm(rng):
    body = rng.choice("0179") + digits(rng, 7)
    return body + str(weighted(body, [2 ** (8 - i) for i in range(8)]) % 11 % 10)


def amka(rng):
    body = birth(rng).strftime("%d%m%y") + digits(rng, 4)
    return body + luhn_digit(body)


KINDS = [
    kind("UK_NHS", nhs, "NHS number|NHS No.|NHS no|NHS Number", "nhs_number|nhs_no|nhsNumber", group="health"),
    kind("UK_NINO", nino, "NI number|National Insurance number|NINO|NI no.|National Insurance No.", "nino|ni_number|national_insurance_number"),
    kind("UK_DRIVING_LICENCE", uk_licence, "Driving licence|Driving licence number|DVLA licence no.|Driver number", "driving_licence|driving_licence_number|licence_no"),
    kind("UK_PASSPORT", lambda r: digits(r, 9), "UK passport|British passport number|Passport (UK)|HM passport no.", "uk_passport|uk_passport_number|british_passport_no", alone=False),
    kind("UK_POSTCODE", postcode, "Postcode|Post code|Home postcode", "postcode|post_code|home_postcode", group="contact"),
    kind("UK_VEHICLE_REGISTRATION", uk_plate, "Vehicle registration|Reg. no.|Number plate|Registration mark|VRM|Car registration", "vrm|vehicle_registration|registration_number|reg_no", group="vehicle", alone=False),
    kind("IE_PPS", pps, "PPS number|PPSN|PPS No.|Personal Public Service Number", "ppsn|pps_number|pps_no"),
    kind("FR_NIR", nir, "N° de sécurité sociale|Numéro de sécurité sociale|NIR|N° SS", "nir|numero_securite_sociale|num_secu", "fr"),
    kind("FR_SIREN", siren, "SIREN|N° SIREN|RCS Lyon|Numéro SIREN", "siren|num_siren|siren_client", "fr", False, "company"),
    kind("FR_SIRET", siret, "SIRET|N° SIRET|Siret|Numéro SIRET", "siret|num_siret|siret_fournisseur", "fr", group="company"),
    kind("ES_NIF", es_nif, "NIF|DNI|D.N.I.|N.I.F.|DNI/NIF", "nif|dni|dni_cliente", "es"),
    kind("ES_NIE", es_nie, "NIE|N.I.E.|Número de identidad de extranjero", "nie|nie_trabajador|numero_nie", "es"),
    kind("ES_PASSPORT", lambda r: letters(r, 3) + digits(r, 6), "Pasaporte|Pasaporte nº|Número de pasaporte|Pasaporte español", "pasaporte|numero_pasaporte", "es", False),
    kind("PT_NIF", pt_nif, "NIF|Contribuinte n.º|Número de contribuinte|NIPC|N.º de identificação fiscal", "nif_pt|contribuinte|numero_contribuinte", "pt", False),
    kind("IT_FISCAL_CODE", codice_fiscale, "Codice fiscale|C.F.|Cod. fisc.|CF", "codice_fiscale|cod_fisc|cf", "it"),
    kind("IT_VAT_CODE", partita_iva, "Partita IVA|P. IVA|P.IVA|P.I.", "partita_iva|piva|p_iva", "it", False, "company"),
    kind("IT_IDENTITY_CARD", it_card, "Carta d'identità|Carta d’identità n.|CIE n.|Documento di identità", "carta_identita|numero_cie|carta_di_identita", "it", False),
    kind("IT_PASSPORT", lambda r: "Y" + letters(r, 1, "ABC") + digits(r, 7), "Passaporto|Passaporto n.|Numero di passaporto", "passaporto|numero_passaporto", "it", False),
    kind("IT_DRIVER_LICENSE", it_licence, "Patente|Patente di guida|Patente n.|Numero patente", "patente|numero_patente|patente_guida", "it", False),
    kind("NL_BSN", bsn, "BSN|Burgerservicenummer|BSN-nummer|Sofinummer", "bsn|burgerservicenummer|bsn_nummer", "nl", False),
    kind("BE_NATIONAL_NUMBER", be_number, "Rijksregisternummer|Registre national|NISS|INSZ|Numéro national", "rijksregisternummer|niss|insz|registre_national", "nl"),
    kind("CH_AHV", ahv, "AHV-Nr.|AHV-Nummer|N° AVS|Sozialversicherungsnummer|AHV", "ahv_nr|ahv_nummer|no_avs|ahvn13", "de"),
    kind("GR_AFM", gr_afm, "ΑΦΜ|Α.Φ.Μ.|AFM", "afm|αφμ", "el", False),
    kind("GR_AMKA", amka, "ΑΜΚΑ|AMKA|Α.Μ.Κ.Α.", "amka|αμκα", "el", False),
]
