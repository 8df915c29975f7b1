export default function (component) {
  const { data, setTriggerValue } = component;
  whenChanged(component, (root) => {
    if (data.title) root.append(el("p", { class: "title" }, data.title));
    root.append(el("ul", { class: "choices" + (data.list ? " list" : "") }, data.choices.map((c, n) =>
      el("li", {}, el("button", { type: "button", class: data.list ? "clampable" : "", onclick: () => setTriggerValue("chosen", n) }, el("span", { class: "clamp" }, c))))));
  });
}
