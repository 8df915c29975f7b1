"""Who may change the archive."""

from __future__ import annotations

import hmac
import os
import time

import streamlit as st

from rag.i18n import gettext as _

PASSWORD = "YANJU_ADMIN_PASSWORD"
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")
WRONG_DELAY = 1.0


def is_keeper() -> bool:
    """Whether this session has given the administrator's password."""
    return bool(st.session_state.get("keeper")) and bool(os.environ.get(PASSWORD))


def may_add() -> bool:
    """Whether this session may add files: the keeper, or whoever sits at the machine while no password is set.

    Without a password the server must listen on the loopback address alone, and the request must have come to it
    under a loopback name and through no proxy.
    """
    if os.environ.get(PASSWORD):
        return is_keeper()
    if st.get_option("server.address") not in LOOPBACK:
        return False
    headers = st.context.headers
    host = (headers.get("Host") or "").rsplit(":", 1)[0] if not (headers.get("Host") or "").endswith("]") else "[::1]"
    return host in LOOPBACK and not any(headers.get(name) for name in FORWARDED)


def sign_in() -> None:
    """Asks for the password, or says how to set one."""
    if not os.environ.get(PASSWORD):
        st.info(_("更正、移除和重建需要管理员口令：设置环境变量 YANJU_ADMIN_PASSWORD 后重新启动程序，再在这里输入。"))
        return
    with st.form("sign-in", width=420):
        given = st.text_input(_("管理员口令"), type="password", autocomplete="current-password")
        if st.form_submit_button(_("进入")):
            if matches(given):
                st.session_state["keeper"] = True
                st.rerun()
            time.sleep(WRONG_DELAY)
            st.error(_("口令不对。"))


def matches(given: str) -> bool:
    """Compares with the password in constant time."""
    password = os.environ.get(PASSWORD, "")
    return bool(password) and hmac.compare_digest(given.encode(), password.encode())
