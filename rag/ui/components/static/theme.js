export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    const most = Math.max(1, ...data.bars.map((b) => b.n));
    root.append(link(data.back, "‹ " + t.back, () => setTriggerValue("back", true), { class: "soft" }));
    root.append(el("h2", {}, data.label), el("p", { class: "soft pre" }, data.terms.slice(2).join("  ")), el("p", { class: "soft" }, data.meta + " · " + data.years));
    const bars = el("ol", { class: "bars" }, data.bars.map((b) => el("li", { "aria-label": b.year + " " + b.n },
      el("span", { class: "n" }, b.n || ""), el("span", { class: "bar" }), el("span", { class: "year" }, b.year))));
    bars.querySelectorAll(".bar").forEach((node, n) => { node.style.height = (data.bars[n].n / most) * 3.4 + "rem"; });
    root.append(el("div", { class: "facts" },
      el("section", { "aria-label": t.years }, el("h3", {}, t.years), bars),
      el("section", { "aria-label": t.units }, el("h3", {}, t.units), el("ul", { class: "row plain" }, data.units.map((u) => el("li", { class: "tag" }, u.text + " " + u.n))))));
    root.append(el("nav", { class: "tabs" }, data.tabs.map((x) => link(x.href, x.text, () => setTriggerValue("tab", x.name), { "aria-current": x.on && "page" }))));
  });
}
