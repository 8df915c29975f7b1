"""Who may read: everybody, or, where the administrator has set up OpenID Connect, whoever signs in there.

The login itself is Streamlit's: section ``[auth]`` of ``.streamlit/secrets.toml`` (docs/admin-login.md). Once there is such
a section, nothing is shown without a login, even where the section is faulty.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from importlib.util import find_spec

import streamlit as st
from streamlit.errors import StreamlitAuthError

from rag.errors import UsageError
from rag.i18n import gettext as _

INSTALL = 'python -m pip install -c constraints.txt "authlib==1.9.9" "httpx"'
log = logging.getLogger(__name__)


def wanted() -> bool:
    """Whether the administrator has set up a login."""
    return bool(st.secrets.load_if_toml_exists() and "auth" in st.secrets)


def signed_in() -> bool:
    """Whether this session may read."""
    return not wanted() or bool(st.user.get("is_logged_in"))


def person() -> str:
    """Names who has signed in, the same at every visit; empty where there is no login."""
    return str(st.user.get("sub") or st.user.get("email") or "") if st.user.get("is_logged_in") else ""


def page() -> None:
    """What those see who have not signed in: nothing of the archive, and a button for each provider."""
    st.title(_("登录"), anchor=False)
    st.write(_("本系统须登录后使用。"))
    try:
        _require_library()
        for name, label in providers(st.secrets["auth"]).items():
            if st.button(label, type="primary", key=f"login-{name}"):
                st.login(name or None)
    except UsageError as error:
        st.error(str(error))
    except StreamlitAuthError as error:
        log.error("login: %s", error)
        st.error(_("登录没有设置好，请管理员查看程序日志，并核对 secrets.toml 的 [auth] 一节。"))


def providers(section: Mapping[str, object]) -> dict[str, str]:
    """Provider → label of its button; the unnamed provider, set directly under ``[auth]``, is the empty name."""
    named = {name: _("用 {name} 登录").format(name=name) for name, value in section.items() if isinstance(value, Mapping)}
    if "client_id" in section or not named:
        return {"": _("登录")} | named
    return named


def sign_out() -> None:
    """Who is signed in, with the way out."""
    if st.user.get("is_logged_in"):
        st.text(str(st.user.get("name") or st.user.get("email") or ""))
        if st.button(_("退出登录"), type="tertiary"):
            st.logout()


def _require_library() -> None:
    if find_spec("authlib") is None or find_spec("httpx") is None:
        raise UsageError(_("登录需要 Authlib 库，请管理员运行：{command}").format(command=INSTALL))
