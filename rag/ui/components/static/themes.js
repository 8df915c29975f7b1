export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    root.append(el("div", { class: "row top" }, el("p", { class: "soft" }, data.cards.length ? t.intro : t.none),
      data.cards.length > 0 && link(data.units, t.units, () => setTriggerValue("units", true), { class: "quiet" })));
    root.append(el("ul", { class: "cards" }, data.cards.map((c) => el("li", {},
      link(c.href, "", () => setTriggerValue("open", c.label), { class: "theme" }))) ));
    root.querySelectorAll(".theme").forEach((node, n) => {
      const c = data.cards[n];
      node.append(el("h3", {}, c.label), el("p", { class: "terms soft clamp" }, c.terms.slice(2).join("  ")), el("p", { class: "soft" }, c.meta + " · " + c.years));
    });
    if (data.outside) root.append(el("p", { class: "soft" }, data.outside));
    if (data.terms.length) root.append(el("section", { "aria-label": t.terms }, el("h3", { class: "sub" }, t.terms),
      el("div", { class: "row" }, data.terms.map((x) => link(x.href, x.text, () => setTriggerValue("ask", x.params), { class: "quiet" })))));
  });
}
