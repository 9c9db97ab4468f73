/* The pulse in the browser: keeps a socket to /pulse open, polls /pulse/now without one, and writes the reader's own
   number into the store "pulse". On the pages of an operation the number changes only when that operation did, or the
   programme, if a part of the page shows data of the programme (data-programme).
   A page may subscribe to its boards: then their changes come with the message, and no callback runs; where that fails,
   the store "pulse-asks" changes, and the page's callbacks ask for the parts. */
(() => {
  const PROGRAMME = "00000000-0000-0000-0000-000000000000";  // as operations.core.pulse names it
  const STORE = "pulse", ASKS = "pulse-asks", TOLD = "shell-told";
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

  /* The boards that this page watches, by name: what the server is told of each, the element that it stands on, and
     what keeps the marks of what is shown. */
  const watching = new Map();
  let turn = 0, said = "[]", telling = false, place = location.pathname, from = 0;

  const open_now = () => socket !== null && socket.readyState === WebSocket.OPEN;
  const words = () => JSON.stringify([...watching.values()].map(({ told }) => told));
  /* The reader's number when the page that is open was asked for, or before. */
  const since = () => {
    if (place !== location.pathname) { place = location.pathname; from = seq; moved.clear(); }
    return from;
  };

  /* What moved while a page was on its way: it may be drawn of before, and none of its parts was there to hear of it. */
  const moved = new Map();
  const move = (store, data) => { moved.set(store, data); dash_clientside.set_props(store, { data }); };
  const page_came = () => {
    since();
    const missed = [...moved];
    moved.clear();
    for (const [store, data] of missed) dash_clientside.set_props(store, { data });
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
    for (const [name, { on }] of watching) {
      if (!document.getElementById(on)) { later.delete(name); watching.delete(name); tell(); }
    }
  };

  const set = (places, kept) => dash_clientside.muster.set(places, kept);

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
    const told = said === words(), shows = known.shows(); // what is shown from now on the server knows
    /* What this page has drawn anew by itself meanwhile no patch of what was before fits: it says so, and is told. */
    const parts = board.parts.filter(([name, , , , , of]) => of === undefined || of === shows[name]);
    for (const [name, mark] of parts) known.told.marks[name] = mark;
    known.told.number = board.number;
    if (told) said = words();
    const places = (chosen) => parts.filter(chosen).map(([, , ...place]) => place);
    const chart = ([, , , property]) => property === "figure", others = places((part) => !chart(part));
    const kept = known.keep({ ...shows, ...Object.fromEntries(parts) }, board.number, parts);
    const all = () => { if (known.heard) set([...others, ...kept]); else set(others, kept); };
    const back = !known.heard && !parts.some(chart) && dash_clientside.muster.ahead(others), was = JSON.stringify(shows);
    if (back) return after(DASH_AFTER, board.board, () => (JSON.stringify(known.shows()) === was ? all : back)(), back);
    all();
    const charts = () => set(places((part) => chart(part) && known.shows()[part[0]] === part[1]));
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

  const heard = ({ seq: number, operations, storing, about, told, boards, asks }, asking) => {
    if (storing === false) dash_clientside.muster.stored(false);
    since();
    seq = number;
    left();
    (boards || []).map(free).forEach(draw);
    if (about || told) dash_clientside.set_props(TOLD, { data: { about, ...told } });
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
    move(ASKS, `${seq} ${wanted}`);
    if (open_now()) socket.close();
  };
  addEventListener("muster:look", dress);

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    hand_on: (pulse, ids) => ids.map(() => pulse),
    page_came,
    /* Watch a board together with all others that show the same, as long as the element `on` stands on the page; none
       of that name where nothing is `chosen`. `shows` tells the marks of what stands on the page, and `keep`
       what keeps those of what was drawn, and the number of the board: [element, property, value]; callbacks are not
       called for that, unless others than this one hear of it (`heard`). What the page has asked for may be older than
       what came meanwhile: then it may show parts of both, and all of the board is to come. */
    watch(board, chosen, number, { on, shows, keep, heard }) {
      left();
      finish(board, "back");
      if (!chosen) { watching.delete(board); return tell(); }
      const before = watching.get(board)?.told, same = before && JSON.stringify(before.chosen) === JSON.stringify(chosen);
      const older = before && before.chosen.operation_id === chosen.operation_id && number < before.number;
      const told = {
        board, chosen, marks: older ? {} : { ...shows() }, number: older ? -1 : number ?? (same ? before.number : -1),
        since: since(), turn: same ? before.turn : (turn += 1),
      };
      watching.set(board, { told, on, shows, keep, heard });
      tell();
    },
    /* Watch the parts of a page whose elements keep their marks, as `frame/interactions.py` declares them. */
    watch_parts(...values) {
      const { inputs_list: inputs, states_list: states } = dash_clientside.callback_context, [{ id: on }] = inputs;
      const prop = "data-drawn", of = (id) => dash_clientside.muster.laid(id)?.props[prop] || "";
      const [operation, chosen] = values.slice(inputs.length), of_one = { operation_id: operation, ...chosen };
      window.dash_clientside.muster.watch(on, states?.length ? of_one : {}, undefined, {
        on,
        shows: () => Object.fromEntries(inputs.map(({ id }) => [id, of(id)])),
        keep: (_marks, _number, parts) => parts.map(([id, mark]) => [id, prop, mark]),
      });
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
