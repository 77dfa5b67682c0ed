"""Documents in the styles that organisations keep, written piece by piece so that each value's place is known."""
import json

import decoys
import names
import sentences
from values.contact import date_time
from values.everywhere import ip


class Document:
    """Text that knows where its values stand. Offsets are bytes of UTF-8."""

    def __init__(self, name, style):
        self.name, self.style = name, style
        self.parts, self.at, self.labels = [], 0, []

    def text(self, text):
        self.parts.append(text)
        self.at += len(text.encode())
        return self

    def value(self, entity, value, how):
        """`how`: labelled, or bare when only the value itself says what it is."""
        self.labels.append({"file": self.name, "entity": entity, "value": value, "start": self.at, "end": self.at + len(value.encode()), "how": how, "style": self.style})
        return self.text(value)

    def formatted(self, template, rng, kind, how, label=""):
        """Writes `template` with {v} as a labelled value."""
        before, _, after = template.partition("{v}")
        person = names.full(rng, kind.language)
        fill = lambda t: t.replace("{l}", label).replace("{n}", person)  # noqa: E731
        return self.text(fill(before)).value(kind.entity, kind.make(rng), how).text(fill(after))

    def content(self):
        return "".join(self.parts)


def name_of(rng, kind):
    return rng.choice(kind.labels)


def date(doc, rng):
    return doc.value("DATE_TIME", date_time(rng), "bare")


def prose(rng, kinds, doc):
    """A letter: filler, values named in sentences, order numbers in between."""
    language = kinds[0].language
    filler = sentences.FILLER.get(language, sentences.FILLER["en"])
    doc.text(f"{rng.choice(names.COMPANIES)}\n\n")
    for kind in kinds:
        doc.text(rng.choice(filler) + " ")
        doc.formatted(rng.choice(sentences.LABELLED.get(kind.language, sentences.LABELLED["en"])), rng, kind, "labelled", name_of(rng, kind))
        if rng.random() < 0.5:
            label, value = rng.choice(decoys.INLINE)(rng)
            doc.text(f" {label} {value}.")
        doc.text(" " + rng.choice(filler) + "\n\n")


def notes(rng, kinds, doc):
    """Notes in which nothing says what a value is."""
    for kind in kinds:
        doc.formatted(rng.choice(sentences.BARE.get(kind.language, sentences.BARE["en"])), rng, kind, "bare")
        doc.text("\n" + rng.choice(sentences.FILLER.get(kind.language, sentences.FILLER["en"])) + "\n")


def form(rng, kinds, doc):
    """Fields one under the other, with some that are no one's business."""
    separator = rng.choice([": ", ": ", ": ", " : ", ":\t", " = ", " - ", "    ", "\t", ".......: ", ":\n  "])
    doc.text(f"{rng.choice(['PERSONAL DATA SHEET', 'Application', 'Registration form', 'Stammblatt', 'Fiche client'])}\n\n")
    for kind in kinds:
        if rng.random() < 0.4:
            label, value = rng.choice(decoys.INLINE)(rng)
            doc.text(f"{label}{separator}{value}\n")
        doc.text(name_of(rng, kind) + separator).value(kind.entity, kind.make(rng), "labelled").text("\n")


def mail(rng, kinds, doc):
    doc.text(f"From: {names.full(rng)} <").value("EMAIL_ADDRESS", "a.reid@kestrel-systems.com", "labelled").text(">\nSubject: your request\n\nHello,\n\n")
    for kind in kinds:
        template = rng.choice(["my {l} is {v}, thanks\n", "{l} - {v}\n", "{l}: {v}\n", "as discussed ({l} {v})\n", "{l} no {v}\n", "here is the {l} you asked for:\n{v}\n", "> {l}: {v}\n"])
        doc.formatted(template, rng, kind, "labelled", name_of(rng, kind))
    doc.text(f"\nBest regards\n{names.full(rng)}\n")


def chat(rng, kinds, doc):
    for kind in kinds:
        person = names.first(rng).lower()
        doc.text(f"{person}: " + rng.choice(["hi, can you help me?", "it says it is not valid", "ok one second", f"order {decoys.digits(rng, 8)} never arrived"]) + "\n")
        doc.text(f"agent: what is your {name_of(rng, kind).lower()}?\n{person}: ").value(kind.entity, kind.make(rng), "labelled").text("\n")


def as_key(rng, kind, style):
    key = rng.choice(kind.keys)
    if style == "camel":
        head, *tail = key.split("_")
        return head + "".join(part.capitalize() for part in tail)
    return key.upper() if style == "upper" else key


def record_fields(rng, kinds):
    """(key, value, kind or None), values and decoys mixed."""
    fields = [(None, kind) for kind in kinds] + [(rng.choice(decoys.KEYED)(rng), None) for _ in range(rng.randint(2, 4))]
    rng.shuffle(fields)
    return fields


def json_api(rng, kinds, doc):
    style = rng.choice(["snake", "camel"])
    indent = rng.choice(["\n    ", " ", ""])
    doc.text("{" + f'"status": 200, "data": [{{')
    for i, (decoy, kind) in enumerate(record_fields(rng, kinds)):
        doc.text(("," if i else "") + indent)
        if kind is None:
            key, value = decoy
            doc.text(f'"{key}": {value if value.isdigit() and value[0] != "0" else json.dumps(value)}')
        else:
            value = kind.make(rng)
            plain = value.isdigit() and value[0] != "0" and rng.random() < 0.3
            doc.text(f'"{as_key(rng, kind, style)}":' + rng.choice([" ", ""]) + ("" if plain else '"')).value(kind.entity, value, "labelled").text("" if plain else '"')
    doc.text("}]}\n")


def yaml_file(rng, kinds, doc):
    doc.text("customer:\n")
    for decoy, kind in record_fields(rng, kinds):
        if kind is None:
            doc.text(f"  {decoy[0]}: {decoy[1]}\n")
        else:
            quote = rng.choice(["", "'", '"'])
            doc.text(f"  {as_key(rng, kind, 'snake')}: {quote}").value(kind.entity, kind.make(rng), "labelled").text(quote + "\n")


def settings(rng, kinds, doc):
    upper = rng.random() < 0.5
    doc.text("# fixtures of the test tenant\n" if upper else "[tenant]\n")
    for decoy, kind in record_fields(rng, kinds):
        if kind is None:
            doc.text(f"{decoy[0].upper() if upper else decoy[0]}={decoy[1]}\n")
        else:
            doc.text(as_key(rng, kind, "upper" if upper else "snake") + "=").value(kind.entity, kind.make(rng), "labelled").text("\n")


def source(rng, kinds, doc):
    doc.text(f"# Copyright {rng.choice(names.COMPANIES)}\nimport unittest\n\nMAX_RETRIES = {rng.randrange(9)}\nMASK = 0x{rng.getrandbits(32):08x}\n\n\nclass TestCustomer(unittest.TestCase):\n")
    for kind in kinds:
        key = as_key(rng, kind, "snake")
        template = rng.choice([f'    def test_{key}(self):\n        self.assertTrue(valid_{key}("{{v}}"))\n', f'    {key} = "{{v}}"\n', f'    customer.{key} = \'{{v}}\'  # from production\n',
                               f'    Customer({key}="{{v}}", retries={rng.randrange(99)})\n', f"    # {name_of(rng, kind)} {{v}}\n", f"    set_{key}('{{v}}');\n"])
        doc.formatted(template, rng, kind, "labelled")
        doc.text(f"        x = {rng.randrange(1 << 30)} ^ {decoys.digits(rng, 6)}\n")


def sql(rng, kinds, doc):
    kinds = kinds[:3]
    keys = [as_key(rng, kind, "snake") for kind in kinds]
    doc.text(f"INSERT INTO `customer` (`id`, {', '.join(f'`{key}`' for key in keys)}) VALUES\n")
    rows = 6
    for row in range(rows):
        doc.text(f"({row + 1}")
        for kind in kinds:
            doc.text(", '").value(kind.entity, kind.make(rng).replace("'", ""), "labelled").text("'")
        doc.text(");\n" if row == rows - 1 else "),\n")


def log(rng, kinds, doc):
    for kind in kinds:
        doc.value("DATE_TIME", f"2024-03-{rng.randrange(1, 29):02d} {rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}", "bare")
        key, value = rng.choice(decoys.KEYED)(rng)
        doc.text(f" INFO  [worker-{rng.randrange(16)}] customer.service {key}={value} ")
        separator, quote = rng.choice(["=", "=", ": ", ":", "=\""]), ""
        quote = '"' if separator.endswith('"') else ""
        doc.text(as_key(rng, kind, rng.choice(["snake", "camel"])) + separator).value(kind.entity, kind.make(rng), "labelled").text(quote)
        doc.text(" from ").value("IP_ADDRESS", ip(rng), "bare").text("\n")


def table_rows(rng, kinds, doc, separator, header, rows=12):
    columns = [(None, kind) for kind in kinds[:4]] + [(make, None) for make in rng.sample(decoys.KEYED, 2)]
    rng.shuffle(columns)
    if header:
        doc.text(separator.join(["no"] + [(rng.choice([as_key(rng, kind, "snake"), name_of(rng, kind)]) if kind else make(rng)[0]) for make, kind in columns]) + "\n")
    for row in range(rows):
        doc.text(str(row + 1))
        for make, kind in columns:
            doc.text(separator)
            if kind is None:
                doc.text(make(rng)[1])
                continue
            value = kind.make(rng)
            quote = '"' if separator in value else ""
            doc.text(quote).value(kind.entity, value, "labelled" if header else "bare").text(quote)
        doc.text("\n")


def csv_with_header(rng, kinds, doc):
    table_rows(rng, kinds, doc, rng.choice([",", ",", ";", "\t"]), True)


def csv_without_header(rng, kinds, doc):
    table_rows(rng, [kind for kind in kinds if kind.alone] or kinds, doc, rng.choice([",", ";"]), False)


def xml(rng, kinds, doc):
    doc.text('<?xml version="1.0" encoding="UTF-8"?>\n<customers>\n')
    for _ in range(2):
        doc.text(f'  <customer id="{decoys.digits(rng, 7)}">\n')
        for kind in kinds:
            key = as_key(rng, kind, rng.choice(["snake", "camel"]))
            if rng.random() < 0.2:
                doc.text(f'    <field name="{key}">').value(kind.entity, kind.make(rng), "labelled").text("</field>\n")
            else:
                doc.text(f"    <{key}>").value(kind.entity, kind.make(rng), "labelled").text(f"</{key}>\n")
        doc.text("  </customer>\n")
    doc.text("</customers>\n")


def html(rng, kinds, doc):
    doc.text('<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>Customer</title></head><body>\n<table>\n')
    for kind in kinds:
        label, value = rng.choice(decoys.INLINE)(rng)
        doc.text(f"<tr><th>{name_of(rng, kind)}</th><td>").value(kind.entity, kind.make(rng), "labelled").text(f"</td></tr>\n<tr><th>{label}</th><td>{value}</td></tr>\n")
    doc.text("</table></body></html>\n")


def markdown(rng, kinds, doc):
    doc.text("# Customers\n\n| field | value |\n|---|---|\n")
    for kind in kinds:
        doc.text(f"| {name_of(rng, kind)} | ").value(kind.entity, kind.make(rng), "labelled").text(" |\n")


STYLES = {  # style -> (function, ending of the file's name)
    "letter": (prose, "txt"), "notes": (notes, "txt"), "form": (form, "txt"), "mail": (mail, "txt"), "chat": (chat, "txt"), "json": (json_api, "json"), "yaml": (yaml_file, "yaml"),
    "settings": (settings, "ini"), "source": (source, "py"), "sql": (sql, "sql"), "log": (log, "log"), "csv": (csv_with_header, "csv"), "csv-bare": (csv_without_header, "csv"),
    "xml": (xml, "xml"), "html": (html, "html"), "markdown": (markdown, "md"),
}
