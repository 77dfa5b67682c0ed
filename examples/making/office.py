"""Office Open XML (ECMA-376) and PDF (ISO 32000), written by hand: a workbook, a letter and a contract."""

import zlib
from xml.sax.saxutils import escape

from making.archives import zip_of

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument"


def relationships(entries):
    body = "".join(f'<Relationship Id="rId{i}" Type="{kind if "/" in kind else REL + "/" + kind}" Target="{target}"/>'
                   for i, (kind, target) in enumerate(entries, 1))
    return f'{HEAD}<Relationships xmlns="{PKG}/relationships">{body}</Relationships>'


def content_types(overrides):
    body = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides)
    return (f'{HEAD}<Types xmlns="{PKG}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{body}</Types>')


def core_properties(author, title):
    return (f'{HEAD}<cp:coreProperties xmlns:cp="{PKG}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator></cp:coreProperties>")


CORE_KIND = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"


class Workbook:
    """sheets: [(name, hidden, rows)]; cells are str, int, float or None. comments: {sheet index: [(cell, text)]}."""

    def __init__(self, sheets, comments, author, title):
        self.sheets, self.comments, self.author, self.title = sheets, comments, author, title
        self.strings = {}

    def cell(self, place, value):
        if value is None:
            return ""
        if isinstance(value, str):
            return f'<c r="{place}" t="s"><v>{self.strings.setdefault(value, len(self.strings))}</v></c>'
        return f'<c r="{place}"><v>{value}</v></c>'

    def sheet(self, rows):
        body = ""
        for n, row in enumerate(rows, 1):
            cells = "".join(self.cell(f"{chr(65 + i)}{n}", value) for i, value in enumerate(row))
            body += f'<row r="{n}">{cells}</row>'
        return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'

    def comment_part(self, comments):
        body = "".join(f'<comment ref="{cell}" authorId="0"><text><r><t>{escape(text)}</t></r></text></comment>'
                       for cell, text in comments)
        return (f'{HEAD}<comments xmlns="{MAIN}"><authors><author>{escape(self.author)}</author></authors>'
                f"<commentList>{body}</commentList></comments>")

    def to_bytes(self):
        parts, types, links = [], [("/xl/workbook.xml", f"{TYPE}.spreadsheetml.sheet.main+xml")], []
        entries = ""
        for n, (name, hidden, rows) in enumerate(self.sheets, 1):
            parts.append((f"xl/worksheets/sheet{n}.xml", self.sheet(rows)))
            types.append((f"/xl/worksheets/sheet{n}.xml", f"{TYPE}.spreadsheetml.worksheet+xml"))
            links.append(("worksheet", f"worksheets/sheet{n}.xml"))
            state = ' state="hidden"' if hidden else ""
            entries += f'<sheet name="{escape(name)}" sheetId="{n}"{state} r:id="rId{n}"/>'
            if n - 1 in self.comments:
                parts.append((f"xl/comments{n}.xml", self.comment_part(self.comments[n - 1])))
                parts.append((f"xl/worksheets/_rels/sheet{n}.xml.rels", relationships([("comments", f"../comments{n}.xml")])))
                types.append((f"/xl/comments{n}.xml", f"{TYPE}.spreadsheetml.comments+xml"))
        links.append(("sharedStrings", "sharedStrings.xml"))
        types += [("/xl/sharedStrings.xml", f"{TYPE}.spreadsheetml.sharedStrings+xml"), ("/docProps/core.xml", CORE_TYPE)]
        strings = "".join(f"<si><t>{escape(s)}</t></si>" for s in self.strings)
        return zip_of([
            ("[Content_Types].xml", content_types(types)),
            ("_rels/.rels", relationships([("officeDocument", "xl/workbook.xml"), (CORE_KIND, "docProps/core.xml")])),
            ("docProps/core.xml", core_properties(self.author, self.title)),
            ("xl/workbook.xml", f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{entries}</sheets></workbook>'),
            ("xl/_rels/workbook.xml.rels", relationships(links)),
            ("xl/sharedStrings.xml", f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(self.strings)}">{strings}</sst>'),
            *parts,
        ])


def paragraph(text):
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def letter(paragraphs, table, header, comment, author, title):
    """A DOCX with a table, a page header and a reviewer's comment."""
    rows = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in row) + "</w:tr>" for row in table)
    body = "".join(paragraph(p) for p in paragraphs) + f"<w:tbl>{rows}</w:tbl>" + paragraph("")
    space = f'xmlns:w="{WORD}" xmlns:r="{REL}"'
    document = f'{HEAD}<w:document {space}><w:body>{body}<w:sectPr><w:headerReference w:type="default" r:id="rId1"/></w:sectPr></w:body></w:document>'
    comments = f'{HEAD}<w:comments {space}><w:comment w:id="0" w:author="{escape(author)}">{paragraph(comment)}</w:comment></w:comments>'
    kinds = [("document", "document.main"), ("header1", "header"), ("comments", "comments")]
    types = [(f"/word/{name}.xml", f"{TYPE}.wordprocessingml.{kind}+xml") for name, kind in kinds] + [("/docProps/core.xml", CORE_TYPE)]
    return zip_of([
        ("[Content_Types].xml", content_types(types)),
        ("_rels/.rels", relationships([("officeDocument", "word/document.xml"), (CORE_KIND, "docProps/core.xml")])),
        ("docProps/core.xml", core_properties(author, title)),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relationships([("header", "header1.xml"), ("comments", "comments.xml")])),
        ("word/header1.xml", f"{HEAD}<w:hdr {space}>{paragraph(header)}</w:hdr>"),
        ("word/comments.xml", comments),
    ])


def pdf_string(text):
    """A literal string in PDFDocEncoding, which is Latin-1 for what is written here."""
    raw = text.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"(" + raw + b")"


def page_content(lines, compressed):
    text = b"BT /F1 11 Tf 14 TL 56 780 Td " + b"".join(pdf_string(line) + b" Tj T* " for line in lines) + b"ET"
    if not compressed:
        return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text)
    text = zlib.compress(text, 9)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(text), text)


def pdf(pages, form, info):
    """pages: [[line]], the second one compressed; form: {field name: value}; info: {key: value}."""
    objects = {3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"}
    kids, fields = [], []
    number = 4
    for index, lines in enumerate(pages):
        page, content = number, number + 1
        number += 2
        annotations = b""
        if index == len(pages) - 1:
            for row, (name, value) in enumerate(form.items()):
                y = 300 - 24 * row
                objects[number] = (b"<< /Type /Annot /Subtype /Widget /FT /Tx /T %s /V %s /Rect [56 %d 400 %d] /DA (/F1 11 Tf) /P %d 0 R >>"
                                   % (pdf_string(name), pdf_string(value), y, y + 18, page))
                fields.append(b"%d 0 R" % number)
                number += 1
            annotations = b" /Annots [" + b" ".join(fields) + b"]"
        objects[page] = (b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R%s >>"
                         % (content, annotations))
        objects[content] = page_content(lines, compressed=index == 1)
        kids.append(b"%d 0 R" % page)
    objects[1] = (b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] /DR << /Font << /F1 3 0 R >> >> /NeedAppearances true >> >>"
                  % b" ".join(fields))
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    objects[number] = b"<< " + b" ".join(b"/" + k.encode() + b" " + pdf_string(v) for k, v in info.items()) + b" >>"
    out, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for n in range(1, number + 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, objects[n])
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (number + 1, number, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (number + 1) + table + trailer
