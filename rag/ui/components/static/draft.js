export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    const open = (spot) => () => setTriggerValue("open", spot);
    const diff = (r) => el("div", { class: "diff" },
      el("p", {}, el("span", { class: "tag" }, t.archive), r.changes.length ? r.changes.map((c) => c.archive && (c.kind === "same" ? c.archive : el("del", {}, c.archive))) : r.text),
      r.changes.length > 0 && el("p", {}, el("span", { class: "tag" }, t.draft), r.changes.map((c) => c.draft && (c.kind === "same" ? c.draft : el("ins", {}, c.draft)))));
    const source = (s) => el("p", { class: "soft" }, link(s.href, s.cite, open(s.spot), { class: "open" }));
    const reuse = (r) => el("div", { class: "found" },
      el("p", { class: r.wrong ? "wrong" : "soft" }, r.name, r.also && " · " + r.also), diff(r), source(r),
      el("div", { class: "row" }, copyButton(t.copy, t.copied, r.text + "\n——" + r.cite)));
    const nearest = (n) => el("div", { class: "found" },
      el("p", { class: "soft" }, t.nearest + " · " + t.close.replace("{n}", n.close)), el("p", { class: "words" }, n.text), source(n));
    const items = data.sentences.map((s) => ({ s, node: el("li", { class: s.kind },
      el("div", { class: "head" }, el("span", { class: "tag " + s.kind }, s.name), el("p", { class: "said" }, segments(s.segs))),
      s.reuses.map(reuse), s.nearest && nearest(s.nearest)) }));
    const tabs = [{ kind: "", name: t.all, n: items.length }, ...data.counts].map((c) => {
      const node = button(c.name + " " + c.n, () => {
        items.forEach(({ s, node: li }) => { li.hidden = Boolean(c.kind) && (c.kind === "misquoted" ? !s.wrong : s.kind !== c.kind); });
        tabs.forEach((other) => other.setAttribute("aria-pressed", String(other === node)));
      }, { "aria-pressed": c.kind === "" });
      return node;
    });
    data.notes.forEach((n) => root.append(el("p", { class: "soft" }, n)));
    root.append(el("div", { class: "row counts", role: "status" }, tabs), el("ol", { class: "sentences" }, items.map((i) => i.node)));
  });
}
