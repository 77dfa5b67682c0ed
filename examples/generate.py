#!/usr/bin/env python3
"""Writes a small tree of files such as a shop has them, full of invented personal data and secrets.

    examples/generate.py [FOLDER]        (examples/generated unless given)

Needs nothing but Python 3. Every run writes the same bytes. Nothing in it is real: people, accounts and secrets are
drawn from a fixed seed, and pass the checks of their issuers so that a scan finds them.
"""

import sys

sys.dont_write_bytecode = True

import csv
import datetime
import io
import json
import random
import sqlite3
from email.message import EmailMessage
from pathlib import Path

from making import archives, identifiers, office, people, secrets

SEED = 20250314
FIRST_DAY = datetime.datetime(2025, 3, 10, 8, 0, 0)


def csv_of(rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def message(number, sender, to, subject, text, attachments=()):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    when = FIRST_DAY + datetime.timedelta(hours=7 * number)
    mail["Date"] = when.strftime("%a, %d %b %Y %H:%M:%S +0000")
    mail["Message-ID"] = f"<{number:04d}.{SEED}@{people.DOMAIN}>"
    mail.set_content(text)
    for name, kind, content in attachments:
        mail.add_attachment(content, maintype=kind.split("/")[0], subtype=kind.split("/")[1], filename=name)
    if attachments:
        mail.set_boundary(f"part-{number:04d}-of-{SEED}")
    head = f"From {sender.split('<')[-1].rstrip('>')} {when.strftime('%a %b %d %H:%M:%S %Y')}\n"
    return head.encode() + mail.as_bytes().replace(b"\nFrom ", b"\n>From ") + b"\n"


def inbox(rng, staff, customers):
    office_mail = f"Service <service@{people.DOMAIN}>"
    a, b, c, d = customers[:4]
    refunds = [["customer", "iban", "amount"]] + [[p.name, p.iban, f"{rng.randrange(20, 400)}.00"] for p in customers[4:16]]
    returns = archives.zip_of([
        ("returns/readme.txt", b"Scans of the return slips of week 11.\n"),
        ("returns/slip-311.txt", f"Return 311\n{b.name}\n{b.street}\nrefund to card {b.card}\n".encode()),
        ("returns/slip-312.txt", f"Return 312\n{c.name}\n{c.street}\nphone {c.phone}\n".encode()),
    ])
    return b"".join([
        message(1, f"{a.name} <{a.email}>", office_mail, "My parcel",
                f"Good morning,\n\nmy parcel never came. Please call me: {a.phone}.\nMy address is still {a.street}.\n\n{a.name}\n"),
        message(2, f"{staff[0].name} <{staff[0].email}>", f"{staff[1].name} <{staff[1].email}>", "Refunds of week 11",
                "Hi,\n\nhere are the refunds. Please pay them today.\n", [("refunds.csv", "text/csv", csv_of(refunds).encode())]),
        message(3, f"{b.name} <{b.email}>", office_mail, "Re: Order 48213",
                f"You can charge the card again: {b.card}, valid until 09/28.\nOrder number 48213, invoice 2025-0317.\n"),
        message(4, office_mail, f"{staff[2].name} <{staff[2].email}>", "Return slips", "As discussed.\n",
                [("returns.zip", "application/zip", returns)]),
        message(5, f"{d.name} <{d.email}>", office_mail, "Kündigung / termination",
                f"Grüße aus der Ferne,\n\nbitte löschen Sie mein Konto. Erstattung an {d.iban}.\n\n{d.name}, geboren am {d.born:%d.%m.%Y}\n"),
        message(6, f"{staff[3].name} <{staff[3].email}>", f"{staff[0].name} <{staff[0].email}>", "staging",
                f"The staging database is up again, password: {secrets.password(rng)}\nPlease do not forward this.\n"),
    ])


def payroll(rng, staff):
    rows = [["Employee", "National ID", "Born", "IBAN", "Gross", "Note"]]
    for p in staff:
        rows.append([p.name, p.national_id, p.born.isoformat(), p.iban, rng.randrange(2600, 8200), None])
    severance = [["Employee", "SSN", "Amount", "Contact"]]
    for p in people.people(rng, 3, country="US"):
        severance.append([p.name, p.national_id, rng.randrange(8000, 30000), p.email])
    totals = [["Month", "Total"], ["January", 81250], ["February", 80990], ["March", 82770]]
    sheets = [("Payroll", False, rows), ("Totals", False, totals), ("Severance", True, severance)]
    comments = {0: [("B3", f"Was wrong before: {staff[1].national_id} is right. Call {staff[1].phone}.")]}
    return office.Workbook(sheets, comments, staff[0].name, "Payroll March 2025").to_bytes()


def agreement(rng, staff):
    tenant = people.person(rng, "GB")
    first = [
        "LEASE OF BUSINESS PREMISES", "",
        f"between {people.COMPANY} and {tenant.name},",
        f"of {tenant.street}, date of birth {tenant.born:%d %B %Y},",
        f"National Insurance number {tenant.national_id}.", "",
        "1. The premises are let for storage only.",
        "2. The rent is 1,480.00 a month, due on the third working day.",
    ]
    second = [f"3. Rent is paid to account {tenant.iban}.", f"4. Notices go to {tenant.email} or {tenant.phone}.", "5. English law applies."]
    form = {"tenant_name": tenant.name, "tenant_phone": tenant.phone, "card_number": tenant.card}
    info = {"Title": "Lease of business premises", "Author": f"{staff[0].name} <{staff[0].email}>", "Producer": "Larkfield contract desk",
            "CreationDate": "D:20250314092652Z"}
    return office.pdf([first, second], form, info)


def backup(rng, staff):
    patient = people.person(rng, "GB")
    docx = office.letter(
        ["Occupational health report", f"Patient: {patient.name}, NHS number {identifiers.uk_nhs(rng)}",
         f"Date of birth: {patient.born:%d/%m/%Y}", "Diagnosis: ICD-10 J45.909. Prescribed: salbutamol.", "Fit for work with a window seat."],
        [["Contact", "Value"], ["Phone", patient.phone], ["Mail", patient.email], ["Address", patient.street]],
        f"Confidential - {people.COMPANY}", f"Please send a copy to {staff[2].email}", staff[2].name, "Occupational health report")
    inner = archives.zip_of([("health/report.docx", docx), ("health/index.txt", b"1 report\n")])
    passwd = f"backup_user=archiver\nbackup_password={secrets.password(rng)}\n"
    return archives.tar_gz_of([("backup/2025-03/health.zip", inner), ("backup/2025-03/job.ini", passwd.encode()),
                               ("backup/2025-03/README", b"Monthly backup. Keep for two years.\n")])


def customer_list(customers):
    rows = [["customer_id", "name", "email", "phone", "country", "address", "date_of_birth", "national_id", "iban", "card_number", "segment"]]
    for n, p in enumerate(customers, 1001):
        rows.append([n, p.name, p.email, p.phone, p.country, p.street, p.born.isoformat(), p.national_id, p.iban, p.card, "ABC"[n % 3]])
    return csv_of(rows)


def exported_leads(rng):
    rows = [["lead", "mail", "vin", "mobile"]] + [[p.name, p.email, identifiers.vin(rng), p.phone] for p in people.people(rng, 12)]
    return csv_of(rows, ";")


def orders(path, rng, customers):
    database = sqlite3.connect(path)
    with database:
        database.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, phone TEXT, ssn TEXT)")
        database.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, total_cents INTEGER, placed_at TEXT, note TEXT)")
        database.execute("CREATE TABLE payments (order_id INTEGER, card_number TEXT, paid_at TEXT)")
        for n, p in enumerate(people.people(rng, 40, country="US"), 1):
            database.execute("INSERT INTO customers VALUES (?,?,?,?,?)", (n, p.name, p.email, p.phone, p.national_id))
            for _ in range(1 + rng.randrange(2)):
                when = (FIRST_DAY + datetime.timedelta(minutes=rng.randrange(6000))).isoformat()
                note = f"leave with neighbour, call {p.phone}" if rng.randrange(6) == 0 else None
                order = database.execute("INSERT INTO orders (customer_id, total_cents, placed_at, note) VALUES (?,?,?,?)",
                                         (n, rng.randrange(900, 40000), when, note)).lastrowid
                database.execute("INSERT INTO payments VALUES (?,?,?)", (order, p.card.replace(" ", ""), when))
    database.close()


def log(rng, customers, lines):
    out, when = [], FIRST_DAY
    for n in range(lines):
        when += datetime.timedelta(seconds=rng.randrange(1, 90), milliseconds=rng.randrange(1000))
        stamp = when.isoformat(timespec="milliseconds") + "Z"
        ip, order, p = identifiers.address(rng), rng.randrange(40000, 60000), customers[rng.randrange(len(customers))]
        kind = rng.randrange(40)
        if kind == 0:
            out.append(f"{stamp} WARN  login failed for {p.email} from {ip}")
        elif kind == 1:
            out.append(f"{stamp} DEBUG sms gateway: to={p.phone} status=queued id={identifiers.digits(rng, 12)}")
        elif kind == 2:
            out.append(f"{stamp} ERROR payment refused order={order} card={p.card.replace(' ', '')} code=51")
        elif n == 77:
            claims = {"sub": str(order), "name": p.name, "iat": 1741590000}
            out.append(f"{stamp} DEBUG request header Authorization: Bearer {secrets.jwt(rng, claims)}")
        else:
            out.append(f"{stamp} INFO  GET /orders/{order} 200 {rng.randrange(2, 900)}ms bytes={rng.randrange(200, 90000)} worker={n % 8}")
    return "\n".join(out) + "\n"


def source_code(rng):
    dsn = f"postgresql://orders_app:{secrets.password(rng).replace('!', '-')}@db1.{people.DOMAIN}:5432/orders"
    python = f'''"""Takes orders from the queue and charges them."""
import os

DATABASE_URL = "{dsn}"
STRIPE_KEY = "{secrets.stripe_key(rng)}"
RETRIES = 3


def connect():
    # The variable wins over what stands above.
    return open_database(os.environ.get("DATABASE_URL", DATABASE_URL), password=os.environ["DB_PASSWORD"])
'''
    javascript = f'''// Posts a line to the channel of the warehouse.
const slackToken = "{secrets.slack_token(rng)}";
const testCard = "4000 0000 0000 0002"; // assay:ignore CREDIT_CARD

export function notify(text) {{
  return fetch("https://slack.com/api/chat.postMessage", {{
    method: "POST",
    headers: {{ Authorization: `Bearer ${{slackToken}}` }},
    body: JSON.stringify({{ channel: "#warehouse", text }}),
  }});
}}
'''
    env = (f"AWS_ACCESS_KEY_ID={secrets.aws_key_id(rng)}\nAWS_SECRET_ACCESS_KEY={secrets.aws_secret(rng)}\n"
           f"GITHUB_TOKEN={secrets.github_token(rng)}\nSMTP_PASSWORD={secrets.password(rng)}\nLOG_LEVEL=info\nAPI_KEY=changeme\n")
    yaml = (f"replicas: 2\nimage: registry.{people.DOMAIN}/shop:1.14.2\nredis:\n  host: cache1.{people.DOMAIN}\n"
            f"  password: \"{secrets.password(rng)}\"\nsmtp:\n  password: ${{SMTP_PASSWORD}}\n")
    return {"src/orders.py": python, "src/notify.js": javascript, "src/.env": env, "src/deploy/values.yaml": yaml,
            "src/deploy/gateway.key": secrets.private_key(rng)}


def staff_file(staff):
    return json.dumps([{"name": p.name, "email": p.email, "phoneNumber": p.phone, "dateOfBirth": p.born.isoformat(),
                        "nationalId": p.national_id, "country": p.country, "bankAccount": {"iban": p.iban},
                        "homeAddress": p.street} for p in staff], indent=2, ensure_ascii=False) + "\n"


def old_letter(p):
    return (f"Sehr geehrte Damen und Herren,\n\nmeine neue Bankverbindung lautet {p.iban}.\nMeine Steuer-Identifikationsnummer ist {p.national_id}.\n"
            f"Für Rückfragen: {p.email} oder {p.phone}\n\nMit freundlichen Grüßen\n{p.name}\n{p.street}\n")


def notes_page(p, q):
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Notes of the sales meeting</title>
<script>var build = "2025.3.14";</script></head>
<body><h1>Sales meeting</h1>
<p>Follow up with {p.name}: <a href="mailto:{p.email}">write</a> or call {p.phone}.</p>
<!-- {q.name} asked to be left out: {q.email} -->
<ul><li>Ship to {p.street}</li><li>3 &times; tents, item 774&#45;20</li></ul>
</body></html>
"""


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def main(folder):
    rng = random.Random(SEED)
    staff = people.people(rng, 14, domain=people.DOMAIN)
    customers = people.people(rng, 80)
    german = people.person(rng, "DE")

    write(folder, "README.txt", f"Files of {people.COMPANY}, a shop that does not exist. Everything here is invented.\n")
    write(folder, "mail/inbox.mbox", inbox(rng, staff, customers))
    write(folder, "finance/payroll.xlsx", payroll(rng, staff))
    write(folder, "contracts/agreement.pdf", agreement(rng, staff))
    write(folder, "archive/backup.tar.gz", backup(rng, staff))
    write(folder, "crm/customers.csv", customer_list(customers))
    write(folder, "crm/leads_export.dat", exported_leads(rng))
    write(folder, "app/orders.sqlite", b"")
    (folder / "app/orders.sqlite").unlink()
    orders(folder / "app/orders.sqlite", rng, customers)
    write(folder, "logs/app.log", log(rng, customers, 400))
    write(folder, "logs/app.log.1.gz", archives.gzip_of(log(rng, customers, 250).encode()))
    for name, text in source_code(rng).items():
        write(folder, name, text)
    write(folder, "hr/staff.json", staff_file(staff))
    write(folder, "legacy/latin1.txt", old_letter(german).encode("latin-1"))
    write(folder, "legacy/utf16.txt", b"\xff\xfe" + old_letter(people.person(rng, "DE")).replace("\n", "\r\n").encode("utf-16-le"))
    write(folder, "notes.html", notes_page(customers[20], customers[21]))
    whole = archives.zip_of([("scans/list.csv", customer_list(customers[40:42]).encode()), ("scans/blob.bin", secrets.some_bytes(rng, 4000))])
    write(folder, "archive/truncated.zip", whole[:len(whole) * 2 // 3])
    write(folder, "archive/board-minutes.zip",
          archives.encrypted_zip_of("minutes.txt", b"Nobody reads this without the password.\n", b"larkfield", secrets.some_bytes(rng, 11)))
    write(folder, "archive/old-till.bin", secrets.some_bytes(rng, 6000))
    print(f"wrote the example files to {folder}")


if __name__ == "__main__":
    if len(sys.argv) > 2 or any(argument.startswith("-") for argument in sys.argv[1:]):
        sys.exit(__doc__.strip())
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "generated")
