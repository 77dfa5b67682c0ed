"""What looks like something and is nothing: one function a kind, each gives a text without line ends."""
import base64
import uuid

from values.kind import digits, letters, luhn_digit, number, pick


def hexadecimal(rng, count):
    return rng.randbytes(count).hex()


def ean(rng):
    body = rng.choice(["400", "401", "500", "761", "871", "978"]) + digits(rng, 9)
    return body + str(-sum(int(c) * (1, 3)[i % 2] for i, c in enumerate(body)) % 10)


def version(rng):
    return f"{rng.randrange(20)}.{rng.randrange(40)}.{rng.randrange(100)}" + pick(rng, (6, ""), (2, f"-{rng.randrange(9)}"), (1, f".{rng.randrange(3000)}"), (1, "-rc1"))


INLINE = [  # in prose, forms and tables: (name that people give it, value)
    lambda r: ("Order no.", number(r, 10000000, 999999999)),
    lambda r: ("order number", digits(r, 10)),
    lambda r: ("Invoice", f"INV-{number(r, 2019, 2025)}-{digits(r, 5)}"),
    lambda r: ("invoice id", digits(r, 9)),
    lambda r: ("Tracking number", "1Z" + letters(r, 6, "ABCDEFGHJKLMNPRSTUVWXYZ0123456789") + digits(r, 10)),
    lambda r: ("Ticket", f"#{number(r, 10000, 9999999)}"),
    lambda r: ("Article no.", digits(r, 8)),
    lambda r: ("Part", f"{letters(r, 2)}-{digits(r, 3)}-{digits(r, 4)}"),
    lambda r: ("part no.", f"{digits(r, 3)}-{digits(r, 4)}"),
    lambda r: ("EAN", ean(r)),
    lambda r: ("ISBN", "978-" + f"{r.randrange(10)}-{digits(r, 4)}-{digits(r, 4)}-{r.randrange(10)}"),
    lambda r: ("Serial", letters(r, 3) + digits(r, 7)),
    lambda r: ("Amount", f"{r.randrange(1, 9999)},{digits(r, 3)}.{digits(r, 2)}"),
    lambda r: ("Total", f"EUR {r.randrange(1, 99999)}.{digits(r, 2)}"),
    lambda r: ("Quantity", number(r, 1, 99999)),
    lambda r: ("Version", version(r)),
    lambda r: ("Batch", digits(r, 6) + letters(r, 1)),
    lambda r: ("Room", f"{letters(r, 1)}{digits(r, 3)}"),
    lambda r: ("Cost centre", digits(r, 6)),
    lambda r: ("Ref", f"{letters(r, 2)}{digits(r, 6)}"),
    lambda r: ("Case", f"{number(r, 2018, 2025)}/{digits(r, 6)}"),
    lambda r: ("Trace", uuid.UUID(int=r.getrandbits(128)).hex),
    lambda r: ("Request id", str(uuid.UUID(int=r.getrandbits(128), version=4))),
    lambda r: ("Weight", f"{r.randrange(100)}.{digits(r, 3)} kg"),
    lambda r: ("Size", f"{r.randrange(100, 3000)} x {r.randrange(100, 3000)}"),
    lambda r: ("Standard", f"ISO {number(r, 1000, 29999)}:{number(r, 1998, 2023)}"),
]

KEYED = [  # fields of records: (key, value)
    lambda r: ("id", number(r, 1000, 99999999)), lambda r: ("order_id", digits(r, 9)), lambda r: ("sku", f"{letters(r, 3)}-{digits(r, 5)}"),
    lambda r: ("etag", hexadecimal(r, 16)), lambda r: ("sha256", hexadecimal(r, 32)), lambda r: ("commit", hexadecimal(r, 20)), lambda r: ("trace_id", hexadecimal(r, 8)),
    lambda r: ("uuid", str(uuid.UUID(int=r.getrandbits(128), version=4))), lambda r: ("epoch_ms", str(1600000000000 + r.randrange(150000000000))),
    lambda r: ("ts", str(1600000000 + r.randrange(150000000))), lambda r: ("bytes", number(r, 1000, 9999999999)), lambda r: ("version", version(r)),
    lambda r: ("price", f"{r.randrange(9999)}.{digits(r, 2)}"), lambda r: ("duration_us", digits(r, 7)), lambda r: ("seq", digits(r, 11)), lambda r: ("cursor", digits(r, 18)),
    lambda r: ("checksum", digits(r, 10)), lambda r: ("port", number(r, 1024, 65535)), lambda r: ("gtin", ean(r)), lambda r: ("score", f"0.{digits(r, 8)}"),
    lambda r: ("build", digits(r, 8)), lambda r: ("tweet_id", str(r.getrandbits(60))), lambda r: ("invoice_no", digits(r, 10)), lambda r: ("row_count", digits(r, 6)),
]


def drawing(rng):
    return "M" + " ".join(f"{rng.uniform(0, 900):.3f},{rng.uniform(0, 900):.3f}" for _ in range(6)) + "Z"


def hex_dump(rng):
    data = rng.randbytes(16)
    return f"{rng.randrange(1 << 20) * 16:08x}  {data[:8].hex(' ')}  {data[8:].hex(' ')}  |" + "".join(chr(b) if 32 <= b < 127 else "." for b in data) + "|"


def base64_line(rng):
    return base64.b64encode(rng.randbytes(48)).decode()


def minified(rng):
    names = [letters(rng, rng.choice((1, 2)), "abcdefghijklmnopqrstuvwxyz") for _ in range(5)]
    a, b, c, d, e = names
    return (f"function {a}({b},{c}){{return {b}.{d}>>>{rng.randrange(32)}^{rng.randrange(1 << 31)}&&{c}[{rng.randrange(4096)}]||{e}(\"{letters(rng, 4, 'abcdef0123456789')}\","
            f"{rng.random():.16f})}}var {e}={{{a}:{rng.randrange(1 << 33)},{c}:0x{rng.getrandbits(32):x},t:[{','.join(str(rng.randrange(1000)) for _ in range(8))}]}};")


def matrix(rng):
    return "[" + ", ".join(f"{rng.uniform(-1, 1):.7f}" for _ in range(6)) + "],"


def assembly(rng):
    return f"  {rng.getrandbits(22):6x}:\t{rng.randbytes(5).hex(' ')}\tmov    0x{rng.getrandbits(16):x}(%rip),%rax        # {rng.getrandbits(22):x} <stdout+0x{rng.getrandbits(8):x}>"


def build_line(rng):
    return rng.choice([
        f"[{rng.randrange(400)}/{rng.randrange(400, 999)}] Building CXX object src/core/CMakeFiles/core.dir/{letters(rng, 6, 'abcdefgh')}.cpp.o",
        f"npm http fetch GET 200 {letters(rng, 8, 'abcdefghij')}@{version(rng)} {rng.randrange(2000)}ms (cache hit)",
        f"Requirement already satisfied: {letters(rng, 7, 'abcdefghij')}>={version(rng)} in ./venv/lib (from -r req.txt (line {rng.randrange(99)}))",
        f"Get:{rng.randrange(99)} bookworm/main amd64 lib{letters(rng, 5, 'abcdefghij')}{rng.randrange(9)} amd64 {version(rng)}+b{rng.randrange(9)} [{rng.randrange(9000)} kB]",
        f"   {hexadecimal(rng, 4)[:7]}..{hexadecimal(rng, 4)[:7]}  main -> origin/main",
        f"test {letters(rng, 9, 'abcdefghij')} ... ok ({rng.randrange(9999)} assertions, {rng.random():.4f} s)",
    ])


def catalogue_row(rng):
    return " ".join((f"{rng.randrange(1, 99):>3}", f"{letters(rng, 2)}{digits(rng, 5)}", ean(rng), rng.choice(["bolt M8x40", "hex nut", "bracket 120mm", "seal ring 24"]),
                     f"{rng.randrange(500):>4}", f"{rng.randrange(999)}.{digits(rng, 2)}", f"{rng.randrange(9999)}.{digits(rng, 2)}"))


def statistics_row(rng):
    return "\t".join([letters(rng, 6, "abcdefghijk")] + [f"{rng.randrange(1, 1000000)}" for _ in range(3)] + [f"{rng.randrange(1, 999)},{digits(rng, 3)},{digits(rng, 3)}", f"{rng.uniform(0, 100):.2f}%"])


def placeholder(rng):
    return rng.choice(["ssn = 'XXX-XX-XXXX'", "phone: 000-000-0000", "card: 0000 0000 0000 0000", "IBAN: DE00 0000 0000 0000 0000 00", "api_key = 'YOUR_API_KEY_HERE'", "password = '<password>'",
                       "NHS number: 000 000 0000", "email: {user}@{domain}", "password=${DB_PASSWORD}", "token: ****************", "ssn: 123-45-6789  # documentation only", "CPF: 000.000.000-00",
                       "account_number: TBD", "secret: changeme", "postcode: AAN NAA", "BSN: 000000000", "SIN: 000 000 000", "MAC ff:ff:ff:ff:ff:ff"])


def snowflake_log(rng):
    return f"level=info msg=\"job done\" job={digits(rng, 12)} shard={digits(rng, 3)} took={digits(rng, 5)}us rows={digits(rng, 9)} hash={rng.getrandbits(64):016x} offset={digits(rng, 11)}"


def css(rng):
    return f".c{digits(rng, 3)}{{margin:{rng.randrange(99)}px {rng.randrange(99)}px;color:#{hexadecimal(rng, 3)};transform:matrix({rng.random():.4f},0,0,{rng.random():.4f},0,0);z-index:{digits(rng, 4)}}}"


def luhn_id(rng):
    body = "9" + digits(rng, 14)
    return f"shipment {body + luhn_digit(body)} packed, pallet {digits(rng, 18)}, gate {rng.randrange(40)}"


SHEETS = {"drawing": drawing, "hex_dump": hex_dump, "base64": base64_line, "minified": minified, "matrix": matrix, "assembly": assembly, "build": build_line,
          "catalogue": catalogue_row, "statistics": statistics_row, "placeholder": placeholder, "worker_log": snowflake_log, "css": css, "shipments": luhn_id}
