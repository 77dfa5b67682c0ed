"""Cards, accounts, securities, coins, devices and vehicles, whatever the country."""
import hashlib

from values.kind import digits, grouped, kind, letters, luhn_digit, number, pick, weighted


def card(rng):
    prefix, length = pick(rng, (5, ("4", 16)), (4, (number(rng, 51, 55), 16)), (2, (rng.choice(["34", "37"]), 15)), (1, ("6011", 16)),
                          (1, (number(rng, 3528, 3589), 16)), (1, (number(rng, 2221, 2720), 16)))
    body = prefix + digits(rng, length - 1 - len(prefix))
    text = body + luhn_digit(body)
    sizes = (4, 6, 5) if length == 15 else (4, 4, 4, 4)
    return pick(rng, (4, grouped(text, sizes)), (4, text), (2, grouped(text, sizes, "-")))


# Country, then the account part of the registry: 'd' digits, 'c' capitals.
IBANS = {"DE": "d18", "AT": "d16", "CH": "d17", "FR": "d10d11d2", "ES": "d20", "IT": "c1d10d12", "NL": "c4d10", "BE": "d12", "GB": "c4d14",
         "IE": "c4d14", "PL": "d24", "PT": "d21", "SE": "d20", "DK": "d14", "NO": "d11", "FI": "d14", "CZ": "d20", "SK": "d20"}


def iban(rng):
    country = rng.choice(sorted(IBANS))
    form = IBANS[country]
    body = "".join((digits if part[0] == "d" else letters)(rng, int(part[1:]))
                   for part in form.replace("d", " d").replace("c", " c").split())
    check = 98 - int("".join(str(int(c, 36)) for c in body + country + "00")) % 97
    text = f"{country}{check:02d}{body}"
    return pick(rng, (5, text), (5, " ".join(text[i:i + 4] for i in range(0, len(text), 4))))


def bic(rng):
    bank = rng.choice(["DEUT", "COBA", "BNPA", "INGB", "UBSW", "CHAS", "BARC", "RABO", "NDEA", "OPSK", "VOBA", "BELA"])
    return bank + rng.choice(["DE", "FR", "NL", "CH", "US", "GB", "AT"]) + rng.choice(["FF", "PP", "2A", "33", "22", "HH"]) + pick(rng, (1, "XXX"), (1, "500"), (1, ""))


def isin(rng):
    body = rng.choice(["US", "DE", "FR", "GB", "NL", "IE", "LU", "CH"]) + pick(rng, (8, digits(rng, 9)), (2, letters(rng, 1) + digits(rng, 8)))
    return body + luhn_digit("".join(str(int(c, 36)) for c in body))


BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58check(payload):
    data = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    n, text = int.from_bytes(data, "big"), ""
    while n:
        n, rest = divmod(n, 58)
        text = BASE58[rest] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def segwit(rng):
    data, bits, acc = [0], 0, 0
    for byte in rng.randbytes(20):
        acc, bits = acc << 8 | byte, bits + 8
        while bits >= 5:
            bits -= 5
            data.append(acc >> bits & 31)
    check = 1
    for value in [3, 3, 0, 2, 3] + data + [0] * 6:
        top = check >> 25
        check = (check & 0x1ffffff) << 5 ^ value
        for i, generator in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            check ^= generator if top >> i & 1 else 0
    check ^= 1
    return "bc1" + "".join(BECH32[v] for v in data + [check >> 5 * (5 - i) & 31 for i in range(6)])


def coin(rng):
    return pick(rng, (4, base58check(bytes([rng.choice((0, 5))]) + rng.randbytes(20))), (3, segwit(rng)), (3, "0x" + rng.randbytes(20).hex()))


def ip(rng):
    v4 = ".".join(number(rng, 1, 254) for _ in range(4))
    groups = ["2001", "db8"] + [f"{rng.randrange(65536):x}" for _ in range(6)]
    return pick(rng, (8, v4), (1, ":".join(groups)), (1, "2001:db8::" + ":".join(groups[5:])))


def mac(rng):
    octets = [f"{b:02x}" for b in bytes([rng.choice((0x00, 0x3c, 0xa4, 0xf0, 0x5c)), *rng.randbytes(5)])]
    return pick(rng, (6, ":".join(octets)), (2, ":".join(octets).upper()), (2, "-".join(octets).upper()))


def url(rng):
    host = rng.choice(["intranet.acme-corp.com", "shop.example.org", "www.hanse-logistik.de", "api.payvault.io", "files.uni-muster.de", "localhost:8080"])
    path = rng.choice(["/", "/login", "/users/4711", "/docs/report.pdf", "/search?q=invoice&page=2", "/a/b#c"])
    return f"{rng.choice(['https', 'https', 'http'])}://{host}{path}"


def imei(rng):
    body = "35" + digits(rng, 12)
    text = body + luhn_digit(body)
    return pick(rng, (7, text), (3, grouped(text, (2, 6, 6, 1), "-")))


VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9, *range(10)]))


def vin(rng):
    body = rng.choice(["1HG", "2T1", "1FT", "5YJ", "3VW", "WBA", "JTD"]) + letters(rng, 5, "ABCDEFGHJKLMNPRSTUVWXYZ0123456789")
    tail = rng.choice("ABCDEFGHJKLMNPRSTVWXY123456789") + letters(rng, 1, "ABCDEFGHJKLMNPRSTUVWXYZ") + digits(rng, 6)
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(VIN_VALUES[c] * w for c, w in zip(body + "0" + tail, weights))
    return body + "0123456789X"[total % 11] + tail


KINDS = [
    kind("CREDIT_CARD", card, "Card number|Credit card|Card|Visa|Kreditkarte|Carte bancaire|Tarjeta", "card_number|credit_card|cc_number|pan_number_card", group="money"),
    kind("IBAN_CODE", iban, "IBAN|Bankverbindung|IBAN/Konto|Compte (IBAN)", "iban|bank_iban|iban_code", group="money"),
    kind("SWIFT_CODE", bic, "BIC|SWIFT|BIC/SWIFT|SWIFT code", "bic|swift|swift_code", alone=False, group="money"),
    kind("ISIN", isin, "ISIN|ISIN-Code|Security (ISIN)", "isin|isin_code", group="money"),
    kind("CRYPTO", coin, "Bitcoin address|Wallet|ETH|BTC|Payout wallet", "wallet|btc_address|wallet_address", group="money"),
    kind("IP_ADDRESS", ip, "IP|IP address|Client IP|IP-Adresse|Remote host", "ip|client_ip|ip_address|remote_addr", group="net"),
    kind("MAC_ADDRESS", mac, "MAC|MAC address|Ethernet|HW address", "mac|mac_address|hwaddr", group="net"),
    kind("URL", url, "URL|Website|Link|Homepage", "url|website|link", group="net"),
    kind("IMEI", imei, "IMEI|IMEI no.|Device IMEI", "imei|device_imei", group="net"),
    kind("VIN", vin, "VIN|Chassis no.|Vehicle identification number|Fahrgestellnummer|FIN", "vin|chassis_no|vin_number", group="vehicle"),
]
