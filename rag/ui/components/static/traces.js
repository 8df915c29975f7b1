export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    const use = (u) => el("li", {},
      el("p", { class: "words" }, u.label && el("span", { class: "tag" }, u.label), u.before, el("mark", { class: "quote" }, u.text), u.after),
      el("p", { class: "soft" }, link(u.href, u.cite, () => setTriggerValue("open", u.spot), { class: "open" })));
    data.summary.forEach((line, n) => root.append(el("p", { class: n ? "soft" : "coverage", role: n ? null : "status" }, line)));
    if (data.ends.length) root.append(el("ul", { class: "uses" }, data.ends.map(use)));
    if (data.units.length) root.append(el("details", { class: "units" }, el("summary", {}, t.units), el("ul", {}, data.units.map((u) => el("li", { class: "soft" }, u)))));
    data.clusters.forEach((c) => {
      const few = c.uses.slice(0, 5), rest = c.uses.slice(5);
      root.append(el("section", { class: "cluster" },
        el("h3", {}, el("span", { class: "tag" }, c.kind), " ", c.label, el("span", { class: "soft" }, " " + c.uses.length)),
        el("ul", { class: "uses" }, few.map(use)),
        rest.length > 0 && el("details", {}, el("summary", { class: "soft" }, t.all.replace("{n}", c.uses.length)), el("ul", { class: "uses" }, rest.map(use)))));
    });
  });
}
