export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const t = data.labels;
  const send = (name, value) => setTriggerValue(name, value);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  whenChanged(component, (root) => {
    root.style.position = "relative";
    const text = el("div", { class: "text" });
    let tools = null;
    const byAt = (at) => [...text.querySelectorAll("[data-at]")].filter((n) => Number(n.dataset.at) <= at).pop();
    const jump = (at) => byAt(at)?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    const unchoose = () => { tools?.remove(); tools = null; text.querySelectorAll(".chosen").forEach((n) => n.classList.remove("chosen")); };

    const choose = (s) => {
      const had = text.querySelector(`.chosen[data-s="${s}"]`);
      unchoose();
      if (had) return;
      const parts = [...text.querySelectorAll(`[data-s="${s}"]`)];
      parts.forEach((n) => n.classList.add("chosen"));
      const words = parts.map((n) => n.dataset.t).join("");
      const start = Number(parts[0].dataset.from), last = parts[parts.length - 1];
      const end = Number(last.dataset.from) + [...last.dataset.t].length;
      tools = el("div", { class: "tools row noprint", role: "toolbar", "aria-label": t.chosen },
        copyButton(t.copyQuote, t.copied, words + "\n——" + data.cites[s]), button(t.collect, () => { send("collect", { start, end }); unchoose(); }));
      root.append(tools);
      const box = last.getClientRects(), rect = box[box.length - 1], frame = root.getBoundingClientRect();
      tools.style.top = rect.bottom - frame.top + 4 + "px";
      tools.style.left = Math.max(0, Math.min(rect.left - frame.left, frame.width - tools.offsetWidth)) + "px";
    };

    const segment = (part) => {
      const out = [];
      if (part.p) out.push(el("span", { class: "pagemark", contenteditable: "false" }, t.page.replace("{page}", part.p)));
      const classes = (part.c || "").split(" ");
      const tag = classes.some((c) => ["target", "word", "near"].includes(c)) ? "mark" : "span";
      const node = el(tag, { class: part.c, title: part.n, "data-s": part.s, "data-from": part.at, "data-t": part.t }, part.t);
      if (part.s) node.addEventListener("click", () => { if (!String(document.getSelection())) choose(part.s); });
      out.push(node);
      return out;
    };
    const noted = (segs) => segs.flatMap((part, n) => {
      const nodes = segment(part);
      const next = segs[n + 1];
      if (part.n && !(part.c || "").includes("flag-stray-space") && part.n !== next?.n) nodes.push(el("span", { class: "mark-note" }, "［" + part.n + "］"));
      return nodes;
    });

    data.paragraphs.forEach((p) => text.append(el(p.kind.startsWith("head") ? "h3" : "p", { class: p.kind, "data-at": p.at }, noted(p.segs))));

    const links = data.outline.map((s) => {
      const a = el("a", { href: "#", "data-from": s.at, "data-to": s.end }, s.text);
      a.addEventListener("click", (e) => { e.preventDefault(); jump(s.at); mark(s.at); });
      return el("li", { class: s.level > 3 ? "deeper" : s.level > 2 ? "deep" : "" }, a);
    });
    const mark = (at) => {
      let current = null;
      links.forEach((li) => { const a = li.firstChild; if (Number(a.dataset.from) <= at && at < Number(a.dataset.to)) current = a; });
      links.forEach((li) => li.firstChild.setAttribute("aria-current", String(li.firstChild === current)));
    };
    const narrow = root.clientWidth < 760;
    const nav = el("nav", { class: "outline noprint", "aria-label": t.outline },
      data.outline.length > 0 && el("details", { open: !narrow }, el("summary", {}, t.outline), el("ol", {}, links)));

    const step = (to, label) => to ? link(to.href, label, () => send("open", to.spot), { class: "quiet" }) : el("span", { class: "quiet", "aria-disabled": "true", style: "opacity:.45" }, label);
    const targetText = () => [...text.querySelectorAll("mark.target")].map((n) => n.dataset.t).join("");
    const head = el("header", {},
      el("h1", { class: "title clamp" }, data.title),
      el("p", { class: "soft" }, data.meta.join(" · ")),
      el("div", { class: "row notes noprint" },
        copyButton(t.copyCite, t.copied, data.cite), data.target && copyButton(t.copyQuote, t.copied, () => targetText() + "\n——" + data.cite),
        data.target && button(data.kept ? t.kept : t.collect, () => send("collect", { start: data.target[0], end: data.target[1] }), { "aria-pressed": data.kept }),
        copyButton(t.share, t.copied, () => window.location.href), el("span", { class: "soft" }, t.hint)),
      data.flags.length > 0 && el("div", { class: "row notes soft" }, t.flags, data.flags.map((f) => el("button", { type: "button", class: "tag", onclick: () => jump(f.at) }, f.text))),
      data.twins.length > 0 && el("div", { class: "notes soft" }, t.twins.replace("{n}", data.twins.length), data.twins.map((w) => el("div", {}, link(w.href, w.title, () => send("open", w.spot))))));
    const bar = (data.steps || data.back || t.sample) && el("div", { class: "row steps" },
      t.sample && el("span", { class: "tag sample" }, t.sample),
      data.back && button("← " + t.back, () => send("back", true)),
      data.steps && [step(data.steps.previous, t.previous), el("span", { class: "soft" }, data.steps.at), step(data.steps.next, t.next)]);
    const similar = data.similar.length > 0 && el("aside", { class: "aside noprint" }, el("h3", {}, t.similar), el("ul", {}, data.similar.map((s) => el("li", {},
      el("p", { class: "said" }, s.text),
      el("p", { class: "soft" }, link(s.href, s.title, () => send("open", s.spot)), s.meta && " · " + s.meta, s.same && " · " + t.same)))));

    root.append(el("div", { class: "reader" }, nav, el("div", { class: "sheet" }, bar, head, text, similar)));
    root.addEventListener("keydown", (e) => { if (e.key === "Escape") unchoose(); });

    if (typeof IntersectionObserver !== "undefined" && links.length) {
      const seen = new IntersectionObserver((entries) => entries.forEach((e) => { if (e.isIntersecting) mark(Number(e.target.dataset.at)); }), { rootMargin: "-15% 0px -75% 0px" });
      text.querySelectorAll("[data-at]").forEach((n) => seen.observe(n));
    }
    // Streamlit scrolls to the top after it has changed the page, so look again for a moment unless the reader scrolls.
    const place = data.target ? data.speech + data.target : data.speech;
    if (parentElement.yanjuPlace !== place) {
      parentElement.yanjuPlace = place;
      const goal = text.querySelector("mark.target");
      if (goal) {
        let touched = false;
        const stop = () => { touched = true; };
        ["wheel", "touchmove", "keydown", "mousedown"].forEach((name) => window.addEventListener(name, stop, { once: true, passive: true }));
        for (const wait of [0, 60, 200, 500, 900]) {
          setTimeout(() => {
            const box = goal.getBoundingClientRect();
            if (!touched && (box.top < 90 || box.bottom > window.innerHeight - 40)) goal.scrollIntoView({ block: "center" });
          }, wait);
        }
      }
    }
  });
}
