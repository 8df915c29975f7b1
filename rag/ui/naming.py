"""What the archive's own labels are called in the language of the interface."""

from __future__ import annotations

from rag.i18n import gettext as _


def function_name(label: str) -> str:
    """The name of a sentence's rhetorical function."""
    names = {
        "开场谦辞": _("开场谦辞"), "感谢祝贺": _("感谢祝贺"), "成绩数据": _("成绩数据"), "形势意义": _("形势意义"),
        "存在问题": _("存在问题"), "部署要求": _("部署要求"), "具体举措": _("具体举措"), "比喻警句": _("比喻警句"),
        "引经据典": _("引经据典"), "排比": _("排比"), "过渡": _("过渡"), "号召结尾": _("号召结尾"),
    }  # fmt: skip
    return names.get(label, label)
