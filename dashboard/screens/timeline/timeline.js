/* The timeline: bars of phases and tasks that are moved with the mouse or with keys. vis-timeline draws them and is
   fetched when the first timeline is shown. What stands in the way is asked from the server while a bar moves; the verb
   that moves it is the server's too, and a bar that it refuses goes back. */
(function () {
  "use strict";

  const HOUR = 3600000;
  const DAY = 24 * HOUR;
  const SETTLED_MS = 700;
  const PHONE_PX = 520;
  const NARROW_PX = 34; // two letters and dots say nothing
  const PADDING_PX = 10;
  const RIGHT_TO_LEFT = /[\u0590-\u08ff]/, LEFT_TO_RIGHT = /[A-Za-z\u00c0-\u024f]/;
  const pen = document.createElement("canvas").getContext("2d");
  const muster = (window.musterTimeline = window.musterTimeline || {});
  muster.parts = muster.parts || [];
  let state = null; // of the timeline on the page: there is one

  const say = (id, data) => window.dash_clientside.set_props(id, { data });
  const element = (id) => document.getElementById(id);

  // ------------------------------------------------------------------------------------------------ the library
  async function library() {
    await Promise.all([window.musterScripts.load("timeline.js"), window.musterScripts.load("timeline.css")]);
    return window.vis;
  }

  // ------------------------------------------------------------------------------------------------------ words
  const formats = new Map();
  function format(zone, parts) {
    const key = zone + JSON.stringify(parts);
    if (!formats.has(key)) {
      const language = document.documentElement.lang;
      formats.set(key, new Intl.DateTimeFormat(`${language}-u-nu-latn-hc-h23`, Object.assign({ timeZone: zone }, parts)));
    }
    return formats.get(key);
  }
  const stamp = (ms, zone) => format(zone, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(ms);
  const range = (from, to, zone) => format(zone, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).formatRange(from, to);
  const MINOR = {
    minute: { hour: "2-digit", minute: "2-digit" }, hour: { hour: "2-digit", minute: "2-digit" },
    weekday: { weekday: "short", day: "numeric" }, day: { day: "numeric" }, week: { day: "numeric" },
    month: { month: "short" }, year: { year: "numeric" },
  };
  const MAJOR = {
    minute: { weekday: "short", day: "numeric", month: "long" }, hour: { weekday: "short", day: "numeric", month: "long" },
    weekday: { month: "long", year: "numeric" }, day: { month: "long", year: "numeric" }, week: { month: "long", year: "numeric" },
    month: { year: "numeric" }, year: {},
  };
  const label = (table) => (date, scale) => {
    const parts = table[scale];
    return parts && Object.keys(parts).length ? format("UTC", parts).format(date.valueOf()) : "";
  };

  // ------------------------------------------------------------------------------------------------------- bars
  function item(bar) {
    const made = {
      id: bar.id, group: bar.group, start: new Date(bar.starts), content: bar.name, className: bar.look,
      type: bar.point ? "point" : "range",
      editable: bar.movable ? { updateTime: true, updateGroup: false, remove: false } : false,
    };
    if (!bar.point) made.end = new Date(bar.ends);
    return made;
  }
  const content = (shown) => {
    const made = document.createElement("span");
    made.textContent = shown ? shown.content : "";
    made.dir = "auto";
    made.title = made.textContent; // what is cut is told when it is pointed at
    return made;
  };
  function snap(date, scale) {
    const step = scale === "minute" || scale === "hour" ? HOUR / 4 : HOUR;
    return new Date(Math.round(date.valueOf() / step) * step);
  }

  /* What is shown first: what the server says, on a phone the days around now where it holds them. */
  function first(root, data) {
    const now = Date.now();
    const narrow = root.clientWidth < PHONE_PX && data.from < now && now < data.to;
    return narrow ? [now - 4 * DAY, now + 5 * DAY] : [data.from, data.to];
  }

  function make(vis, root, data) {
    const made = {
      root, data, vis, bars: new Map(), clashing: new Map(), chosen: null, dragging: false, waiting: null, undo: null, moved: null,
      items: new vis.DataSet(), groups: new vis.DataSet(),
    };
    root.querySelectorAll(".vis-timeline").forEach((old) => old.remove());
    const [from, to] = first(root, data);
    made.chart = new vis.Timeline(root, made.items, made.groups, {
      rtl: document.documentElement.dir === "rtl", moment: (date) => vis.moment(date).utc(), locale: "en",
      start: new Date(from), end: new Date(to), zoomMin: 2 * HOUR, zoomMax: 6 * 365 * DAY,
      minHeight: 260, maxHeight: Math.max(320, Math.round(0.58 * window.innerHeight)), orientation: "top", stack: true, verticalScroll: true, horizontalScroll: false, zoomKey: "ctrlKey",
      margin: { item: { horizontal: 0, vertical: 4 }, axis: 6 }, showTooltips: false, showCurrentTime: true, selectable: true,
      editable: { updateTime: true, updateGroup: false, add: false, remove: false, overrideItems: false },
      itemsAlwaysDraggable: { item: true, range: true }, groupOrder: "order", template: content, groupTemplate: content,
      snap, dataAttributes: ["id"], format: { minorLabels: label(MINOR), majorLabels: label(MAJOR) },
      onMoving: (bar, take) => { made.dragging = true; shift(made, bar); take(bar); },
      onMove: (bar, take) => { made.dragging = false; take(bar); send(made, bar); },
    });
    made.chart.on("itemover", ({ item: id }) => facts(made, id));
    made.chart.on("itemout", () => facts(made, made.chosen));
    made.chart.on("select", ({ items }) => choose(made, items[0] || null));
    made.chart.on("doubleClick", ({ item: id }) => id && open(made, id));
    made.chart.on("changed", () => { mark(made); for (const part of muster.parts) part(made); });
    return made;
  }

  function show(made, data) {
    if (made.dragging || made.moved) { made.waiting = data; return; }
    made.data = data;
    made.waiting = null;
    const changed = data.bars.filter((bar) => JSON.stringify(made.bars.get(bar.id)) !== JSON.stringify(bar));
    const names = new Set(data.bars.map((bar) => bar.id));
    const gone = [...made.bars.keys()].filter((id) => !names.has(id));
    made.bars = new Map(data.bars.map((bar) => [bar.id, bar]));
    made.clashing = new Map(data.bars.filter((bar) => bar.clash).map((bar) => [bar.id, bar.clash]));
    made.groups.update(data.groups.map((group) => ({ id: group.id, content: group.name, order: group.order })));
    made.groups.remove(made.groups.getIds().filter((id) => !data.groups.some((group) => group.id === id)));
    made.items.update(changed.map(item));
    if (gone.length) made.items.remove(gone);
    made.order = data.bars.map((bar) => bar.id);
    if (made.chosen && names.has(made.chosen)) made.chart.setSelection(made.chosen);
    mark(made);
    facts(made, made.chosen);
  }
  /* Put every bar back to where the server has it. */
  function settle(made) {
    made.items.update(made.data.bars.map(item));
    made.clashing = new Map(made.data.bars.filter((bar) => bar.clash).map((bar) => [bar.id, bar.clash]));
    mark(made);
  }

  /* Clashing bars are hatched and outlined, which vis-timeline's own classes would lose when it draws them anew. */
  function mark(made) {
    for (const bar of made.root.querySelectorAll(".vis-item[data-id]")) {
      bar.classList.toggle("is-clashing", made.clashing.has(bar.dataset.id));
      bar.classList.toggle("is-chosen", bar.dataset.id === made.chosen);
      const drawn = made.chart.itemSet.items[bar.dataset.id];
      if (drawn && drawn.data.end) fit(made, bar, drawn);
    }
  }
  /* A title stands in the part of its bar that is in sight, and is cut at its end, never at its beginning. */
  function fit(made, bar, drawn) {
    const from = made.chart.options.rtl ? drawn.right : drawn.left;
    const room = Math.round(Math.min(from + drawn.width, made.chart.dom.center.clientWidth) - Math.max(from, 0));
    bar.classList.toggle("is-narrow", room < NARROW_PX);
    const most = room < drawn.width - 1 && room > 0 ? `${room}px` : "";
    if (drawn.dom.content.style.maxWidth !== most) drawn.dom.content.style.maxWidth = most;
    cut(drawn.dom.content, Math.min(room, drawn.width) - 2 * PADDING_PX);
  }
  /* In a title of two directions the browser cuts the words at its edge, which begin the second part: it is cut in the
     order of reading instead. */
  function cut(content, room) {
    const words = content.firstElementChild, whole = words && words.title;
    if (!whole || !RIGHT_TO_LEFT.test(whole) || !LEFT_TO_RIGHT.test(whole)) return;
    pen.font = getComputedStyle(content).font;
    let most = whole.length;
    while (most > 1 && pen.measureText(said(whole, most)).width > room) most -= 1;
    if (words.textContent !== said(whole, most)) words.textContent = said(whole, most);
  }
  function said(whole, most) {
    if (most === whole.length) return whole;
    const kept = whole.slice(0, most).trimEnd();
    const last = [...kept].reverse().find((letter) => RIGHT_TO_LEFT.test(letter) || LEFT_TO_RIGHT.test(letter)) || "";
    return `${kept}…${RIGHT_TO_LEFT.test(last) ? "\u200f" : "\u200e"}`; // the dots stand where reading ends
  }

  // ------------------------------------------------------------------------------- what stands in the way, while moving
  function shift(made, bar) {
    made.draft = { id: bar.id, starts: bar.start.valueOf(), ends: (bar.end || bar.start).valueOf() };
    facts(made, bar.id, made.draft);
    ask(made);
  }
  async function ask(made) {
    if (made.asking) { made.again = true; return; }
    made.asking = true;
    const draft = made.draft;
    const asked = new URLSearchParams({
      id: draft.id, starts: new Date(draft.starts).toISOString(), ends: new Date(draft.ends).toISOString(), following: String(following()),
    });
    if (made.bars.get(draft.id).point) asked.delete("starts");
    try {
      const answer = await fetch(`/data/timeline/check?${asked}`);
      const found = answer.ok || answer.status === 422 ? await answer.json() : { clashes: [] };
      if (made.draft === draft || made.dragging || made.moved) told(made, draft.id, found);
    } catch (error) { /* without a connection nothing can be said; the drop says it */ }
    made.asking = false;
    if (made.again) { made.again = false; ask(made); }
  }
  function told(made, id, found) {
    const clashes = found.clashes || [{ other: null, said: found.error }];
    made.clashing = new Map(clashes.flatMap((clash) => [[id, clash.said], [clash.other, clash.said]]).filter(([key]) => key));
    mark(made);
    status(clashes.length ? [...new Set(clashes.map((clash) => clash.said))].slice(0, 3).join(" ") : made.data.words.free, clashes.length > 0);
  }
  const following = () => { const box = element("timeline-following"); return Boolean(box && box.checked); };

  function send(made, bar) {
    const known = made.bars.get(bar.id);
    const starts = bar.start.valueOf();
    const ends = (bar.end || bar.start).valueOf();
    if (starts === known.starts && ends === known.ends) { settle(made); return resume(made); }
    made.sent = true;
    made.back = { id: bar.id, starts: known.starts, ends: known.ends, point: known.point, following: following() };
    say("timeline-move", { id: bar.id, starts: known.point ? null : starts, ends, version: known.version, following: following(), at: Date.now() });
  }
  /* The server has answered: data that it sends with a refusal have the bars where they were. */
  function answered(answer) {
    if (!state || !answer) return;
    state.draft = null;
    state.sent = false;
    if (answer.done) {
      state.undo = answer.undone ? null : state.back;
      status(state.undo ? answer.said + " " + state.data.words.escape : answer.said, false);
    } else {
      settle(state);
      status(answer.said, true);
    }
    resume(state);
    const wanted = state.wanted && answer.done && !answer.undone;
    state.wanted = false;
    if (wanted) takeBack();
    if (element("timeline-undo")) window.dash_clientside.set_props("timeline-undo", { disabled: !state.undo });
  }
  function takeBack() {
    if (!state) return;
    if (state.moved) { clearTimeout(state.timer); state.moved = null; state.draft = null; settle(state); status(state.data.words.back, false); return resume(state); }
    if (state.sent) { state.wanted = true; return; } // as soon as the answer is there
    if (!state.undo) return;
    const { id, starts, ends, point, following: all } = state.undo;
    say("timeline-move", { id, starts: point ? null : starts, ends, version: null, following: all, undo: true, at: Date.now() });
  }
  const resume = (made) => made.waiting && show(made, made.waiting);

  // -------------------------------------------------------------------------------------------------------- words
  function status(words, bad) {
    const place = element("timeline-status");
    if (!place) return;
    place.textContent = words || "";
    place.classList.toggle("is-bad", Boolean(bad));
  }
  /* When a bar is, in UTC, in the operation's zone and in those of the countries. */
  function facts(made, id, draft) {
    const place = element("timeline-facts");
    const bar = made.bars.get(id);
    if (!place) return;
    if (!bar) { place.replaceChildren(); place.textContent = made.data.words.hint; return; }
    const { starts, ends } = draft || bar;
    const table = document.createElement("dl");
    const own = made.data.groups.find((group) => group.id === bar.group)?.zones; // of all operations, each has its own
    for (const { label: name, zone } of [{ label: "UTC", zone: "UTC" }, ...(own || made.data.zones)]) {
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.textContent = name;
      value.textContent = bar.point ? stamp(ends, zone) : range(starts, ends, zone);
      table.append(term, value);
    }
    const title = document.createElement("strong");
    title.textContent = bar.said || bar.name;
    const parts = [title, table];
    if (!draft && made.clashing.has(id)) {
      const clash = document.createElement("p");
      clash.className = "timeline-clash";
      clash.textContent = made.clashing.get(id);
      parts.push(clash);
    }
    place.replaceChildren(...parts);
  }

  // ---------------------------------------------------------------------------------------------------- by keyboard
  function choose(made, id) {
    made.chosen = id;
    made.chart.setSelection(id ? [id] : []);
    mark(made);
    facts(made, id);
    if (id) status(named(made, id), false);
    say("timeline-chosen", id);
  }
  function open(made, id) {
    if (made.root.dataset.elsewhere) return location.assign(`/operations/${made.bars.get(id).group}/timeline?show=${id}`);
    say("timeline-opened", { id, at: Date.now() });
  }
  function named(made, id) {
    const bar = made.bars.get(id);
    return `${bar.said || bar.name}: ${bar.point ? stamp(bar.ends, "UTC") : range(bar.starts, bar.ends, "UTC")} UTC`;
  }
  function reveal(made, id) {
    const bar = made.bars.get(id);
    const { start, end } = made.chart.getWindow();
    if (bar.ends < start.valueOf() || bar.starts > end.valueOf()) made.chart.moveTo(new Date((bar.starts + bar.ends) / 2), { animation: false });
    const drawn = made.root.querySelector(`.vis-item[data-id="${id}"]`);
    if (!drawn) made.chart.focus(id, { zoom: false, animation: false });
  }
  function step(made, by) {
    if (!made.order.length) return;
    const at = made.order.indexOf(made.chosen);
    const next = made.order[Math.min(made.order.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    choose(made, next);
    reveal(made, next);
  }
  function nudge(made, by, stretch) {
    const bar = made.bars.get(made.chosen);
    if (!bar) return status(made.data.words.first, true);
    if (!bar.movable) return status(made.data.words.fixed, true);
    const now = made.moved || { id: bar.id, start: new Date(bar.starts), end: bar.point ? null : new Date(bar.ends) };
    const start = stretch ? now.start : new Date(now.start.valueOf() + by);
    const end = now.end && new Date(now.end.valueOf() + by);
    if (stretch && !end) return status(made.data.words.moment, true);
    if (end && end <= start) return status(made.data.words.reversed, true);
    made.moved = { id: bar.id, start, end };
    made.items.update(Object.assign({ id: bar.id, start }, end ? { end } : {}));
    shift(made, made.moved);
    clearTimeout(made.timer);
    made.timer = setTimeout(() => {
      const moved = made.moved;
      made.moved = null;
      send(made, moved);
      resume(made);
    }, SETTLED_MS);
  }
  document.addEventListener("keydown", (event) => {
    if (!state || event.target !== state.root) return;
    const later = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const length = event.ctrlKey || event.metaKey ? HOUR : DAY;
    const act = {
      ArrowDown: () => step(state, 1), ArrowUp: () => step(state, -1),
      ArrowRight: () => nudge(state, later === "ArrowRight" ? length : -length, event.shiftKey),
      ArrowLeft: () => nudge(state, later === "ArrowLeft" ? length : -length, event.shiftKey),
      Enter: () => state.chosen && open(state, state.chosen), Escape: takeBack,
      "+": () => state.chart.zoomIn(0.5), "-": () => state.chart.zoomOut(0.5), Home: () => state.chart.moveTo(new Date()),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("click", (event) => {
    const copied = event.target.closest && event.target.closest("[data-copied]");
    if (copied && navigator.clipboard) navigator.clipboard.writeText(copied.dataset.copied).catch(() => {});
    const press = event.target.closest && event.target.closest("[data-timeline]");
    if (!press || !state) return;
    const acts = {
      in: () => state.chart.zoomIn(0.5), out: () => state.chart.zoomOut(0.5), now: () => state.chart.moveTo(new Date()),
      all: () => state.chart.fit(), undo: takeBack,
    };
    acts[press.dataset.timeline]();
  });

  // --------------------------------------------------------------------------------------------------------- Dash
  const clientside = (window.dash_clientside = window.dash_clientside || {});
  clientside.muster_timeline = {
    async draw(data) {
      const root = element("timeline-chart");
      if (!root || !data) return clientside.no_update;
      const vis = await library();
      if (!state || state.root !== root || !document.contains(state.root)) {
        if (state) state.chart.destroy();
        state = make(vis, root, data);
        muster.state = state;
        show(state, data);
        const wanted = root.dataset.show;
        if (wanted && state.bars.has(wanted)) { choose(state, wanted); reveal(state, wanted); if (!root.dataset.elsewhere) open(state, wanted); }
        return Date.now();
      }
      show(state, data);
      return Date.now();
    },
    answered(answer) { answered(answer); return clientside.no_update; },
    /* What was opened comes into sight, and the keyboard goes on there. */
    opened(editing) {
      if (editing) setTimeout(() => {
        const editor = element("timeline-editor");
        if (editor) { editor.scrollIntoView({ block: "nearest" }); editor.focus({ preventScroll: true }); }
      }, 60);
      return clientside.no_update;
    },
  };
})();
