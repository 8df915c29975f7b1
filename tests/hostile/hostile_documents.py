"""Office files and web pages: bombs, loops, lies about the format, and what they try to fetch."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

from hostile_case import GOOD, LINE, Case, of

REFUSED = ("damaged", "timeout", "oversized", "memory", "crashed", "empty", "unsupported", "no-text")
OFFICE = (*REFUSED, "needs-libreoffice", "encrypted", "encoding")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def paragraphs(*texts: str) -> str:
    return "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)


def document(body: str, doctype: str = "") -> str:
    return f'<?xml version="1.0"?>{doctype}<w:document {W}><w:body>{body}</w:body></w:document>'


def docx(main: str | bytes, more: Mapping[str, str | bytes] | None = None, without: str = "") -> bytes:
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": main, **(more or {})}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name != without:
                archive.writestr(name, content)
    return out.getvalue()


SPEECH = paragraphs(*GOOD.splitlines())
PLAIN = docx(document(SPEECH))


def claiming(size: int) -> bytes:
    """A document whose directory claims another size for the text than it has."""
    data = bytearray(PLAIN)
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + 17] != b"word/document.xml":
        at = data.index(b"PK\x01\x02", at + 1)
    data[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(data)


def laughs() -> str:
    lines = ['<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">']
    lines += [f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)]
    return f"<!DOCTYPE w:document [{''.join(lines)}]>"


def repeating() -> bytes:
    """One long entity many times: no nesting that a parser could count, and still gigabytes."""
    return docx(document(SPEECH + paragraphs("&a;" * 50_000), f'<!DOCTYPE w:document [<!ENTITY a "{"哈" * 50_000}">]>'))


def locked_members() -> bytes:
    """Encrypted as ZIP programs do it: a flag on each member, in its own header and in the directory."""
    data = bytearray(PLAIN)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


OUTSIDE = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
NESTED = "<w:tbl><w:tr><w:tc>" * 3000 + paragraphs(LINE) + "<w:p/></w:tc></w:tr></w:tbl>" * 3000


def zipped(names: Mapping[str, bytes]) -> Callable[[], bytes]:
    def make() -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in names.items():
                archive.writestr(name, body)
        return out.getvalue()

    return make


def page(body: str, head: str = "<title>讲话</title>") -> str:
    return f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


HTML = "".join(f"<p>{line}</p>" for line in GOOD.splitlines())
BOUNDARIES = "".join(f"--b{n}\r\nContent-Type: multipart/related; boundary=b{n + 1}\r\n\r\n" for n in range(2000))
MHTML = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b0\r\n\r\n"

CASES = (
    Case("plain.docx", of(PLAIN), keeps="信息抓紧"),
    Case("truncated.docx", of(PLAIN[: len(PLAIN) // 2]), REFUSED),
    Case("claims-4GB.docx", of(claiming(4_000_000_000)), ("oversized",)),
    Case("claims-nothing.docx", of(claiming(1)), ("added", *REFUSED)),
    Case("bomb-400MB.docx", of(lambda: docx(document(SPEECH + "<w:p><w:r><w:t>" + " " * 100_000_000 + "</w:t></w:r></w:p>"), {"word/x.bin": b"\x00" * 300_000_000})), ("added", *REFUSED), long=True),
    Case("bomb-20MB.docx", of(lambda: docx(document(SPEECH + paragraphs(" " * 20_000_000)))), ("added", *REFUSED)),
    Case("bomb-of-parts.docx", of(lambda: docx(document(SPEECH), {f"word/{n}.bin": b"\x00" * 1_000_000 for n in range(40)})), ("added", *REFUSED)),
    Case("billion-laughs.docx", of(docx(document(paragraphs("&j;") + SPEECH, laughs()))), ("added", *REFUSED), never="哈哈哈哈"),
    Case("repeated-entity.docx", of(repeating), ("added", *REFUSED), never="哈哈哈哈"),
    Case("locked-members.docx", of(locked_members), ("encrypted", *REFUSED)),
    Case("outside-entity.docx", of(docx(document(paragraphs("&x;") + SPEECH, OUTSIDE))), ("added", *REFUSED), never="root:"),
    Case("remote-template.docx", of(docx(document(SPEECH), {"word/_rels/document.xml.rels": RELS.replace("word/document.xml", "http://192.0.2.1/t.dotm").replace("officeDocument\"", "attachedTemplate\" TargetMode=\"External\"")})), keeps="信息抓紧"),
    Case("nested-tables.docx", of(docx(document(NESTED))), ("added", *REFUSED)),
    Case("broken-xml.docx", of(docx(document(SPEECH)[:-30])), REFUSED),
    Case("no-document.docx", of(docx("", {"word/styles.xml": "<x/>"}, without="word/document.xml")), REFUSED),
    Case("empty-body.docx", of(docx(document(""))), ("empty", "no-text")),
    Case("climbing-members.docx", of(docx(document(SPEECH), {"../../climbed.txt": "x", "/climbed.txt": "x"})), ("added", *REFUSED)),
    Case("paragraph-of-100kB.docx", of(lambda: docx(document(paragraphs(LINE * 1_700)))), keeps=LINE),
    Case("macro.docm", of(docx(document(SPEECH), {"word/vbaProject.bin": b"\x00" * 100})), keeps="信息抓紧"),
    Case("empty-zip.docx", of(zipped({})), REFUSED),
    Case("zip-as.docx", of(zipped({"a.txt": GOOD.encode()})), ("unsupported",)),
    Case("sheet-as.docx", of(zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})), ("unsupported",)),
    Case("locked.docx", of(OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600), ("encrypted",)),
    Case("truncated.doc", of(OLE + b"\x00" * 100), OFFICE),
    Case("noise.doc", of(OLE + bytes(range(256)) * 40 + "WordDocument".encode("utf-16-le")), OFFICE),
    Case("noise.wps", of(OLE + bytes(range(256)) * 40), OFFICE),
    Case("braces.rtf", of(b"{\\rtf1" + b"{" * 100_000), OFFICE),
    Case("picture-as.docx", of(b"\x89PNG\r\n\x1a\n" + b"\x00" * 1000), ("unsupported",)),
    Case("gzip-as.txt", of(b"\x1f\x8b\x08" + b"\x00" * 1000), ("unsupported",)),
    Case("program-as.txt", of(b"MZ\x90\x00\x03" + bytes(range(256)) * 50), ("binary", "encoding")),
    Case("word-as.txt", of(PLAIN), note="内容是DOCX", keeps="信息抓紧"),
    Case("plain.html", of(page(HTML)), keeps="信息抓紧"),
    Case("deep.html", of(page("<div>" * 20_000 + LINE + "</div>" * 20_000)), ("added", *REFUSED)),
    Case("unclosed.html", of(page("<p><b><i><table><tr><td>" * 300 + LINE)), ("added", *REFUSED)),
    Case("only-script.html", of(page("<script>document.write('x')</script>")), ("empty",)),
    Case("script.html", of(page(HTML + "<script>stolen()</script><img src=http://192.0.2.1/x onerror=stolen()>")), never="stolen"),
    Case("huge-attribute.html", of(page(f"<p title='{'x' * 5_000_000}'>{LINE}</p>" + HTML)), ("added", *REFUSED)),
    Case("laughs.html", of(laughs() + page("<p>&j;</p>" + HTML)), ("added", *REFUSED), never="哈哈哈哈"),
    Case("charset-lies.html", of(page(HTML).replace("utf-8", "big5").encode("gb18030")), ("added", "encoding")),
    Case("outside-entity.html", of(f"<?xml version='1.0'?>{OUTSIDE}{page(f'<p>&x;</p>{HTML}')}"), ("added", *REFUSED), never="root:"),
    Case("one-node-5MB.html", of(lambda: page(f"<p>{LINE * 80_000}</p>").encode()), ("added", *REFUSED), long=True),
    Case("frames.html", of(page("<iframe src='file:///etc/passwd'></iframe>" + HTML)), never="root:"),
    Case("hidden.html", of(page(HTML + "<p style='display:none'>看不见的话</p>")), never="看不见的话"),
    Case("truncated.html", of(page(HTML)[:300]), ("added", *REFUSED)),
    Case("nested.mhtml", of(MHTML + BOUNDARIES), ("added", *OFFICE)),
    Case("truncated.mht", of(MHTML + "--b0\r\nContent-Type: text/html\r\n\r\n<p>同志们"), ("added", *OFFICE)),
)  # fmt: skip
