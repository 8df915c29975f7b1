// Keeps the basket in localStorage, an entry an item, so that tabs which write at the same time do not overwrite each other.
// Python sends its changes as numbered steps and its copy of the list; where the storage differs, the list goes back.
export default function (component) {
  const { data, setTriggerValue } = component;
  const prefix = `yanju.basket.${data.scope}.`;
  const life = (window.yanjuBasket ??= { session: "", seq: 0, look: null });
  const tell = (found) => setTriggerValue("found", { session: data.session, seq: data.seq, ...found });

  const store = (() => { try { return window.localStorage; } catch { return null; } })();
  if (!store) {
    if (life.session !== data.session) tell({ lost: true, items: [] });
    life.session = data.session;
    return;
  }
  if (life.session !== data.session) Object.assign(life, { session: data.session, seq: 0 });
  const name = (speech, start, end) => `${prefix}${start}.${end}.${speech}`;
  const write = (step) => {
    if (step.drop) store.removeItem(name(...step.drop));
    else store.setItem(name(step.put.speech, step.put.start, step.put.end), JSON.stringify(step.put));
  };
  try {
    data.steps.filter((step) => step.seq > life.seq).forEach(write);
    life.seq = Math.max(life.seq, data.seq);
  } catch { // full, or closed to writing
    tell({ lost: true, items: [] });
    return;
  }

  const entry = (key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };
  const canonical = (items) => JSON.stringify(items
    .map((x) => [x.rank, x.speech, x.start, x.end, x.note]).sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[2] - b[2] || a[3] - b[3])));
  life.look = () => {
    const items = Object.keys(store).filter((key) => key.startsWith(prefix)).map(entry).filter(Boolean);
    const now = canonical(items);
    if (now !== canonical(data.items) && life.told !== data.session + data.seq + now) {
      life.told = data.session + data.seq + now;
      tell({ items });
    }
  };
  if (!life.listening) {
    life.listening = true;
    window.addEventListener("storage", (event) => { if (event.key === null || event.key.startsWith("yanju.basket.")) life.look?.(); });
  }
  life.look();
}
