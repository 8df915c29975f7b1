export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    let by = null, down = false;
    const keys = [[0, 1], [2], [3], [4], [5]];
    const compare = (a, b) => {
      for (const k of keys[by]) {
        const x = a.sort[k], y = b.sort[k];
        const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "zh");
        if (order) return down ? -order : order;
      }
      return 0;
    };
    const row = (r) => el("tr", {},
      el("td", { class: "value", "data-label": t.columns[0] }, r.text),
      el("td", { class: "clause", "data-label": t.columns[1] }, [...r.clause].slice(0, r.at[0]).join(""), r.at[1] > r.at[0] && el("mark", { class: "quote" }, [...r.clause].slice(r.at[0], r.at[1]).join("")), [...r.clause].slice(r.at[1]).join("")),
      el("td", { "data-label": t.columns[2] }, r.who, !r.named && r.known && el("span", { class: "soft" }, "（" + t.speaking + "）")),
      el("td", { class: "year", "data-label": t.columns[3] }, r.year),
      el("td", { class: "origin", "data-label": t.columns[4] }, link(r.href, r.title, () => setTriggerValue("open", r.spot), { class: "open" })));
    root.append(el("p", { class: "soft", role: "status" }, t.count));
    if (!data.rows.length) return;
    const body = el("tbody");
    const fill = () => body.replaceChildren(...(by === null ? data.rows : [...data.rows].sort(compare)).map(row));
    const heads = t.columns.map((name, n) => {
      const head = el("th", { scope: "col", "aria-sort": "none" });
      head.append(el("button", { type: "button", title: t.sort, onclick: () => {
        down = by === n && !down;
        by = n;
        heads.forEach((other, m) => other.setAttribute("aria-sort", m === n ? (down ? "descending" : "ascending") : "none"));
        fill();
      } }, name));
      return head;
    });
    fill();
    root.append(el("table", {}, el("thead", {}, el("tr", {}, heads)), body));
  });
}
