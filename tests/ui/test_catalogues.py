"""Every sentence of the interface has its English, and what is compiled is what is written."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from rag import i18n

UPDATE = i18n.LOCALE / "update.py"


@pytest.fixture(scope="module")
def update() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update", UPDATE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_catalogue_holds_exactly_the_sentences_in_use(update: ModuleType, language: str) -> None:
    known = {message.id: message.string for message in update.read(language) if message.id}
    assert sorted(known) == update.used()
    assert [message for message, text in known.items() if not text] == []
    fields = re.compile(r"{(\w+)")
    assert [m for m, text in known.items() if sorted(fields.findall(m)) != sorted(fields.findall(text))] == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_compiled_catalogue_is_up_to_date(update: ModuleType, language: str) -> None:
    compiled = i18n.LOCALE / language / "LC_MESSAGES" / "yanju.mo"
    assert compiled.read_bytes() == update.compiled(update.read(language))


def test_no_sentence_hides_in_an_f_string() -> None:
    files = [*Path(i18n.__file__).parent.joinpath("ui").rglob("*.py")]
    assert [
        f.name for f in files if re.search(r"""f"[^"\n]*\{_\(|f'[^'\n]*\{_\(""", f.read_text(encoding="utf-8"))
    ] == []


def test_each_thread_speaks_its_own_language() -> None:
    from concurrent.futures import ThreadPoolExecutor

    def say(language: str) -> str:
        i18n.use(language)
        return i18n.gettext("问答")

    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        assert (one.submit(say, "en").result(), other.submit(say, "zh_CN").result()) == ("Ask", "问答")
        assert one.submit(i18n.gettext, "阅读").result() == "Read"
    assert i18n.use("xx") == "zh_CN"
