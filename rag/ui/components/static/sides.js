export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  whenChanged(component, (root) => {
    const columns = [];
    const place = (n, side) => columns[side].querySelector(`[data-run="${n}"]`);
    const light = (n) => root.querySelectorAll("[data-run]").forEach((node) => node.classList.toggle("lit", node.dataset.run === String(n)));
    const show = (n, side) => { light(n); place(n, side)?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" }); };
    const open = (run, side, label, cls) => link(run.sides[side].href, label, () => setTriggerValue("open", run.sides[side].spot), { class: cls, title: run.sides[side].cite, "aria-label": t.open + " " + (side ? t.right : t.left) });
    const column = (part, side) => {
      const seen = new Set();
      const segment = (s) => {
        if (s.run === undefined) return [document.createTextNode(s.t)];
        const node = el("mark", { class: s.same ? "shared" : "shared other", "data-run": s.run, title: data.runs[s.run].fact }, s.t);
        node.addEventListener("click", () => show(s.run, 1 - side));
        const first = !seen.has(s.run);
        seen.add(s.run);
        return first ? [open(data.runs[s.run], side, String(s.run + 1), "number"), node] : [node];
      };
      const lines = (list) => list.map((line) => el("p", {}, line.flatMap(segment)));
      const node = el("section", { "aria-label": side ? t.right : t.left },
        el("h3", {}, part.title), el("p", { class: "soft" }, part.file),
        el("div", { class: "text" }, part.parts.map((p) => p.folded === undefined ? lines(p.lines)
          : el("details", {}, el("summary", { class: "soft" }, t.skipped.replace("{n}", p.folded)), lines(p.lines))).flat()));
      columns[side] = node;
      return node;
    };
    root.append(el("p", { class: "coverage", role: "status" }, data.kind && el("span", { class: "tag kind" }, data.kind), data.kind && " ", data.facts));
    root.append(el("ol", { class: "runs soft" }, data.runs.map((run, n) => el("li", {},
      button(String(n + 1), () => { show(n, 1); show(n, 0); }), " ", run.fact, " · ", open(run, 0, t.open + "（" + t.left + "）"), " · ", open(run, 1, t.open + "（" + t.right + "）")))));
    root.append(el("div", { class: "both" }, data.sides.map(column)));
  });
}
