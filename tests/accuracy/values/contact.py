"""How people are reached, where they live, when they were born and what ails them."""
import names
from values.kind import birth, digits, grouped, kind, letters, number, pick

MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}


def email(rng):
    first, last = names.first(rng).lower(), names.last(rng).lower()
    local = pick(rng, (4, f"{first}.{last}"), (2, f"{first[0]}{last}"), (1, f"{first}{number(rng, 1, 99)}"), (1, f"{first}.{last}+news"), (1, f"{last}_{first}"))
    return f"{local}@{rng.choice(['kestrel-systems.com', 'mail.larkfield.co.uk', 'hanse-logistik.de', 'postbox.net', 'brightwater.org', 'web.de', 'gmail.com'])}"


def date_text(rng, when=None):
    when = when or birth(rng, 2015, 2025)
    d, m, y = when.day, when.month, when.year
    return pick(rng, (4, f"{when:%Y-%m-%d}"), (2, f"{when:%d.%m.%Y}"), (2, f"{when:%m/%d/%Y}"), (1, f"{when:%d/%m/%Y}"),
                (1, f"{MONTHS['en'][m - 1]} {d}, {y}"), (1, f"{d} {MONTHS['en'][m - 1]} {y}"), (1, f"{d}. {MONTHS['de'][m - 1]} {y}"),
                (1, f"{d} {MONTHS['fr'][m - 1]} {y}"), (1, f"{d} de {MONTHS['es'][m - 1]} de {y}"), (1, f"{when:%d-%b-%Y}"))


def date_time(rng):
    when = birth(rng, 2015, 2025)
    clock = f"{rng.randrange(24):02d}:{rng.randrange(60):02d}"
    return pick(rng, (4, date_text(rng, when)), (3, f"{when:%Y-%m-%d}T{clock}:{rng.randrange(60):02d}Z"), (2, f"{when:%Y-%m-%d} {clock}:{rng.randrange(60):02d}"),
                (1, f"{when:%d.%m.%Y} {clock}"))


def phone(rng):
    us = f"{rng.choice(['212', '415', '312', '617', '206', '503'])}{number(rng, 2, 9)}{rng.choice('0234')}{number(rng, 0, 9)}{digits(rng, 4)}"
    return pick(rng,
                (2, f"({us[:3]}) {us[3:6]}-{us[6:]}"), (2, grouped(us, (3, 3, 4), "-")), (1, "+1 " + grouped(us, (3, 3, 4), "-")), (1, grouped(us, (3, 3, 4), ".")),
                (1, f"+44 20 7{digits(rng, 3)} {digits(rng, 4)}"), (1, f"07{number(rng, 700, 999)} {digits(rng, 6)}"), (1, f"020 7{digits(rng, 3)} {digits(rng, 4)}"),
                (2, f"+49 {rng.choice(['30', '40', '89', '221'])} {number(rng, 1000000, 99999999)}"), (1, f"0{number(rng, 151, 179)} {number(rng, 1000000, 99999999)}"),
                (1, f"0{number(rng, 30, 99)}/{number(rng, 100000, 9999999)}"),
                (2, "0" + rng.choice("123456") + " " + " ".join(digits(rng, 2) for _ in range(4))), (1, "+33 6 " + " ".join(digits(rng, 2) for _ in range(4))),
                (1, f"+34 6{digits(rng, 2)} {digits(rng, 3)} {digits(rng, 3)}"), (1, f"+39 3{digits(rng, 2)} {digits(rng, 7)}"), (1, f"+91 9{digits(rng, 4)} {digits(rng, 5)}"),
                (1, f"+48 6{digits(rng, 2)} {digits(rng, 3)} {digits(rng, 3)}"), (1, f"(11) 9{digits(rng, 4)}-{digits(rng, 4)}"), (1, f"090-{number(rng, 1000, 9999)}-{digits(rng, 4)}"),
                (1, f"+861{rng.choice('3578')}{digits(rng, 9)}"))


def address(rng):
    n = number(rng, 1, 240)
    return pick(rng,
                (3, f"{n} {rng.choice(['Maple', 'Oak Hill', 'Washington', 'King', 'North Park'])} {rng.choice(['Street', 'Avenue', 'Road', 'Lane', 'St', 'Blvd', 'Drive'])}"),
                (3, f"{rng.choice(['Linden', 'Haupt', 'Schiller', 'Garten'])}{rng.choice(['straße', 'str.', 'weg', 'allee'])} {n}"),
                (2, f"{n} {rng.choice(['rue de la Paix', 'avenue Victor Hugo', 'boulevard Voltaire', 'rue du Moulin', 'place Bellecour'])}"),
                (2, f"{rng.choice(['Calle Mayor', 'Avenida de la Constitución', 'Calle de Alcalá', 'Rua Augusta', 'Avenida Paulista'])}, {n}"),
                (1, f"{rng.choice(['Via Garibaldi', 'Corso Vittorio Emanuele', 'Piazza Dante', 'Via dei Mille'])} {n}"),
                (1, f"{rng.choice(['Keizersgracht', 'Dorpsstraat', 'Stationsplein'])} {n}"),
                (1, f"ul. {rng.choice(['Mickiewicza', 'Polna', 'Kwiatowa'])} {n}"))


def coordinates(rng):
    lat, lon = rng.uniform(-60, 65), rng.uniform(-170, 170)
    return pick(rng, (5, f"{lat:.6f}, {lon:.6f}"), (2, f"{abs(lat):.4f}° {'N' if lat > 0 else 'S'}, {abs(lon):.4f}° {'E' if lon > 0 else 'W'}"), (2, f"{lat:.5f},{lon:.5f}"))


DIAGNOSES = "E11.9 I10 J45.909 F32.1 M54.5 K21.9 C50.911 N18.3 G40.909 S72.001A Z79.4 F41.1 B20 J18.9 E78.5 I25.10".split()
DRUGS = "metformin lisinopril atorvastatin sertraline amoxicillin omeprazole levothyroxine ibuprofen warfarin insulin glargine".split()[:9]


def mrn(rng):
    return pick(rng, (5, digits(rng, 8).replace("0", "4", 1)), (3, number(rng, 100000, 9999999)), (2, "MR" + digits(rng, 7)))


KINDS = [
    kind("EMAIL_ADDRESS", email, "E-mail|Email|Mail|Contact|Courriel|Correo", "email|email_address|contact_email", group="contact"),
    kind("PHONE_NUMBER", phone, "Phone|Tel.|Mobile|Telefon|Tél.|Teléfono|Cell|Fax", "phone|mobile|phone_number|tel", group="contact"),
    kind("STREET_ADDRESS", address, "Address|Street|Anschrift|Adresse|Dirección|Ship to", "address|street|address_line_1", group="contact"),
    kind("GEO_COORDINATES", coordinates, "GPS|Coordinates|Position|Location", "coordinates|gps|geo", group="contact"),
    kind("DATE_OF_BIRTH", lambda r: date_text(r, birth(r)), "Date of birth|DOB|Geburtsdatum|Date de naissance|Fecha de nacimiento|Born", "dob|date_of_birth|birth_date", alone=False),
    kind("DATE_TIME", date_time, "Date|Due date|Admitted|Datum|Appointment|Valid until", "date|created_at|due_date", group="contact"),
    kind("ICD10_CODE", lambda r: r.choice(DIAGNOSES), "Diagnosis|ICD-10|Dx|Diagnose|ICD-10 code", "icd10|diagnosis_code|dx_code", alone=False, group="health"),
    kind("DRUG_NAME", lambda r: r.choice(DRUGS), "Medication|Prescribed|Rx|Drug", "medication|drug|rx", group="health"),
    kind("MEDICAL_RECORD_NUMBER", mrn, "MRN|Medical record number|Patient ID|Medical Record No.|Patient number", "mrn|medical_record_number|patient_id", alone=False, group="health"),
]
