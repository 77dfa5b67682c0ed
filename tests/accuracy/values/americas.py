"""Identifiers of North and South America."""
from values.kind import birth, digits, grouped, kind, letters, luhn_digit, number, pick, until, weighted


def ssn(rng):
    area = rng.choice([a for a in range(1, 900) if a != 666])
    text = f"{area:03d}{number(rng, 1, 99, 2)}{number(rng, 1, 9999, 4)}"
    return pick(rng, (7, grouped(text, (3, 2, 4), "-")), (1, grouped(text, (3, 2, 4))), (2, text))


def itin(rng):
    group = rng.choice([*range(50, 66), *range(70, 89), 90, 91, 92, *range(94, 100)])
    text = f"9{digits(rng, 2)}{group}{digits(rng, 4)}"
    return pick(rng, (8, grouped(text, (3, 2, 4), "-")), (2, text))


def aba(rng):
    body = rng.choice([*range(1, 13), *range(21, 33)])
    body = f"{body:02d}{digits(rng, 6)}"
    return body + str(-weighted(body, (3, 7, 1, 3, 7, 1, 3, 7)) % 10)


def us_passport(rng):
    return pick(rng, (1, number(rng, 200000000, 679999999)), (1, rng.choice("AXYZ") + digits(rng, 8)))


def driver_license(rng):
    capital = letters(rng, 1)
    return pick(rng,
                (4, capital + digits(rng, 7)),                                     # California
                (3, number(rng, 10000000, 99999999)),                              # Texas, Pennsylvania
                (2, grouped(digits(rng, 9), (3, 3, 3))),                           # New York
                (2, capital + grouped(digits(rng, 12), (3, 3, 2, 3, 1), "-")),     # Florida
                (2, capital + grouped(digits(rng, 11), (3, 4, 4), "-")),           # Illinois
                (1, capital + grouped(digits(rng, 14), (4, 5, 5))),                # New Jersey
                (1, letters(rng, 2) + digits(rng, 6)))                             # Ohio


def mbi(rng):
    capitals, nine = "ACDEFGHJKMNPQRTUVWXY", "0123456789ACDEFGHJKMNPQRTUVWXY"
    text = (rng.choice("123456789") + letters(rng, 1, capitals) + letters(rng, 1, nine) + digits(rng, 1) + letters(rng, 1, capitals) +
            letters(rng, 1, nine) + digits(rng, 1) + letters(rng, 2, capitals) + digits(rng, 2))
    return pick(rng, (1, text), (1, grouped(text, (4, 3, 4), "-")))


def npi(rng):
    body = rng.choice("12") + digits(rng, 8)
    return body + luhn_digit("80840" + body)


def dea(rng):
    body = digits(rng, 6)
    return rng.choice("ABFGMP") + letters(rng, 1) + body + str(weighted(body, (1, 2, 1, 2, 1, 2)) % 10)


def sin(rng):
    body = rng.choice("1234567") + digits(rng, 7)
    text = body + luhn_digit(body)
    return pick(rng, (4, grouped(text, (3, 3, 3))), (4, grouped(text, (3, 3, 3), "-")), (2, text))


def mod11_pair(body, weights):
    for weight in weights:
        rest = weighted(body, weight) % 11
        body += "0" if rest < 2 else str(11 - rest)
    return body


def cpf(rng):
    text = mod11_pair(digits(rng, 9), (range(10, 1, -1), range(11, 1, -1)))
    return pick(rng, (7, f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"), (3, text))


def cnpj(rng):
    text = mod11_pair(digits(rng, 8) + "0001", ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)))
    return pick(rng, (7, f"{text[:2]}.{text[2:5]}.{text[5:8]}/{text[8:12]}-{text[12:]}"), (3, text))


MEXICAN_STATES = "AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS".split()
NAMES_WITHOUT_VULGAR_WORDS = "GOMR HEPL LORA MALJ ROSA SACM VAQE DIFT TOGU RAMI NAVE CUZA DELA OUPE".split()


def curp(rng):
    born = birth(rng)
    homonym = rng.choice("0123456789") if born.year < 2000 else letters(rng, 1)
    body = (rng.choice(NAMES_WITHOUT_VULGAR_WORDS) + born.strftime("%y%m%d") + rng.choice("HM") + rng.choice(MEXICAN_STATES) +
            letters(rng, 3, "BCDFGHJKLMNPQRSTVWXYZ") + homonym)
    order = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    return body + str(-sum(order.index(c) * (18 - i) for i, c in enumerate(body)) % 10)


def rfc(rng):
    name = pick(rng, (3, rng.choice(NAMES_WITHOUT_VULGAR_WORDS)), (1, letters(rng, 3)))
    body = name + birth(rng).strftime("%y%m%d") + letters(rng, 2, "ABCDEFGHIJKLMNPQRSTUVWXYZ123456789")
    order = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
    rest = sum(order.index(c) * (13 - i) for i, c in enumerate(body.rjust(12))) % 11
    return body + ("0" if rest == 0 else "A" if rest == 1 else str(11 - rest))


def cuit(rng):
    def make(rng):
        body = rng.choice(["20", "23", "24", "27", "30", "33"]) + number(rng, 4000000, 46000000, 8)
        check = -weighted(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        return None if check == 10 else body + str(check)
    text = until(rng, make)
    return pick(rng, (7, grouped(text, (2, 8, 1), "-")), (3, text))


def rut(rng):
    body = number(rng, 3000000, 26000000)
    check = "0123456789K"[-sum(int(c) * (2 + i % 6) for i, c in enumerate(reversed(body))) % 11]
    dotted = f"{int(body):,}".replace(",", ".")
    return pick(rng, (6, f"{dotted}-{check}"), (3, f"{body}-{check}"), (1, body + check))


def nit(rng):
    body = rng.choice(["8", "9"]) + digits(rng, 8)
    rest = weighted(body[::-1], (3, 7, 13, 17, 19, 23, 29, 37, 41)) % 11
    check = str(rest if rest < 2 else 11 - rest)
    return pick(rng, (4, f"{body[:3]}.{body[3:6]}.{body[6:]}-{check}"), (3, f"{body}-{check}"), (1, body + check))


def ruc(rng):
    body = rng.choice(["10", "15", "17", "20"]) + digits(rng, 8)
    return body + str((11 - weighted(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 10)


KINDS = [
    kind("US_SSN", ssn, "SSN|Social Security Number|Social Security No.|Social Security #", "ssn|social_security_number|SSN|ssn_number"),
    kind("US_ITIN", itin, "ITIN|Taxpayer ID (ITIN)|Individual Taxpayer Identification Number", "itin|itin_number|taxpayer_id"),
    kind("US_BANK_NUMBER", lambda r: digits(r, r.choice((8, 9, 10, 10, 12))),
         "Account number|Bank account|Checking account|Acct #|Account No.|Savings account number", "account_number|bank_account|acct_no|bankAccountNumber",
         alone=False, group="money"),
    kind("ABA_ROUTING_NUMBER", aba, "Routing number|ABA|ABA routing|Routing No.|RTN", "routing_number|aba_routing|routing", alone=False, group="money"),
    kind("US_PASSPORT", us_passport, "US passport|Passport No. (USA)|U.S. Passport Number|American passport", "us_passport|us_passport_number|passport_us", alone=False),
    kind("US_DRIVER_LICENSE", driver_license, "Driver's License|Driver License No.|DL number|Driver’s licence #|Drivers license",
         "driver_license|drivers_license_number|dl_number|driverLicense", alone=False),
    kind("US_MBI", mbi, "MBI|Medicare Beneficiary Identifier|Medicare ID|Medicare number (US)", "mbi|medicare_beneficiary_id|medicare_id", group="health"),
    kind("US_NPI", npi, "NPI|National Provider Identifier|Provider NPI|NPI #", "npi|npi_number|provider_npi", alone=False, group="health"),
    kind("MEDICAL_LICENSE", dea, "DEA|DEA number|DEA No.|DEA registration", "dea|dea_number|dea_registration", group="health", alone=False),
    kind("CA_SIN", sin, "SIN|Social Insurance Number|NAS|Numéro d’assurance sociale", "sin|social_insurance_number|nas", alone=False),
    kind("BR_CPF", cpf, "CPF|CPF nº|CPF/MF|Número do CPF", "cpf|cpf_titular|numero_cpf", "pt"),
    kind("BR_CNPJ", cnpj, "CNPJ|CNPJ/MF|CNPJ nº", "cnpj|cnpj_empresa|numero_cnpj", "pt", group="company"),
    kind("MX_CURP", curp, "CURP|Clave Única de Registro de Población", "curp|curp_empleado", "es"),
    kind("MX_RFC", rfc, "RFC|R.F.C.|Registro Federal de Contribuyentes", "rfc|rfc_receptor|rfc_emisor", "es", group="company"),
    kind("AR_CUIT", cuit, "CUIT|CUIL|CUIT/CUIL|C.U.I.T.", "cuit|cuil|nro_cuit", "es"),
    kind("CL_RUT", rut, "RUT|R.U.T.|RUN|Cédula de identidad", "rut|rut_cliente|run", "es"),
    kind("CO_NIT", nit, "NIT|N.I.T.|Nit", "nit|nit_proveedor|numero_nit", "es", alone=False, group="company"),
    kind("PE_RUC", ruc, "RUC|R.U.C.|Número de RUC", "ruc|ruc_proveedor|numero_ruc", "es", alone=False, group="company"),
]
