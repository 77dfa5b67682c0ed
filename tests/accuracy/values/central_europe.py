"""Identifiers of Germany, Austria, the north and the east of Europe."""
from datetime import date
from operator import mul

from values.kind import birth, digits, grouped, icao_digit, iso7064_mod11_10, kind, letters, luhn_digit, number, pick, until, weighted

CARD_SYMBOLS = "0123456789CFGHJKLMNPRTVWXYZ"


def serial(rng, first):
    return letters(rng, 1, first) + letters(rng, 2, "CFGHJKLMNPRTVWXYZ0123456789") + digits(rng, 1) + letters(rng, 5, CARD_SYMBOLS)


def id_card(rng):
    text = serial(rng, "LMNPRTVWXY")
    return pick(rng, (1, text), (1, text + icao_digit(text)))


def de_passport(rng):
    text = serial(rng, "CFGHJK")
    return pick(rng, (1, text), (1, text + icao_digit(text)))


def fuehrerschein(rng):
    body = letters(rng, 1) + digits(rng, 2) + letters(rng, 6, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    check = sum(int(c, 36) * (9 - i) for i, c in enumerate(body)) % 11
    return body + "0123456789X"[check] + rng.choice("123456")


def cross_sum(n):
    return n // 10 + n % 10


def letter_as_digits(text):
    return "".join(f"{ord(c) - 64:02d}" if c.isalpha() else c for c in text)


def kvnr(rng):
    body = letters(rng, 1) + digits(rng, 8)
    return body + str(sum(cross_sum(int(c) * (1 + i % 2)) for i, c in enumerate(letter_as_digits(body))) % 10)


def rvnr(rng):
    area = rng.choice([2, 3, 4, *range(8, 22), 23, 24, 25, 26, 28, 29, 38, 39, 40])
    body = f"{area:02d}{birth(rng):%d%m%y}{letters(rng, 1)}{number(rng, 0, 99, 2)}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    text = body + str(sum(cross_sum(int(c) * w) for c, w in zip(letter_as_digits(body), weights)) % 10)
    return pick(rng, (5, text), (5, grouped(text, (2, 6, 1, 3))))


def steuer_id(rng):
    order = [str(d) for d in range(10)]
    rng.shuffle(order)
    body = order[:9] + [order[rng.randrange(9)]]
    while True:
        rng.shuffle(body)
        if body[0] != "0":
            break
    text = "".join(body)
    text += iso7064_mod11_10(text)
    return pick(rng, (5, text), (5, grouped(text, (2, 3, 3, 3))))


def stnr_digit(twelve):
    """Check digit of the uniform tax number (ELSTER: Pruefung der Steuer- und Steueridentifikationsnummer); "" for none."""
    state, ds = twelve[:2], [int(c) for c in twelve]
    if twelve[0] == "5":
        check = sum(map(mul, ds, (0, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1))) % 11
    elif state in ("28", "26"):  # the 2er-Verfahren
        doubled = ((d + s) % 10 * f for d, s, f in zip(ds, (0, 0, 9, 8, 0, 7, 6, 5, 4, 3, 2, 1), (0, 0, 512, 256, 0, 128, 64, 32, 16, 8, 4, 2)))
        check = -sum((p - 1) % 9 + 1 if p else 0 for p in doubled) % 10
    else:
        check = -sum(map(mul, ds, (0, 0, 2, 9, 0, 8, 7, 6, 5, 4, 3, 2) if state in ("11", "23") else (0, 5, 4, 3, 0, 2, 7, 6, 5, 4, 3, 2))) % 11
    return str(check) if check < 10 else ""


def steuernummer(rng):
    # North Rhine-Westphalia, Lower Saxony, Bavaria, Baden-Wuerttemberg, Hesse
    start, form = pick(rng, (3, ("5", "{0}/{1}{2}/{3}{4}")), (3, ("23", "{0}/{1}/{2}{3}{4}")), (3, ("9", "{0}/{1}/{2}{3}{4}")), (2, ("28", "{0}{1}/{2}{3}{4}")), (1, ("26", "0{0} {1} {2}{3}{4}")))

    def make(r):
        office = number(r, 101, 299) if len(start) == 1 else number(r, 10, 50)
        district, first, rest = number(r, 100, 799), digits(r, 1), digits(r, 3)
        check = stnr_digit(start + office + "0" + district + first + rest)
        return check and form.format(office, district, first, rest, check)
    return until(rng, make)


def ust_id(rng):
    body = number(rng, 10000000, 49999999)
    text = "DE" + body + iso7064_mod11_10(body)
    return pick(rng, (8, text), (2, f"DE {text[2:5]} {text[5:8]} {text[8:]}"))


def lanr(rng):
    body = digits(rng, 6)
    return body + str(-weighted(body, (4, 9, 4, 9, 4, 9)) % 10) + rng.choice(["01", "03", "10", "21", "34", "50"])


KFZ = "B M HH K F S D E L DD H N BN AC KI MD GE ULM ROW STD".split()


def kfz(rng):
    return f"{rng.choice(KFZ)}-{letters(rng, rng.choice((1, 2)), 'ABCDEFGHJKLMNPRTUVWXYZ')} {number(rng, 1, 9999)}"


def svnr(rng):
    def make(rng):
        head, born = number(rng, 100, 999), birth(rng).strftime("%d%m%y")
        check = weighted(head, (3, 7, 9)) + weighted(born, (5, 8, 4, 2, 1, 6))
        return None if check % 11 == 10 else f"{head}{check % 11}{born}"
    text = until(rng, make)
    return pick(rng, (7, grouped(text, (4, 6))), (3, text))


def pesel(rng):
    born = birth(rng)
    body = f"{born:%y}{born.month + (20 if born.year >= 2000 else 0):02d}{born:%d}{digits(rng, 4)}"
    return body + str(-weighted(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


def personnummer(rng):
    born = birth(rng)
    body = born.strftime("%y%m%d") + digits(rng, 3)
    text = body + luhn_digit(body)
    return pick(rng, (5, f"{text[:6]}-{text[6:]}"), (3, f"{born.year // 100}{text[:6]}-{text[6:]}"), (1, f"{born.year // 100}{text}"), (1, text))


def orgnr(rng):
    body = rng.choice(["55", "556", "559", "80", "76"])[:2] + rng.choice("23456789") + digits(rng, 6)
    text = body + luhn_digit(body)
    return f"{text[:6]}-{text[6:]}"


def hetu(rng):
    born = birth(rng)
    body, individual = born.strftime("%d%m%y"), number(rng, 2, 899, 3)
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(body + individual) % 31]
    return body + ("-" if born.year < 2000 else "A") + individual + check


def cpr(rng):
    born = birth(rng)
    seventh = rng.choice("0123" if born.year < 2000 else "4567")
    text = born.strftime("%d%m%y") + seventh + digits(rng, 3)
    return pick(rng, (8, f"{text[:6]}-{text[6:]}"), (2, text))


def fodselsnummer(rng):
    def make(rng):
        born = birth(rng, 1940, 2006)
        body = born.strftime("%d%m%y") + (number(rng, 0, 499, 3) if born.year < 2000 else number(rng, 500, 999, 3))
        first = -weighted(body, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
        second = -weighted(f"{body}{first}", (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        return None if first == 10 or second == 10 else f"{body}{first}{second}"
    text = until(rng, make)
    return pick(rng, (7, text), (3, grouped(text, (6, 5))))


def baltic(rng):
    born = birth(rng)
    body = f"{(3 if born.year < 2000 else 5) + rng.randint(0, 1)}{born:%y%m%d}{digits(rng, 3)}"
    check = weighted(body, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if check == 10:
        check = weighted(body, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return f"{body}{check}"


def latvian(rng):
    born = birth(rng)
    body = f"{born:%d%m%y}{1 if born.year < 2000 else 2}{digits(rng, 3)}"
    check = (1 + weighted(body, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10
    return f"{body[:6]}-{body[6:]}{check}"


def rodne_cislo(rng):
    def make(rng):
        born = birth(rng, 1954)
        body = f"{born:%y}{born.month + rng.choice((0, 50)):02d}{born:%d}{digits(rng, 3)}"
        return None if int(body) % 11 == 10 else f"{body}{int(body) % 11}"
    text = until(rng, make)
    return pick(rng, (8, f"{text[:6]}/{text[6:]}"), (2, text))


def egn(rng):
    born = birth(rng)
    body = f"{born:%y}{born.month + (40 if born.year >= 2000 else 0):02d}{born:%d}{digits(rng, 3)}"
    return body + str(weighted(body, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10)


def oib(rng):
    body = digits(rng, 10)
    return body + iso7064_mod11_10(body)


def adoazonosito(rng):
    def make(rng):
        body = f"8{(birth(rng) - date(1867, 1, 1)).days:05d}{digits(rng, 3)}"
        check = weighted(body, range(1, 10)) % 11
        return None if check == 10 else f"{body}{check}"
    return until(rng, make)


def taj(rng):
    body = rng.choice("01") + digits(rng, 7)
    text = body + str(weighted(body, (3, 7) * 4) % 10)
    return pick(rng, (6, grouped(text, (3, 3, 3))), (3, text), (1, grouped(text, (3, 3, 3), "-")))


def hu_person(rng):
    def make(rng):
        born = birth(rng)
        body = f"{(1 if born.year < 2000 else 3) + rng.randint(0, 1)}{born:%y%m%d}{digits(rng, 3)}"
        weights = range(1, 11) if born < date(1997, 1, 1) else range(10, 0, -1)
        check = weighted(body, weights) % 11
        return None if check == 10 else f"{body}{check}"
    text = until(rng, make)
    return pick(rng, (7, grouped(text, (1, 6, 4), "-")), (3, text))


def hu_business(rng):
    body = rng.choice("12") + digits(rng, 6)
    check = -weighted(body, (9, 7, 3, 1, 9, 7, 3)) % 10
    return f"{body}{check}-{rng.choice('123')}-{rng.choice(['02', '13', '41', '42', '43', '08'])}"


def cnp(rng):
    born = birth(rng)
    body = f"{(1 if born.year < 2000 else 5) + rng.randint(0, 1)}{born:%y%m%d}{number(rng, 1, 40, 2)}{number(rng, 1, 999, 3)}"
    check = weighted(body, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return f"{body}{1 if check == 10 else check}"


def rnokpp(rng):
    body = f"{(birth(rng) - date(1899, 12, 31)).days:05d}{digits(rng, 4)}"
    return body + str(weighted(body, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10)


DE_TOWNS = [("10", "Berlin"), ("20", "Hamburg"), ("80", "München"), ("50", "Köln"), ("70", "Stuttgart"), ("04", "Leipzig"), ("49", "Lingen"), ("83", "Rosenheim")]


KINDS = [
    kind("DE_ID_CARD", id_card, "Personalausweis|Personalausweisnummer|Ausweisnummer|Ausweis-Nr.|Personalausweis-Nr.", "personalausweis|ausweisnummer|personalausweis_nr", "de", False),
    kind("DE_PASSPORT", de_passport, "Reisepass|Reisepassnummer|Passnummer|Reisepass-Nr.", "reisepass|reisepassnummer|reisepass_nr", "de", False),
    kind("DE_FUEHRERSCHEIN", fuehrerschein, "Führerschein|Führerscheinnummer|Führerschein-Nr.|Fahrerlaubnis", "fuehrerschein|fuehrerscheinnummer|fuehrerschein_nr", "de", False),
    kind("DE_HANDELSREGISTER", lambda r: f"{r.choice(['HRB', 'HRB', 'HRA'])} {number(r, 1000, 250000)}", "Handelsregister|Amtsgericht München|Registernummer|Handelsregister-Nr.", "handelsregister|hr_nummer|registernummer", "de", group="company"),
    kind("DE_HEALTH_INSURANCE", kvnr, "Versichertennummer|Krankenversichertennummer|KVNR|Versicherten-Nr.|Krankenversicherungsnummer", "kvnr|versichertennummer|krankenversicherungsnummer", "de", group="health"),
    kind("DE_KFZ", kfz, "Kennzeichen|Kfz-Kennzeichen|amtliches Kennzeichen|Nummernschild", "kennzeichen|kfz_kennzeichen|nummernschild", "de", False, "vehicle"),
    kind("DE_LANR", lanr, "LANR|Arztnummer|Lebenslange Arztnummer", "lanr|arztnummer|arzt_nr", "de", False, "health"),
    kind("DE_BSNR", lambda r: r.choice(["01", "02", "17", "20", "38", "46", "51", "52", "71", "72", "78", "83", "88", "93", "98"]) + digits(r, 7), "BSNR|Betriebsstättennummer|Betriebsstätten-Nr.", "bsnr|betriebsstaettennummer", "de", False, "health"),
    kind("DE_PLZ", lambda r: r.choice(DE_TOWNS)[0] + digits(r, 3), "PLZ|Postleitzahl", "plz|postleitzahl", "de", False, "contact"),
    kind("DE_SOCIAL_SECURITY", rvnr, "Sozialversicherungsnummer|Rentenversicherungsnummer|SV-Nummer|RVNR|Sozialversicherungs-Nr.", "sozialversicherungsnummer|sv_nummer|rvnr", "de"),
    kind("DE_TAX_ID", steuer_id, "Steuer-ID|Steueridentifikationsnummer|IdNr.|Steuerliche Identifikationsnummer|Steuer-Identifikationsnummer", "steuer_id|steuerid|idnr", "de"),
    kind("DE_TAX_NUMBER", steuernummer, "Steuernummer|St.-Nr.|Steuer-Nr.|StNr.", "steuernummer|steuer_nr|stnr", "de", False, "company"),
    kind("DE_VAT_ID", ust_id, "USt-IdNr.|Umsatzsteuer-ID|USt-ID|VAT ID", "ust_id|ust_idnr|vat_id", "de", group="company"),
    kind("AT_SVNR", svnr, "SVNR|Sozialversicherungsnummer|SV-Nummer|Vers.-Nr.", "svnr|sv_nummer|sozialversicherungsnummer_at", "de"),
    kind("PL_PESEL", pesel, "PESEL|Nr PESEL|Numer PESEL|PESEL pacjenta", "pesel|nr_pesel|numer_pesel", "pl"),
    kind("SE_PERSONNUMMER", personnummer, "Personnummer|Pnr|Personnr|Personnummer (kund)", "personnummer|personnr|pnr", "sv"),
    kind("SE_ORGANISATIONSNUMMER", orgnr, "Organisationsnummer|Org.nr|Orgnr|Org. nr", "organisationsnummer|orgnr|org_nr", "sv", group="company"),
    kind("FI_PERSONAL_IDENTITY_CODE", hetu, "Henkilötunnus|Hetu|HETU|Henkilötunnus (HETU)", "hetu|henkilotunnus", "fi"),
    kind("DK_CPR", cpr, "CPR-nr.|CPR-nummer|CPR|Personnummer", "cpr|cpr_nr|cpr_nummer", "da"),
    kind("NO_FODSELSNUMMER", fodselsnummer, "Fødselsnummer|Fnr|Personnummer|Fødselsnr.", "fodselsnummer|fnr|fodselsnr", "no"),
    kind("EE_ISIKUKOOD", baltic, "Isikukood|isikukood|IK", "isikukood|ik", "et", False),
    kind("LT_ASMENS_KODAS", baltic, "Asmens kodas|a. k.|asmens kodas", "asmens_kodas|asmenskodas", "lt", False),
    kind("LV_PERSONAS_KODS", latvian, "Personas kods|personas kods|p.k.", "personas_kods|personaskods", "lv"),
    kind("CZ_BIRTH_NUMBER", rodne_cislo, "Rodné číslo|RČ|r.č.|Rodné číslo (RC)", "rodne_cislo|rc", "cs"),
    kind("BG_EGN", egn, "ЕГН|EGN", "egn|егн", "bg", False),
    kind("HR_OIB", oib, "OIB|Osobni identifikacijski broj", "oib|oib_klijenta", "hr", False),
    kind("HU_TAX_ID", adoazonosito, "Adóazonosító jel|Adóazonosító|Adóazonosító jele", "adoazonosito|adoazonosito_jel", "hu", False),
    kind("HU_TAJ", taj, "TAJ szám|TAJ|TAJ-szám", "taj|taj_szam|tajszam", "hu", False),
    kind("HU_PERSONAL_ID", hu_person, "Személyi szám|Személyi azonosító|Személyi azonosító jel", "szemelyi_szam|szemelyi_azonosito", "hu"),
    kind("HU_BUSINESS_TAX_NUMBER", hu_business, "Adószám|Cég adószáma|Adószáma", "adoszam|ceg_adoszam", "hu", group="company"),
    kind("RO_CNP", cnp, "CNP|Cod numeric personal|C.N.P.", "cnp|cnp_client", "ro"),
    kind("UA_RNOKPP", rnokpp, "РНОКПП|ІПН|Ідентифікаційний код", "rnokpp|ipn", "uk", False),
]
