export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    const open = (spot) => () => setTriggerValue("open", spot);
    root.append(el("div", { class: "row bar" }, el("p", { class: "coverage", role: "status" }, data.summary),
      data.phrases.length > 0 && copyButton(t.share, t.copied, () => window.location.href)));
    data.notices.forEach((n) => root.append(el("p", { class: "soft" }, n)));
    root.append(el("ol", { class: "phrases" }, data.phrases.map((p) => el("li", { class: "phrase" },
      el("p", { class: "said" }, segments(p.segs)),
      el("p", { class: "soft" }, p.function && el("span", { class: "tag" }, p.function), " ",
        link(p.href, p.title, open(p.spot), { class: "open" }), p.meta && " · " + p.meta),
      el("div", { class: "row tools" },
        copyButton(t.copy, t.copied, p.text), copyButton(t.cite, t.copied, p.text + "\n——" + p.cite),
        button(p.kept ? t.kept : t.collect, () => setTriggerValue("collect", p.spot), { "aria-pressed": p.kept })),
      (p.before || p.after) && el("details", { class: "soft" }, el("summary", {}, t.context),
        el("p", { class: "around" }, p.before, el("mark", { class: "quote" }, p.text), p.after)),
      p.used && el("details", { class: "soft" }, el("summary", {}, p.used),
        el("ul", {}, p.places.map((s) => el("li", {}, link(s.href, s.title, open(s.spot)), s.file && "（" + s.file + "）")), p.rest && el("li", {}, p.rest)))))));
    if (data.more) root.append(button(t.more, () => setTriggerValue("more", true)));
  });
}
