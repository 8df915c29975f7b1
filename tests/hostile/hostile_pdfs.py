"""PDFs that are locked, broken, endless or dressed up as something else."""

from __future__ import annotations

import io
import zlib

from hostile_case import Case, of

_FONT = "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"


def pdf(*objects: str | bytes, trailer: str = "/Root 1 0 R") -> bytes:
    """A PDF of numbered objects with a sound cross-reference table."""
    out, at = io.BytesIO(b""), []
    out.write(b"%PDF-1.7\n")
    for one in objects:
        at.append(out.tell())
        out.write(one.encode() if isinstance(one, str) else one)
    start = out.tell()
    out.write(f"xref\n0 {len(at) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{offset:010d} 00000 n \n" for offset in at).encode())
    out.write(f"trailer<</Size {len(at) + 1}{trailer}>>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def stream(number: int, body: bytes, extra: str = "") -> bytes:
    return f"{number} 0 obj<</Length {len(body)}{extra}>>stream\n".encode() + body + b"\nendstream endobj\n"


def page(
    contents: bytes,
    kids: str = "3 0 R",
    count: str = "1",
    resources: str = "/Font<</F 5 0 R>>",
    more: tuple[str | bytes, ...] = (),
) -> bytes:
    return pdf(
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {count}>>endobj\n",
        f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<{resources}>>>>endobj\n",
        contents,
        _FONT,
        *more,
    )


TEXT = b"BT /F 12 Tf 50 700 Td (Comrades, report at once. Report what is true.) Tj ET"
PLAIN = stream(4, TEXT)


def encrypted(password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(page(PLAIN))))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def inflating(size: int) -> bytes:
    return page(stream(4, zlib.compress(TEXT + b" " * size, 9), "/Filter/FlateDecode"))


def previous_of_itself() -> bytes:
    whole = page(PLAIN)
    start = whole.rindex(b"xref\n0 ")
    return whole.replace(b"/Root 1 0 R>>", f"/Root 1 0 R/Prev {start}>>".encode())


REFUSED = (
    "damaged",
    "timeout",
    "oversized",
    "memory",
    "crashed",
    "no-text",
    "no-text-layer",
    "empty",
    "encrypted",
    "encoding",
)
CASES = (
    Case("plain.pdf", of(page(PLAIN)), keeps="Report what is true"),
    Case("locked.pdf", of(lambda: encrypted("secret")), ("encrypted",)),
    Case("owner-locked.pdf", of(lambda: encrypted("")), ("added", "encrypted")),
    Case("truncated.pdf", of(page(PLAIN)[:200]), REFUSED),
    Case("header-only.pdf", of(b"%PDF-1.7\n"), REFUSED),
    Case("half-a-table.pdf", of(page(PLAIN)[:-60]), ("added", *REFUSED)),
    Case("looped-tree.pdf", of(page(PLAIN, kids="2 0 R 2 0 R")), REFUSED),
    Case("page-of-itself.pdf", of(page(PLAIN, kids="3 0 R " * 1_000, count="1000")), ("added", *REFUSED)),
    Case("million-pages.pdf", of(page(PLAIN, kids="3 0 R " * 1_000_000, count="1000000")), ("oversized", "damaged")),
    Case("million-claimed.pdf", of(page(PLAIN, count="1000000")), ("added", *REFUSED)),
    Case("negative-count.pdf", of(page(PLAIN, count="-5")), ("added", *REFUSED)),
    Case("looped-previous.pdf", of(previous_of_itself), ("added", *REFUSED)),
    Case("looped-form.pdf", of(page(stream(4, TEXT + b" /X Do"), resources="/Font<</F 5 0 R>>/XObject<</X 6 0 R>>", more=(
        stream(6, TEXT + b" /X Do", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>/Font<</F 5 0 R>>>>"),
    ))), ("added", *REFUSED)),
    Case("flate-bomb.pdf", of(lambda: inflating(200_000_000)), ("added", *REFUSED)),
    Case("flate-bomb-3GB.pdf", of(lambda: inflating(3_000_000_000)), REFUSED, long=True),
    Case("nested-arrays.pdf", of(page(PLAIN, more=("6 0 obj" + "[" * 50_000 + "]" * 50_000 + "endobj\n",))), ("added", *REFUSED)),
    Case("nested-contents.pdf", of(page(stream(4, b"[" * 100_000))), REFUSED),
    Case("huge-numbers.pdf", of(page(PLAIN).replace(b"600 800", b"9" * 400)), ("added", *REFUSED)),
    Case("no-text.pdf", of(page(stream(4, b"0 0 100 100 re f"))), ("no-text-layer",)),
    Case("no-pages.pdf", of(page(PLAIN, kids="", count="0")), REFUSED),
    Case("script.pdf", of(page(PLAIN).replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")), ("added", *REFUSED)),
    Case("pdf-as.txt", of(page(PLAIN)), note="内容是PDF", keeps="Report what is true"),
    Case("pdf-as.docx", of(page(PLAIN)), note="内容是PDF"),
    Case("html-as.pdf", of("<html><body><p>同志们，信息要快，要准，要实。</p></body></html>"), note="网页"),
)  # fmt: skip
