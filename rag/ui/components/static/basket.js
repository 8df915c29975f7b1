export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels;
  whenChanged(component, (root) => {
    const items = data.items.map((x) => ({ ...x }));
    const asText = (x) => [x.plain, x.note && `（${t.note}：${x.note}）`].filter(Boolean).join("\n");
    const send = () => setTriggerValue("change", items.map(({ speech, start, end, note }) => ({ speech, start, end, note })));
    // Emptied on the second click only: notes and order are nowhere else.
    const clear = button(t.clear, () => {
      if (clear.textContent !== t.clear) { items.length = 0; return send(); }
      clear.textContent = `${t.sure} · ${t.total}`;
      setTimeout(() => { clear.textContent = t.clear; }, 5000);
    });
    root.append(el("div", { class: "row bar" }, el("p", { class: "coverage" }, t.total),
      el("div", { class: "row" }, copyButton(t.copyAll, t.copied, () => items.map(asText).join("\n\n")), clear)));
    root.append(el("ol", { class: "items" }, items.map((x, n) => {
      const note = el("input", { type: "text", value: x.note, maxlength: 2000, placeholder: t.notePlaceholder, "aria-label": t.note });
      note.addEventListener("change", () => {
        x.note = note.value;
        isShown(component, { ...data, items });
        send();
      });
      const move = (by) => () => { const [one] = items.splice(n, 1); items.splice(n + by, 0, one); send(); };
      return el("li", {},
        x.told && el("p", { class: "told", role: "note" }, x.told),
        x.text && el("p", { class: "said" }, x.text),
        x.cite && el("p", { class: "soft" }, link(x.href, x.cite, () => setTriggerValue("open", x.now))),
        note,
        el("div", { class: "row noprint" }, copyButton(t.copy, t.copied, () => asText(x)),
          n > 0 && button(t.up, move(-1)), n < items.length - 1 && button(t.down, move(1)),
          button(t.remove, () => { items.splice(n, 1); send(); })));
    })));
  });
}
