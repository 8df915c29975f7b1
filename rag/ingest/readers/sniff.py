"""What a file really is: its first bytes decide, its name only where they leave it open."""

from __future__ import annotations

import codecs
import io
import re
import zipfile

from rag.errors import ReadError

# Suffix → the format it promises.
BY_SUFFIX = {
    ".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md", ".pdf": "pdf", ".docx": "docx", ".docm": "docx",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".mht": "mhtml", ".mhtml": "mhtml",
    ".doc": "doc", ".wps": "wps", ".rtf": "rtf", ".odt": "odt",
}  # fmt: skip
NAMES = {
    "txt": "纯文本", "md": "Markdown 文本", "pdf": "PDF", "docx": "DOCX", "html": "网页（HTML）", "mhtml": "单文件网页",
    "doc": "旧版 Word 文档", "wps": "WPS 文字文档", "rtf": "RTF", "odt": "ODT", "word-xml": "Word XML 文档",
}  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
_HTML_START = re.compile(
    r"\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S
)
_WORD_XML = re.compile(r"<\?mso-application\s+progid=\"Word\.Document\"|<w:wordDocument\b|<pkg:package\b")
_MIME = re.compile(r"^MIME-Version:", re.I | re.M)
_RELATED = re.compile(r"^Content-Type:\s*multipart/related", re.I | re.M)
_SAVE_AS_DOCX = "请另存为 DOCX 后再导入。"


def sniff(data: bytes, suffix: str) -> str:
    """The format of ``data``: a key of ``NAMES``. ``suffix`` has its dot and is in lower case.

    Raises ReadError ``unsupported`` for what can be recognised and not be read, ``encrypted`` for Office files
    with a password, ``damaged`` for a broken zip container.
    """
    head = data[:1024]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in head):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_zip(data)
    if data.startswith(_OLE):
        return _in_ole(data, suffix)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(_IMAGES):
        raise ReadError("unsupported", "这是图片，不是文字；请先做文字识别（OCR），存为 DOCX 或 TXT 后再导入。")
    if data.startswith(_ARCHIVES):
        raise ReadError("unsupported", "这是压缩包；请先解压，再导入里面的文件。")
    return _in_text(_head_text(data), suffix)


def disguise_note(found: str, suffix: str) -> str | None:
    """A remark for the report where the suffix promises another format than the one found, else None."""
    promised = BY_SUFFIX.get(suffix)
    if promised == found or {promised, found} == {"doc", "wps"}:
        return None
    if promised is None:
        return f"扩展名“{suffix or '（无）'}”不在支持之列，内容是{NAMES[found]}，已按此读取。"
    return f"扩展名是 {suffix}，内容是{NAMES[found]}，已按{NAMES[found]}读取。"


def _in_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ReadError("damaged", "文件已损坏，打不开；请重新下载或从原处另存一份。") from error
    if mimetype.startswith(b"application/vnd.oasis.opendocument.text"):
        return "odt"
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return "docx"
    if "OFD.xml" in names:
        raise ReadError("unsupported", "暂不支持 OFD 版式文件；请用阅读软件另存为 PDF 后再导入。")
    if any(name.startswith(("xl/", "ppt/")) for name in names):
        raise ReadError("unsupported", f"这是表格或演示文稿，不是文字文档；{_SAVE_AS_DOCX}")
    raise ReadError("unsupported", "这是压缩包或不认识的打包文件；请先解压，再导入里面的文件。")


def _in_ole(data: bytes, suffix: str) -> str:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage") or _is_encrypted_word(data):
        raise ReadError("encrypted", "文档设有打开密码；请用密码打开，取消密码后另存一份再导入。")
    if has("WordDocument"):
        return "wps" if suffix == ".wps" else "doc"
    if has("Workbook") or has("PowerPoint Document"):
        raise ReadError("unsupported", f"这是表格或演示文稿，不是文字文档；{_SAVE_AS_DOCX}")
    if suffix in (".doc", ".wps"):
        return suffix[1:]
    raise ReadError("unsupported", f"不认识的旧版 Office 文件；{_SAVE_AS_DOCX}")


def _is_encrypted_word(data: bytes) -> bool:
    """Word 97–2003 begins its stream, on a sector boundary, with wIdent 0xA5EC; bit 8 of its flags says encrypted."""
    at = data.find(b"\xec\xa5\xc1\x00")
    while at >= 0 and at % 512:
        at = data.find(b"\xec\xa5\xc1\x00", at + 1)
    return at >= 0 and at + 12 <= len(data) and bool(data[at + 11] & 1)


def _head_text(data: bytes) -> str:
    """The first 4 KB as text, good enough to look for markup."""
    head = data[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    return head.decode("latin-1").removeprefix("ï»¿")


def _in_text(head: str, suffix: str) -> str:
    promised = BY_SUFFIX.get(suffix)
    if _MIME.search(head) and _RELATED.search(head):
        return "mhtml"
    if _WORD_XML.search(head):
        return "word-xml"
    if promised == "html" or (promised != "md" and _HTML_START.match(head)):
        return "html"
    return "md" if promised == "md" else "txt"
