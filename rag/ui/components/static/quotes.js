export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    if (t.title) root.append(el("h2", {}, t.title));
    data.passages.forEach((p) => root.append(el("article", { class: "passage" },
      el("p", { class: "words" }, p.text),
      el("p", { class: "soft" }, link(p.href, p.title, () => setTriggerValue("open", p.spot), { class: "open" }), p.meta && " · " + p.meta),
      p.basis && el("p", { class: "soft" }, p.basis),
      el("div", { class: "row" }, copyButton(t.copy, t.copied, p.text + "\n——" + p.cite),
        button(p.kept ? t.kept : t.collect, () => setTriggerValue("collect", p.spot), { "aria-pressed": p.kept }),
        p.same.length > 0 && el("details", { class: "soft" }, el("summary", {}, p.sameLabel),
          el("ul", {}, p.same.map((s) => el("li", {}, link(s.href, s.title, () => setTriggerValue("open", s.spot))))))))));
    if (data.more) root.append(button(t.more, () => setTriggerValue("more", true)));
  });
}
