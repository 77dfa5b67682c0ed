"""Invented identifiers that pass their issuers' checks. Where an issuer keeps a range for tests or fiction, it is used."""

import string


def digits(rng, count):
    return "".join(str(rng.randrange(10)) for _ in range(count))


def letters(rng, count, alphabet=string.ascii_uppercase):
    return "".join(alphabet[rng.randrange(len(alphabet))] for _ in range(count))


def luhn_digit(number):
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for i, c in enumerate(reversed(number)):
        n = int(c) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return str(-total % 10)


def card(rng):
    """A payment card number; these prefixes are the ones that payment services give out for tests."""
    number = ("400000", "555555", "222300")[rng.randrange(3)] + digits(rng, 9)
    number += luhn_digit(number)
    return " ".join(number[i:i + 4] for i in range(0, 16, 4))


def iban(rng, country):
    """ISO 13616; the check digits are by ISO 7064 mod 97-10."""
    account = {
        "DE": lambda: "999" + digits(rng, 15),
        "GB": lambda: "ZZZZ" + digits(rng, 14),
        "NL": lambda: "ZZZZ0" + digits(rng, 9),
        "US": lambda: "ZZZZ" + digits(rng, 14),
        "ES": lambda: "9999" + digits(rng, 16),
        "FR": lambda: french_account(rng),
    }[country]()
    country = "GB" if country == "US" else country
    as_number = "".join(str(int(c, 36)) for c in account + country + "00")
    whole = f"{country}{98 - int(as_number) % 97:02d}{account}"
    return " ".join(whole[i:i + 4] for i in range(0, len(whole), 4))


def french_account(rng):
    """A French account number with its own two check digits (clé RIB)."""
    bank, desk, account = "99999", digits(rng, 5), digits(rng, 11)
    key = 97 - (89 * int(bank) + 15 * int(desk) + 3 * int(account)) % 97
    return f"{bank}{desk}{account}{key:02d}"


def us_ssn(rng):
    """Area numbers from 773 on were not given out before 2011."""
    return f"{rng.randrange(773, 900)}-{rng.randrange(10, 100)}-{rng.randrange(1000, 10000)}"


def uk_nino(rng):
    return letters(rng, 1, "JLMSW") + letters(rng, 1, "ABCEGHJ") + digits(rng, 6) + letters(rng, 1, "ABCD")


def uk_nhs(rng):
    """Mod 11; numbers from 999 are for tests."""
    while True:
        number = "999" + digits(rng, 6)
        check = 11 - sum(int(c) * (10 - i) for i, c in enumerate(number)) % 11
        if check != 10:
            number += str(check % 11)
            return f"{number[:3]} {number[3:6]} {number[6:]}"


def de_tax_id(rng):
    """Ten digits of which one stands twice, and ISO 7064 mod 11,10."""
    pool = list("0123456789")
    shuffle(rng, pool)
    pool[9] = pool[rng.randrange(9)]
    while True:
        shuffle(rng, pool)
        together = any(pool[i] == pool[i + 1] for i in range(9))
        if pool[0] != "0" and not together:
            break
    product = 10
    for c in pool:
        total = (int(c) + product) % 10 or 10
        product = total * 2 % 11
    return "".join(pool) + str((11 - product) % 10)


def shuffle(rng, items):
    for i in range(len(items) - 1, 0, -1):
        j = rng.randrange(i + 1)
        items[i], items[j] = items[j], items[i]


def fr_nir(rng, born):
    number = f"{1 + rng.randrange(2)}{born.year % 100:02d}{born.month:02d}{rng.randrange(1, 96):02d}"
    number += f"{rng.randrange(1, 500):03d}{rng.randrange(1, 500):03d}"
    return f"{number}{97 - int(number) % 97:02d}"


def es_nif(rng):
    number = rng.randrange(10_000_000, 99_999_999)
    return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def nl_bsn(rng):
    """The eleven test of the Dutch citizen service number."""
    while True:
        number = str(rng.randrange(1, 10)) + digits(rng, 7)
        check = sum(int(c) * (9 - i) for i, c in enumerate(number)) % 11
        if check < 10:
            return number + str(check)


def vin(rng):
    """ISO 3779 with the check digit of 49 CFR 565.15."""
    alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    value = {c: v for c, v in zip("ABCDEFGHJKLMNPRSTUVWXYZ", [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9])}
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    body = "1ZZ" + letters(rng, 5, alphabet) + "0" + letters(rng, 2, alphabet) + digits(rng, 6)
    remainder = sum(w * value.get(c, int(c) if c.isdigit() else 0) for w, c in zip(weights, body)) % 11
    return body[:8] + ("X" if remainder == 10 else str(remainder)) + body[9:]


def phone(rng, country):
    """Numbers that regulators keep for film and fiction."""
    return {
        "US": lambda: f"+1 ({(212, 312, 415, 617)[rng.randrange(4)]}) 555-01{rng.randrange(100):02d}",
        "GB": lambda: f"+44 20 7946 0{rng.randrange(1000):03d}",
        "DE": lambda: f"+49 30 23125 {rng.randrange(1000):03d}",
        "FR": lambda: f"+33 1 99 00 {rng.randrange(100):02d} {rng.randrange(100):02d}",
        "ES": lambda: f"+34 910 {rng.randrange(100, 1000)} {rng.randrange(100, 1000)}",
        "NL": lambda: f"+31 20 555 {rng.randrange(1000, 10000)}",
    }[country]()


def national_id(rng, country, born):
    return {
        "US": lambda: us_ssn(rng),
        "GB": lambda: uk_nino(rng),
        "DE": lambda: de_tax_id(rng),
        "FR": lambda: fr_nir(rng, born),
        "ES": lambda: es_nif(rng),
        "NL": lambda: nl_bsn(rng),
    }[country]()


def address(rng):
    """An address of the blocks that RFC 5737 keeps for documentation."""
    return f"{('192.0.2', '198.51.100', '203.0.113')[rng.randrange(3)]}.{rng.randrange(1, 255)}"
