"""Errors as the reader's language says them."""

from __future__ import annotations

from rag import errors
from rag.errors import YanjuError
from rag.i18n import DEFAULT, current
from rag.i18n import gettext as _
from rag.ui.telling import told


def sentence(error: YanjuError) -> str:
    """The error in the language of the page. One without a translation keeps its Chinese, after what kind it is."""
    if current() == DEFAULT:
        return str(error)
    translated = _(error.message)
    if translated != error.message:
        return translated.format(**error.values) if error.values else translated
    whole = told(str(error))
    return whole if whole != str(error) else f"{kind(error)} {error}"


def kind(error: YanjuError) -> str:
    """What kind of error it is, in a sentence."""
    kinds = {
        errors.UsageError: _("这样的要求无法办到。"),
        errors.ReadError: _("文件读不了。"),
        errors.ArchiveError: _("档案打不开或无法写入。"),
        errors.EncoderError: _("向量模型无法使用。"),
        errors.ClassifierError: _("句子功能模型无法使用。"),
        errors.CitationError: _("引文与来源不符，未显示。"),
        errors.GenerationError: _("模型服务无法使用。"),
    }
    return next((said for one, said in kinds.items() if isinstance(error, one)), _("出错了。"))


def file_sentence(reason: str | None, message: str) -> str:
    """Why a file is not in. Outside Chinese, a sentence without a translation follows what the report's reason means."""
    if current() == DEFAULT:
        return message
    reasons = {
        "binary": _("不是文本文件。"),
        "crashed": _("读取进程意外退出。"),
        "damaged": _("文件已损坏。"),
        "empty": _("文件里没有文字。"),
        "encoding": _("无法识别文字编码。"),
        "encrypted": _("文件设有打开密码。"),
        "internal": _("程序处理这个文件时出错。"),
        "marked": _("文件标有密级或内部字样。"),
        "memory": _("处理所需内存过多，已停止。"),
        "missing": _("文件不存在。"),
        "no-text": _("文件里没有文字。"),
        "no-text-layer": _("扫描件没有文字层，请先做文字识别（OCR）。"),
        "outside": _("文件在指定的文件夹之外。"),
        "oversized": _("文件过大。"),
        "timeout": _("处理时间过长，已停止。"),
        "unreadable": _("文件无法打开。"),
        "unsupported": _("暂不支持这种格式。"),
    }
    whole, why = told(message), reasons.get(reason or "")
    return whole if whole != message or not why else f"{why} {message}"
