/* The shell in the browser: clock, notice of an ended session, presence of the user, search and export of lists. */
(() => {
  const element = (id) => document.getElementById(id);

  // ------------------------------------------------------------------ the clock
  const timeIn = (zone, now) =>
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(now);
  const offsetIn = (zone, now) => {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(now);
    const name = parts.find((part) => part.type === "timeZoneName").value.replace("GMT", "UTC");
    return name === "UTC" ? "UTC+0" : name;
  };
  const showClock = () => {
    const clock = element("shell-clock");
    if (!clock) return;
    const now = new Date();
    const marked = document.querySelector("#shell-operation [data-zone]");
    const zone = marked ? marked.dataset.zone : Intl.DateTimeFormat().resolvedOptions().timeZone;
    const said = `${timeIn(zone, now)} ${clock.dataset.local} (${offsetIn(zone, now)})`;
    const local = element("shell-clock-local"), utc = element("shell-clock-utc");
    if (local.textContent !== said) local.textContent = said;
    local.hidden = !marked && offsetIn(zone, now) === "UTC+0"; // of who reads in UTC it says the same twice
    if (utc.textContent !== `${timeIn("UTC", now)} UTC`) utc.textContent = `${timeIn("UTC", now)} UTC`;
    clock.title = marked ? zone.replaceAll("_", " ") : "";
  };

  // ------------------------------------------------- is somebody there, and is the session still alive
  let lastInput = Date.now();
  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    addEventListener(kind, () => { lastInput = Date.now(); }, { passive: true, capture: true });
  }
  const session = (alive) => {
    const notice = element("shell-expired");
    if (notice) notice.classList.toggle("m-expired-shown", !alive);
  };

  // --------------------------------------------------------------- can anything be stored
  const LOOK_AGAIN = 3000, LOAD_AGAIN = 5000;
  let storing = true;
  const show = () => {
    const banner = element("shell-storing");
    if (banner) banner.classList.toggle("m-storing-shown", !storing);
  };
  /* Where it cannot, /ready is asked until it can; then what waits is sent, and what could not be read is loaded. */
  const stored = (well) => {
    if (well === storing) return;
    storing = well;
    show();
    dispatchEvent(new CustomEvent("muster:storing", { detail: well }));
    if (!well) setTimeout(look, LOOK_AGAIN);
    else if (document.querySelector(".m-unread")) location.reload();
  };
  const look = async () => {
    let well = false;
    try { well = (await plainFetch("/ready", { cache: "no-store" })).ok; } catch { /* no network: asked again */ }
    if (well) stored(true); else setTimeout(look, LOOK_AGAIN);
  };

  /* More was asked than is done at once: the server's sentence as a notice, and everything stays as it is. */
  const tooMany = async (answer) => {
    const words = element("shell-live").dataset;
    const said = await answer.json().catch(() => ({}));
    window.dash_clientside.set_props("shell-notices", { sendNotifications: [{
      action: "show", id: "shell-too-many", title: words.refused, message: said.error, className: "m-notice m-notice-refused",
      autoClose: 1000 * Math.max(6, Number(answer.headers.get("Retry-After")) || 0), closeButtonProps: { "aria-label": words.close },
    }] });
  };

  /* Undo, in the notice of what was done: an act of its own, once. */
  addEventListener("click", (event) => {
    const button = event.target.closest?.(".m-undo");
    if (!button || button.disabled) return;
    button.disabled = true;
    window.dash_clientside.set_props("shell-undo", { data: JSON.parse(button.dataset.undoes) });
    button.closest(".m-notice")?.querySelector("button:not(.m-undo)")?.click();
  });

  const plainFetch = window.fetch;
  window.fetch = async (input, options) => {
    const address = new URL(typeof input === "string" ? input : input.url, location.href);
    const ours = address.origin === location.origin;
    let asked = options;
    if (ours && address.pathname.startsWith("/_dash-")) {
      const headers = new Headers((options && options.headers) || (input instanceof Request ? input.headers : undefined));
      headers.set("Muster-Present", Date.now() - lastInput < 60000 ? "1" : "0");
      asked = Object.assign({}, options, { headers });
    }
    const answer = await plainFetch(input, asked);
    if (ours && (address.pathname.startsWith("/_dash-") || address.pathname.startsWith("/pulse") || address.pathname.startsWith("/data/"))) {
      if (answer.status === 401) {
        session(false);
        // Dash reads the body of an error twice and fails over it; "nothing changes" is what is meant.
        if (address.pathname.endsWith("/_dash-update-component")) return new Response(null, { status: 204 });
      }
      if (answer.status === 429 && address.pathname.endsWith("/_dash-update-component")) {
        await tooMany(answer);
        return new Response(null, { status: 204 });
      }
      if (answer.ok) session(true);
      if (answer.headers.has("Muster-Storing") || answer.status === 503) stored(false);
      if (answer.status === 503 && address.pathname.endsWith("/_dash-update-component")) return new Response(null, { status: 204 });
      if (answer.status === 503 && /_dash-(layout|dependencies)$/.test(address.pathname)) return opensLater(answer);
    }
    return answer;
  };

  /* The frame itself could not be read: its place says so, and the page is loaded again. */
  const opensLater = async (answer) => {
    const { error } = await answer.json();
    const place = document.querySelector(".m-opening, ._dash-loading");
    if (place) { place.className = "m-opening"; place.textContent = error; }
    setTimeout(() => location.reload(), LOAD_AGAIN);
    return new Promise(() => {});
  };

  // ------------------------------------------------------------------- lists
  /* The file of a list: which operation it is of, what it is, and from which day. */
  const called = (name) => {
    const title = document.querySelector(".m-operation-title")?.textContent || "";
    const of = title.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 40);
    return `${["muster", of.replace(/^-|-$/g, ""), name, new Date().toISOString().slice(0, 10)].filter(Boolean).join("-")}.csv`;
  };
  const harmless = (params) => {
    const text = params.value === null || params.value === undefined ? "" : String(params.value);
    return /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  };

  /* A language as its country writes it: Mexico's Spanish writes 66,685. Digits are Western in all. */
  const written = () => document.documentElement.dataset.locale || document.documentElement.lang;
  const parts = (options, moment) => Object.fromEntries(
    new Intl.DateTimeFormat(`${written()}-u-nu-latn`, { timeZone: "UTC", ...options }).formatToParts(moment).map(({ type, value }) => [type, value]));

  /* "2027-02-17" and "2027-02-17 03:00" as the reader writes them; what is no day stays. */
  const day = (value) => {
    const [, date, hour] = /^(\d{4}-\d\d-\d\d)( \d\d:\d\d)?$/.exec(String(value ?? "")) || [];
    if (!date) return value;
    const { day: number, month, year } = parts({ day: "numeric", month: "short", year: "numeric" }, new Date(`${date}T00:00Z`));
    return `${number} ${month} ${year}${hour ? `,${hour}` : ""}`;
  };

  const number = (value, digits) =>
    value === null || value === undefined || Number.isNaN(Number(value))
      ? "—"
      : new Intl.NumberFormat(
          `${written()}-u-nu-latn`,
          digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits },
        ).format(Number(value));

  /* The hour of a moment in each of these zones: "Mali 00:30 · Niger 01:30". */
  const hoursIn = new Map();
  const hours = (at, places) => {
    const moment = new Date(at);
    return places.map(({ label, zone }) => {
      if (!hoursIn.has(zone)) hoursIn.set(zone, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }));
      return `${label} ${hoursIn.get(zone).format(moment)}`;
    }).join(" · ");
  };
  window.dashAgGridFunctions = Object.assign({}, window.dashAgGridFunctions, { muster: { number, day, hours } });

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    /* The help for a page; from the help itself, the help for the page before. */
    helpOf: (pathname) => (pathname === "/help" ? window.dash_clientside.no_update : `/help?of=${encodeURIComponent(pathname)}`),

    session,
    stored,
    storing: () => storing,

    start(_id, seq) {
      showClock();
      show();
      setInterval(showClock, 1000);
      window.dash_clientside.muster.start_pulse(seq);
      return true;
    },

    /* Of what the pulse told, what the frame does not show yet: messages, what waits, and another name or state of the
       operation that stands in the top bar. */
    told({ about, unread, waits }, shownUnread, shownWaits, known) {
      const same = window.dash_clientside.no_update;
      window.dash_clientside.muster.news_read();
      const [operation, ...shown] = known || [];
      const named = about && about[operation];
      return [
        unread === undefined || unread === shownUnread ? same : unread,
        waits === undefined || waits === shownWaits ? same : waits,
        named === undefined || named === shown.join(" ") ? same : named,
      ];
    },

    /* What differs in the frame. The answer for a page that was left meanwhile was compared with what is shown no more,
       and may have come over the one for this page: the frame of this page is asked for. */
    frame_came({ of, parts }, path) {
      const { set_props } = window.dash_clientside;
      if (of === path) for (const [id, props] of Object.entries(parts)) set_props(id, props);
      else set_props("shell-moved", { data: `${path} ${Date.now()}` });
    },

    /* After a change of page: the reader of a screen begins at the top of the new one. */
    arrived(path) {
      showClock();
      const main = element("main");
      if (main) main.focus({ preventScroll: true });
      scrollTo(0, 0);
      return path;
    },

    /* A phone shows part of the rail, of the tabs and of the days: where one is, and today, is brought into sight. */
    here_in_sight() {
      requestAnimationFrame(() => {
        for (const here of document.querySelectorAll(".m-place-here, .parts-tab--here")) {
          here.scrollIntoView({ block: "nearest", inline: "center" });
        }
        const day = document.querySelector('.reports-cell[data-due]') || document.querySelector(".reports-matrix tbody td:last-child");
        const frame = day?.closest(".reports-matrix-frame");
        if (frame) frame.scrollLeft += day.getBoundingClientRect().left - frame.getBoundingClientRect().left - frame.clientWidth / 2;
      });
      return true;
    },

    search_grid(sought) {
      const grid = window.dash_clientside.callback_context.triggered_id.grid;
      dash_ag_grid.getApiAsync(grid).then((api) => api.setGridOption("quickFilterText", sought || ""));
      return sought;
    },

    export_grid(_clicks, name) {
      const grid = window.dash_clientside.callback_context.triggered_id.grid;
      dash_ag_grid.getApiAsync(grid).then((api) => musterGrids.all(grid, api).then(() =>
        api.exportDataAsCsv({ fileName: called(name), processCellCallback: harmless })));
      return false;
    },
  });
})();
