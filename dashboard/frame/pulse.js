/* The pulse in the browser: keeps a socket to /pulse, asks /pulse/now where there is none, and puts the reader's
   own number into the store "pulse". On the pages of one operation it moves only when that operation changed, or the
   programme, where a part of the page says that it shows something of that (data-programme).
   A page may say which board it has open: then what changes on it comes with the message, and nothing is asked. */
(() => {
  const PROGRAMME = "00000000-0000-0000-0000-000000000000";  // as operations.core.hearing names it
  const STORE = "pulse", TOLD = "shell-told";
  const POLL = 2000, POLL_HIDDEN = 10000, PATIENCE = [500, 1000, 2000, 5000, 10000], TOO_MANY = 4429;
  let seq = 0, shown = 0, failures = 0, polling = null, socket = null;

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

  let watching = null, page = "", turn = 0, said = "";

  const tell = () => {
    const open = socket !== null && socket.readyState === WebSocket.OPEN;
    const text = JSON.stringify(watching);
    if (open && said !== text) { said = text; socket.send(text); }
  };

  /* Dash draws what it is given as if a callback had returned it: numbers first, charts, which take longer, after them. */
  const draw = (board) => {
    if (!watching || board.turn !== watching.turn || !document.getElementById(page)) return;
    [watching.mark, watching.number] = [board.mark, board.number];
    const set = ([id, property, value]) => dash_clientside.set_props(id, { [property]: value });
    const chart = ([, property]) => property === "figure", charts = board.parts.filter(chart);
    board.parts.filter((part) => !chart(part)).forEach(set);
    if (charts.length) setTimeout(() => { if (document.getElementById(page)) charts.forEach(set); }, 0);
  };

  const heard = ({ seq: number, operations, storing, about, told, board }) => {
    if (storing === false) dash_clientside.muster.stored(false);
    seq = number;
    if (watching && !document.getElementById(page)) { watching = null; tell(); }
    if (board) draw(board);
    if (about || told) dash_clientside.set_props(TOLD, { data: { about, ...told } });
    const operation = here();
    const both = operations.includes(PROGRAMME) && document.querySelector("[data-programme]") !== null;
    const concerned = operations.length > 0 && (operation === null || operations.includes(operation) || both);
    if (concerned && seq !== shown) {
      shown = seq;
      dash_clientside.set_props(STORE, { data: seq });
    }
  };

  const stopPolling = () => { clearTimeout(polling); polling = null; };

  const poll = async () => {
    try {
      const answer = await fetch(`/pulse/now?since=${seq}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      heard(await answer.json());
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
        said = "null"; tell();
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

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    hand_on: (pulse, ids) => ids.map(() => pulse),
    /* Watch a board together with all others that show the same, as long as the element `on` stands on the page. */
    watch(board, on) {
      const now = board && { ...board, turn: turn + 1 };
      const same = now && watching && JSON.stringify({ ...now, turn: watching.turn }) === JSON.stringify(watching);
      if (same) return;
      [watching, page] = [now, on];
      if (now) turn += 1;
      tell();
    },
    watches: () => watching !== null && socket !== null && socket.readyState === WebSocket.OPEN,
    start_pulse(from) {
      seq = shown = from || 0;
      state("connecting");
      open();
    },
  });
})();
