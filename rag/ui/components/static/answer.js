export default function (component) {
  const { data, setTriggerValue } = component;
  const t = data.labels || {};
  const send = (name, value) => setTriggerValue(name, value);

  whenChanged(component, (root) => {
    let card = null, pinned = null;

    const closeCard = () => {
      card?.remove();
      if (card?.owner) card.owner.setAttribute("aria-expanded", "false");
      card = pinned = null;
    };
    const showCard = (chip, n) => {
      closeCard();
      const c = data.cites[n];
      card = el("div", { class: "card", role: "dialog", "aria-label": t.citation + " " + n },
        el("h4", { class: "clamp" }, c.title),
        el("p", { class: "soft" }, [c.meta, c.page].filter(Boolean).join(" · ")),
        el("p", { class: "soft" }, c.path),
        el("p", { class: "said" }, c.before && el("span", { class: "soft" }, c.before), el("mark", { class: "quote" }, c.text), c.after && el("span", { class: "soft" }, c.after)),
        el("div", { class: "row" }, link(c.href, t.open, () => send("open", c.spot)), copyButton(t.cite, t.copied, c.cite)));
      card.owner = chip;
      chip.setAttribute("aria-expanded", "true");
      root.append(card);
      const box = chip.getBoundingClientRect(), frame = root.getBoundingClientRect();
      card.style.left = Math.max(0, Math.min(box.left - frame.left, frame.width - card.offsetWidth)) + "px";
      card.style.top = box.bottom - frame.top + 6 + "px";
      card.addEventListener("mouseleave", () => { if (!pinned) closeCard(); });
    };
    const chip = (n) => {
      const node = el("button", { type: "button", class: "chip", "aria-expanded": "false", "aria-label": t.citation + " " + n, "data-n": n }, n);
      let timer;
      node.addEventListener("mouseenter", () => { timer = setTimeout(() => { if (!pinned) showCard(node, n); }, 180); });
      node.addEventListener("mouseleave", () => {
        clearTimeout(timer);
        setTimeout(() => { if (!pinned && card && !card.matches(":hover")) closeCard(); }, 220);
      });
      node.addEventListener("click", () => {
        clearTimeout(timer);
        if (pinned === node) return closeCard();
        showCard(node, n);
        pinned = node;
        root.querySelectorAll(".passage").forEach((p) => p.classList.toggle("lit", p.dataset.ns.split(",").includes(String(n))));
      });
      return node;
    };
    root.style.position = "relative";
    root.dataset.question = data.question;
    root.addEventListener("keydown", (e) => { if (e.key === "Escape") { const owner = pinned; closeCard(); owner?.focus(); } });
    root.addEventListener("click", (e) => { if (pinned && !e.target.closest(".card, .chip")) closeCard(); });

    const quotation = (q) => {
      const c = data.cites[q.n];
      return el("div", { class: "quotation" },
        el("p", { class: "said" }, q.text, el("span", { class: "chips" }, q.ns.map(chip))),
        el("div", { class: "source soft" },
          el("div", { class: "where" }, link(c.href, c.title, () => send("open", c.spot), { class: "open" }), [c.meta, c.path, c.page].filter(Boolean).map((x) => " · " + x)),
          el("div", { class: "row" }, copyButton(t.copy, t.copied, q.text + "\n——" + c.cite), button(c.kept ? t.kept : t.collect, () => send("collect", c.spot), { "aria-pressed": c.kept }))));
    };
    const passage = (p) => el("article", { class: "passage", "data-ns": p.ns.join(",") },
      el("h4", {}, p.ns.map(chip), link(p.href, p.title, () => send("open", p.spot), { class: "open" })),
      el("p", { class: "soft" }, [p.meta, p.path, p.page].filter(Boolean).join(" · ")),
      el("p", { class: "words" }, segments(p.segs)),
      el("div", { class: "row" },
        copyButton(t.copy, t.copied, p.best + "\n——" + p.cite), button(p.kept ? t.kept : t.collect, () => send("collect", p.spot), { "aria-pressed": p.kept }),
        p.same.length > 0 && el("details", { class: "soft" }, el("summary", {}, p.sameLabel),
          el("ul", {}, p.same.map((s) => el("li", {}, link(s.href, s.title, () => send("open", s.spot))))))));

    if (data.limits.length) root.append(el("div", { class: "row limits soft" }, el("span", {}, t.limits), data.limits.map((x) => el("span", { class: "tag" }, x)), button(t.clear, () => send("clear", true))));
    if (data.notices.length) root.append(el("div", { class: "row told" }, el("div", {}, data.notices.map((n) => el("p", { class: "soft" }, n))),
      data.expanded && button(t.literal, () => send("literal", true))));
    const top = el("div", { class: "row bar" }, el("p", { class: "coverage", role: data.coverage && "status" }, data.coverage),
      el("div", { class: "row" }, data.plain && copyButton(t.copyAll, t.copied, data.plain), copyButton(t.share, t.copied, () => window.location.href)));
    if (!data.refusal) root.append(top);
    else root.append(el("div", { class: "refusal" }, el("div", { class: "row bar" }, el("h3", { role: "status" }, data.refusal), top.lastChild), el("p", { class: "soft" }, data.groups.length ? t.refusalHint : t.refusalBare)));

    const answer = el("section", { "aria-label": t.answer }, data.points.map((p) => el("div", { class: "point" }, el("h3", {}, p.heading), p.quotes.map(quotation))));
    if (data.points.length) answer.append(el("div", { class: "row feedback soft noprint" }, el("span", {}, data.verdict ? t.thanks : t.helpful),
      ["useful", "useless"].map((v) => button(t[v], () => send("feedback", v), { "aria-pressed": data.verdict === v }))));
    const evidence = el("section", { class: "evidence", "aria-label": t.evidence });
    data.groups.forEach((g) => evidence.append(el("h3", {}, g.title), ...g.passages.map(passage)));
    if (data.rest) { // those without a citation stand last
      const rest = [...evidence.querySelectorAll(".passage")].slice(-data.groups[data.groups.length - 1].passages.length).slice(data.few);
      evidence.append(el("details", { class: "rest" }, el("summary", {}, data.rest), rest));
    }
    root.append(el("div", { class: "cols" + (data.points.length ? " two" : "") }, data.points.length ? answer : null, evidence));
  });
}
