// Builds elements from data. Text only ever goes in through textContent; attributes only through setAttribute.
const SAFE_LINK = /^[a-z]+\?[A-Za-z0-9%&=._~+*-]*$/;

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "aria-pressed") { node.setAttribute(name, String(Boolean(value))); continue; }
    if (value === undefined || value === null || value === false) continue;
    if (name === "onclick") node.addEventListener("click", value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child === undefined || child === null || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

// A link that opens inside the session on a plain click and stays an ordinary link for every other use.
function link(href, text, open, attributes = {}) {
  const node = el("a", { ...attributes, href: SAFE_LINK.test(href) ? href : "#" }, text);
  node.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open();
  });
  return node;
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { style: "position:fixed;opacity:0" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

const SAID_FOR = 1600; // ms that a copy button says that it has copied
let lastCopy = { until: 0 };

// A redraw in the meantime does not take back «copied»: the button drawn anew with the same words goes on saying it.
function copyButton(label, done, text, attributes = {}) {
  const node = el("button", { type: "button", class: "quiet", ...attributes }, label);
  const words = () => (typeof text === "function" ? text() : text);
  let timer;
  const say = () => {
    node.textContent = done;
    node.setAttribute("aria-live", "polite");
    clearTimeout(timer);
    timer = setTimeout(() => { node.textContent = label; }, Math.max(0, lastCopy.until - Date.now()));
  };
  node.addEventListener("click", async () => {
    lastCopy = { label, copied: words(), until: Date.now() + SAID_FOR };
    await toClipboard(lastCopy.copied);
    say();
  });
  const same = () => Date.now() < lastCopy.until && lastCopy.label === label && words() === lastCopy.copied;
  queueMicrotask(() => { if (same()) say(); });
  return node;
}

function button(label, onclick, attributes = {}) {
  return el("button", { type: "button", class: "quiet", ...attributes, onclick }, label);
}

function segments(list, extra = () => ({})) {
  return list.map((part) => {
    const own = extra(part);
    if (!part.c && !own.class) return document.createTextNode(part.t);
    const marked = /\b(quote|word|target|near)\b/.test(part.c || "");
    return el(marked ? "mark" : "span", { title: part.n, ...own, class: [part.c, own.class].filter(Boolean).join(" ") }, part.t);
  });
}

// Tells that what is shown already is this state of the data, so that the run that brings it does not draw it again.
function isShown(component, data) {
  component.parentElement.yanjuState = JSON.stringify(data);
}

// Runs `draw` once for each new state of the data, so that a rerun that changes nothing disturbs nothing.
function whenChanged(component, draw) {
  const { parentElement, data } = component;
  const state = JSON.stringify(data);
  if (parentElement.yanjuState === state && parentElement.querySelector(".yj")) return;
  parentElement.yanjuState = state;
  parentElement.querySelectorAll(".yj").forEach((old) => old.remove());
  const root = el("div", { class: "yj", lang: data.lang?.replace("_", "-") });
  parentElement.append(root);
  draw(root);
}
