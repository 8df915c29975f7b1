"""言据: the browser application. Run it with `python bootstrap.py app`, or `streamlit run app.py`."""

from __future__ import annotations

import streamlit as st

from rag.ui import pages, shell, signing


def main() -> None:
    st.set_page_config(page_title="言据", page_icon=str(shell.SEAL), layout="wide")
    shell.prepare()
    st.logo(str(shell.LOGO), size="large", icon_image=str(shell.SEAL))
    page = st.navigation(pages.every_page(), position="sidebar" if signing.signed_in() else "hidden")
    page.run()
    shell.side_bar()


main()
