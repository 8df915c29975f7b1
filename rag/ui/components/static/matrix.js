export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    root.append(link(data.back, "‹ " + t.back, () => setTriggerValue("back", true), { class: "soft" }), el("h2", {}, t.title), el("p", { class: "soft" }, data.rows.length ? t.note : t.none), data.cut && el("p", { class: "soft" }, data.cut));
    if (!data.rows.length) return;
    const head = el("tr", {}, el("th", { scope: "col" }, t.unit), data.columns.map((c) => el("th", { scope: "col", class: "what" }, link(c.href, c.label, () => setTriggerValue("theme", c.label)))));
    const cell = (c) => el("td", {}, c && link(c.href, String(c.n), () => setTriggerValue("cell", c.params), { "aria-current": c.chosen && "true" }));
    root.append(el("div", { class: data.chosen ? "scroll low" : "scroll", tabindex: "0" }, el("table", {}, el("thead", {}, head),
      el("tbody", {}, data.rows.map((r) => el("tr", {}, el("th", { scope: "row", class: !r.known && "soft" }, r.unit), r.cells.map(cell)))))));
  });
}
