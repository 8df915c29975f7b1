export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    root.append(el("p", { class: "coverage", role: "status" }, t.count));
    root.append(el("ul", { class: "pairs" }, data.pairs.map((p) => el("li", {},
      el("h4", {}, p.titles[0], el("span", { class: "soft" }, " ↔ "), p.titles[1]),
      el("p", { class: "soft" }, p.kind && el("span", { class: "tag kind" }, p.kind), p.kind && " ", p.facts),
      el("p", { class: "words" }, p.text),
      link(p.href, t.compare, () => setTriggerValue("compare", p.spot), { class: "open" })))));
    if (t.more) root.append(el("p", { class: "soft" }, t.more));
  });
}
