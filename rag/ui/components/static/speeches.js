export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    root.append(el("p", { class: "coverage", role: "status" }, t.count));
    if (!data.rows.length) root.append(el("p", { class: "soft" }, t.none));
    root.append(el("ul", { class: "rows" }, data.rows.map((r) => el("li", {},
      el("div", { class: "what" },
        link(r.href, r.title, () => setTriggerValue("open", r.id), { class: "name clamp" }),
        el("p", { class: "soft clamp" }, r.meta),
        r.flags.length > 0 && el("div", { class: "row" }, r.flags.map((f) => el("span", { class: "tag" }, f))),
        r.points.length > 0 && el("details", {}, el("summary", { class: "soft" }, t.summary), el("ul", { class: "points" }, r.points.map((p) => el("li", {},
          p.heading && el("p", { class: "head" }, p.heading),
          el("p", { class: "lead" }, p.lead && link(p.href, p.lead, () => setTriggerValue("point", p.spot)))))))),
      button(t.only, () => setTriggerValue("only", r.id))))));
    if (data.pages > 1) root.append(el("div", { class: "row turn" },
      data.page > 1 && button(t.previous, () => setTriggerValue("turn", data.page - 1)),
      el("span", { class: "soft" }, data.turn),
      data.page < data.pages && button(t.next, () => setTriggerValue("turn", data.page + 1))));
  });
}
