export default function (component) {
  const { data } = component;
  whenChanged(component, (root) => {
    root.append(el("section", { class: "composition", "aria-label": data.head },
      data.sentences.length > 0 && el("div", { class: "row bar" }, el("p", { class: "soft" }, data.head), copyButton(data.copy, data.copied, data.plain)),
      data.sentences.length > 0 && el("p", { class: "text" }, data.sentences.map((s) => el("span", {}, s.text, el("span", { class: "soft" }, s.ns.map((n) => `[${n}]`).join(""))))),
      data.notice && el("p", { class: "soft" }, data.notice)));
  });
}
