/* The pulse in the browser: keeps a socket to /pulse open, polls /pulse/now without one, and writes the reader's own
   number into the store "pulse". On the pages of an operation the number changes only when that operation did, or the
   programme, if a part of the page shows data of the programme (data-programme).
   The parts of boards (`frame/live_parts.py`) are subscribed to: their changes come with the message, and no callback
   runs; where that fails, the store "pulse-asks" changes, and the page's callbacks ask for the parts. */
(() => {
  const PROGRAMME = "00000000-0000-0000-0000-000000000000";  // as operations.core.pulse names it
  const STORE = "pulse", ASKS = "pulse-asks", TOLD = "shell-told", DRAWN = "data-drawn", OLD = 5 * 60 * 1000;
  const POLL = 2000, POLL_HIDDEN = 10000, PATIENCE = [500, 1000, 2000, 5000, 10000], TOO_MANY = 4429;
  let seq = 0, shown = 0, asked = 0, failures = 0, polling = null, socket = null;

  let connected = "connecting";
  const state = (now) => {
    connected = now;
    const live = document.getElementById("shell-live"), word = document.getElementById("shell-live-word");
    const name = now === "stale" || dash_clientside.muster.storing() ? now : "unstored";
    if (!live || live.dataset.state === name) return;
    live.dataset.state = name;
    word.textContent = live.dataset[name];
  };

  const here = () => {
    const parts = location.pathname.split("/");
    return parts[1] === "operations" ? parts[2] : null;
  };

  /* The boards that this page watches, by name, which is the first of the elements that keep the marks of their parts:
     what the server is told of each, and these elements. */
  const watching = new Map();
  let turn = 0, said = "[]", telling = false, place = location.pathname, from = 0;

  const open_now = () => socket !== null && socket.readyState === WebSocket.OPEN;
  /* Nothing else on the page follows the pulse. */
  const whole = () => {
    const { listening, stands } = dash_clientside.muster;
    return !listening(STORE, "data").some(({ outputs }) => outputs.some(({ id }) => stands(id)));
  };
  const words = () => {
    const all = watching.size > 0 && whole();
    return JSON.stringify([...watching.values()].map(({ told }) => ({ ...told, whole: all })));
  };
  /* The reader's number when the page that is open was asked for, or before. */
  const since = () => {
    if (place !== location.pathname) { place = location.pathname; from = seq; moved.clear(); }
    return from;
  };

  /* What moved while a page was on its way: it may be drawn of before, and none of its parts was there to hear of it. */
  const moved = new Map();
  const move = (store, data) => { moved.set(store, data); dash_clientside.muster.set_here(store, { data }); };
  const page_came = () => {
    since();
    const missed = [...moved];
    moved.clear();
    for (const [store, data] of missed) dash_clientside.muster.set_here(store, { data });
    return true;
  };

  const tell = () => {
    if (telling) return;
    telling = true;
    queueMicrotask(() => {
      telling = false;
      const text = words();
      if (open_now() && said !== text) { said = text; socket.send(text); }
    });
  };

  const left = () => {
    for (const name of watching.keys()) {
      if (!document.getElementById(name)) { later.delete(name); watching.delete(name); tell(); }
    }
  };

  const set = (places, kept) => dash_clientside.muster.set(places, kept);

  /* What an element keeps: the mark of the part that it shows, or the marks of many by name, with their number. */
  const kept_by = (id) => {
    const text = dash_clientside.muster.laid(id)?.props[DRAWN] || "";
    return text.startsWith("{") ? JSON.parse(text) : { parts: { [id]: text } };
  };
  const shows = (keepers) => Object.assign({}, ...keepers.map((id) => kept_by(id).parts));
  const keep = (keepers, parts, number) => keepers.flatMap((id) => {
    const before = kept_by(id), now = Object.fromEntries(parts.filter(([name]) => name in before.parts));
    if (before.number === undefined) return id in now ? [[id, DRAWN, now[id]]] : [];
    return [[id, DRAWN, JSON.stringify({ number, parts: { ...before.parts, ...now } })]];
  });

  /* What is still to be done of a board, by its name: it `draws`, or is taken `back` where the page draws itself anew. */
  const later = new Map(), CHARTS_AFTER = 300, DASH_AFTER = 600; // by then the rest has come, and both are drawn as one
  const finish = (name, how = "draws") => {
    const due = later.get(name);
    later.delete(name);
    due?.[how]();
  };
  const after = (wait, name, draws, back = draws) => {
    const due = { draws, back };
    later.set(name, due);
    setTimeout(() => { if (later.get(name) === due) finish(name); }, wait);
  };

  /* Dash draws what it is given as if a callback had returned it. Where nothing but words came they are written at once,
     and Dash is told a moment later; so are charts drawn a moment after the rest: until then numbers of other pages may
     wait for the same cores. */
  const draw = (board) => {
    finish(board.board);
    const known = watching.get(board.board);
    if (!known || board.turn !== known.told.turn) return;
    const { keepers } = known, told = said === words(), before = shows(keepers); // what is shown from now on the server knows
    /* What this page has drawn anew by itself meanwhile no patch of what was before fits: it says so, and is told. */
    const parts = board.parts.filter(([name, , , , , of]) => of === undefined || of === before[name]);
    for (const [name, mark] of parts) known.told.marks[name] = mark;
    known.told.number = board.number;
    if (told) said = words();
    const places = (chosen) => parts.filter(chosen).map(([, , ...place]) => place);
    const chart = ([, , , property]) => property === "figure", others = places((part) => !chart(part));
    const kept = keep(keepers, parts, board.number), was = JSON.stringify(before);
    const hears = keepers.some((id) => dash_clientside.muster.listening(id, DRAWN).length > 1); // others than this script
    const all = () => { if (hears) set([...others, ...kept]); else set(others, kept); };
    const back = !hears && !parts.some(chart) && dash_clientside.muster.ahead(others);
    if (back) return after(DASH_AFTER, board.board, () => (JSON.stringify(shows(keepers)) === was ? all : back)(), back);
    all();
    const charts = () => set(places((part) => chart(part) && shows(keepers)[part[0]] === part[1]));
    if (parts.some(chart)) after(CHARTS_AFTER, board.board, charts);
  };

  /* Nothing of a part in which somebody chooses from a list: when that is done the server is told what is shown. */
  let chosen_from = false;
  const free = (board) => {
    const { choosing, chosen } = dash_clientside.muster, held = ([, , id, property]) => choosing(id, property);
    const places = board.parts.filter(held).map(([, , ...place]) => place);
    if (places.length && !chosen_from) {
      chosen_from = true;
      chosen(places).then(() => { chosen_from = false; said = ""; tell(); });
    }
    return { ...board, parts: board.parts.filter((part) => !held(part)) };
  };

  /* What the frame was told and has not read: of two messages in one turn Dash would give it the last alone. */
  let news = {};

  const heard = ({ seq: number, operations, storing, about, told, boards, asks }, asking) => {
    if (storing === false) dash_clientside.muster.stored(false);
    since();
    seq = number;
    left();
    (boards || []).map(free).forEach(draw);
    if (about || told) {
      news = { ...news, ...told, about: { ...news.about, ...about } };
      dash_clientside.muster.set_here(TOLD, { data: news });
    }
    const operation = here();
    const both = operations.includes(PROGRAMME) && document.querySelector("[data-programme]") !== null;
    const concerned = operations.length > 0 && (operation === null || operations.includes(operation) || both);
    if (concerned && seq !== shown) {
      shown = seq;
      move(STORE, seq);
    }
    if (asks || (asking && concerned && seq !== asked)) {
      asked = seq;
      move(ASKS, seq);
    }
  };

  const stopPolling = () => { clearTimeout(polling); polling = null; };

  const poll = async () => {
    try {
      const answer = await fetch(`/pulse/now?since=${seq}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      heard(await answer.json(), true);
      if (polling !== null) state("polling");
    } catch {
      if (polling !== null) state("stale");
    }
    if (polling !== null) polling = setTimeout(poll, document.hidden ? POLL_HIDDEN : POLL);
  };

  const open = () => {
    const address = new URL(`/pulse?since=${seq}`, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    let opened = false;
    socket = new WebSocket(address);
    socket.onmessage = (message) => {
      /* Not when it opens: one screen too many of a person is opened, told so and closed. */
      if (!opened) {
        opened = true; failures = 0; stopPolling(); state("live"); dash_clientside.muster.session(true);
        said = "[]"; tell();
      }
      heard(JSON.parse(message.data));
    };
    socket.onclose = ({ code }) => {
      if (code === TOO_MANY) failures = PATIENCE.length;
      failures += 1;
      if (opened) state("connecting");
      if ((!opened || failures > 1) && polling === null) { polling = 0; poll(); }
      setTimeout(open, PATIENCE[Math.min(failures, PATIENCE.length) - 1]);
    };
  };

  addEventListener("offline", () => state("stale"));
  addEventListener("muster:storing", () => state(connected));

  /* The look that the system asks for, where nobody chose another. The server knows it since the socket was opened, so
     that is opened anew; and the page asks for what it draws in the look, its charts. */
  const dress = () => {
    const root = document.documentElement, wanted = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    if (root.dataset.look !== "auto" || root.dataset.mantineColorScheme === wanted) return;
    dash_clientside.set_props("shell-mantine", { forceColorScheme: wanted });
    for (const store of [STORE, ASKS]) move(store, `${seq} ${wanted}`);
    if (open_now()) socket.close();
  };
  addEventListener("muster:look", dress);

  /* Time alone changes some parts, silence grows: without a socket the server cannot say so. */
  setInterval(() => {
    if (watching.size && !document.hidden && !open_now()) dash_clientside.muster.set_here(ASKS, { data: seq });
  }, OLD);

  /* Watch a board together with all others that see the same, as long as its first element stands on the page; it is
     watched no longer where nothing is `chosen`. What the page has asked for may be older than what came meanwhile: then
     it may show parts of both, and all of the board is to come. */
  const watch = (keepers, chosen) => {
    const [board] = keepers, { number } = kept_by(board);
    left();
    finish(board, "back");
    if (!chosen) { watching.delete(board); return tell(); }
    const before = watching.get(board)?.told, same = before && JSON.stringify(before.chosen) === JSON.stringify(chosen);
    const older = before && before.chosen[0] === chosen[0] && number < before.number;
    const told = {
      board, chosen, marks: older ? {} : shows(keepers), number: older ? -1 : number ?? (same ? before.number : -1),
      since: since(), turn: same ? before.turn : (turn += 1),
    };
    watching.set(board, { told, keepers });
    tell();
  };
  const kept = (inputs) => inputs.filter(({ property }) => property === DRAWN).map(({ id }) => id);

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    news_read() { news = {}; },
    hand_on: (pulse, ids) => ids.map(() => pulse),
    page_came,
    /* As `follows` declares it: the marks that elements keep, then what is chosen. */
    watch_parts(...values) {
      const keepers = kept(dash_clientside.callback_context.inputs_list);
      watch(keepers, values.slice(keepers.length));
      return dash_clientside.no_update;
    },
    /* The same, and last of all the moment of the past that is shown: it is watched by nobody. */
    watch_present(...values) {
      const keepers = kept(dash_clientside.callback_context.inputs_list);
      watch(keepers, values.at(-1) ? null : values.slice(keepers.length, -1));
      return dash_clientside.no_update;
    },
    watches: () => watching.size > 0 && open_now(),
    start_pulse(number) {
      seq = shown = asked = from = number || 0;
      state("connecting");
      open();
      dress(); // a first page comes in the light: its cookie is set as it opens
    },
  });
})();
