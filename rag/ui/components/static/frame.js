// On a phone the side bar lies over the page. Once something is chosen in it, and when a page is opened, it makes way.
function makeWay() {
  if (window.matchMedia("(max-width: 768px)").matches) document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
}

// A jump to another page with parameters reaches the browser in two steps: the parameters at the old path, then the path.
// One entry in its history is enough: with the one between, «back» would show the old page with the new one's parameters.
function followHistory(history) {
  if (history.yanjuFollowed) return;
  history.yanjuFollowed = true;
  setTimeout(makeWay);
  const push = history.pushState.bind(history);
  let between = "";
  window.addEventListener("popstate", () => { between = ""; });
  history.pushState = (state, title, url) => {
    const to = new URL(url ?? "", window.location.href), here = window.location;
    const arrived = between && to.pathname !== here.pathname && to.search === between;
    between = to.pathname === here.pathname ? to.search : "";
    setTimeout(makeWay);
    return arrived ? history.replaceState(state, title, url) : push(state, title, url);
  };
}

export default function ({ data }) {
  document.documentElement.lang = data.lang;
  followHistory(window.history);
}
