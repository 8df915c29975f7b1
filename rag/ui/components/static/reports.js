export default function (component) {
  const { data } = component;
  whenChanged(component, (root) => {
    root.append(el("p", { class: "coverage", role: "status" }, data.title));
    root.append(el("ul", { class: "rows" }, data.rows.map((r) => el("li", {},
      el("span", { class: "tag" + (r.bad ? " sample" : "") }, r.status),
      el("div", { class: "what" }, el("p", { class: "name clamp" }, r.file), el("p", { class: "soft" }, r.text), r.notes.map((n) => el("p", { class: "soft" }, "· " + n)))))));
  });
}
