/* The desk around the entry form: opens what is chosen, saves what is typed, sends once.
 *
 * Ids of stores and elements come from the page (`data-desk`, `given.stores`). What is typed leaves this page by two
 * stores only: one to keep (V0), one to send. A lost answer is asked for again with the same ids and the same content,
 * so that the server answers as before.
 */
(function () {
  "use strict";

  const SETTLE = 700, PATIENCE = 6000;
  const give = (store, data) => window.dash_clientside.set_props(store, { data });
  const later = (milliseconds, act) => window.setTimeout(act, milliseconds);
  const storing = () => window.dash_clientside.muster.storing();
  let desk = null;
  let asked = 0;
  /* Windows of one browser tell each other which report they have open. */
  const windows = "BroadcastChannel" in window ? new BroadcastChannel("muster-reports") : null;
  let here = "";  // the name of this window

  class Desk {
    constructor(host, given) {
      Object.assign(this, { given, stores: given.stores, host, serial: 0, kept: 0, sending: null, refused: "", other: null, known: given.known || "", timers: {} });
      here ||= window.muster.reportLines.newId();
      this.form = window.muster.drawReportForm(host, given, {
        changed: () => this.changed(), left: () => this.left(), send: () => this.send(), save: () => this.save(), discard: () => this.discard(),
        close: () => { this.leave(); ask(this.stores.ask, {}); },
      });
      host.hidden = false;
      if (given.locked) this.form.say("locked", given.locked);
      else this.form.focusFirst();
      windows?.postMessage({ open: this.form.content.id });
    }

    /* The same report is open in another window. */
    also() {
      const { also_open: text, close_here: close } = this.given.words;
      if (!this.other && !this.done) this.form.choose(text, [[close, () => { this.leave(); ask(this.stores.ask, {}); }]]);
    }

    /* Another window saved the same report: nothing is saved over it before somebody has chosen. */
    parted(answer) {
      const { parted, both, take } = this.given.words;
      const go = (known, act) => () => { Object.assign(this, { known, other: null }); act(); this.serial += 1; this.save(); };
      this.other = answer.other;
      this.form.say("invalid", parted);
      this.form.choose(answer.parted, [[both, go("", () => this.form.part())], [take, go(answer.other.known, () => this.form.load(answer.other.content))]]);
    }

    get dirty() { return this.serial > this.kept && !this.done; }

    clear(...names) { for (const name of names) window.clearTimeout(this.timers[name]); }

    changed() {
      if (this.done || this.given.locked) return;
      this.serial += 1;
      this.tell("typing", this.given.words.typing);
      this.clear("settle");
      this.timers.settle = later(SETTLE, () => this.save());
    }

    /* What is kept meanwhile says so beside a refusal, never instead of it: it is not sent until it is sent. */
    tell(state, text) {
      if (!this.refused) this.form.say(state, text);
      else if (state !== "saving") this.form.say("invalid", state === "typing" ? this.refused : `${this.refused} · ${text}`);
    }

    left() { if (this.dirty && !this.sending) { this.clear("settle"); this.timers.settle = later(50, () => this.save()); } }

    save() {
      if (this.done || this.sending || this.other || this.given.locked) return;
      this.clear("settle", "answer");
      this.tell("saving", this.given.words.saving);
      give(this.stores.typed, this.written());
      this.timers.answer = later(PATIENCE, () => { this.wait(); this.save(); });
      if (!navigator.onLine || !storing()) this.wait();
    }

    written() { return { serial: this.serial, content: structuredClone(this.form.content), window: here, known: this.known }; }

    saved(answer) {
      if (this.done || answer.id !== this.form.content.id) return;
      this.clear("answer");
      if (answer.other) { this.parted(answer); return; }
      if (answer.known) this.known = answer.known;
      if (answer.locked) { this.done = true; this.form.say("locked", answer.locked); return; }
      this.kept = Math.max(this.kept, answer.serial);
      if (this.dirty || this.sending) return;
      this.form.show(answer.found, false, Boolean(this.refused));
      this.tell(Object.keys(answer.found.fields).length || answer.found.general.length ? "invalid" : "saved", answer.says);
    }

    wait() { this.form.say("waiting", storing() ? this.given.words.waiting : this.given.words.unstored); }

    send() {
      if (this.done || this.sending || this.other || this.given.locked) return;
      this.clear("settle", "answer");
      this.form.content.recorded_at ||= new Date().toISOString();
      this.sending = { content: structuredClone(this.form.content), turn: 0 };
      this.push();
    }

    push() {
      this.sending.turn += 1;
      this.form.say("sending", this.given.words.sending);
      give(this.stores.send, { ...this.sending });
      this.timers.answer = later(PATIENCE, () => { this.wait(); this.push(); });
      if (!navigator.onLine || !storing()) this.wait();
    }

    answered(answer) {
      if (this.done || !this.sending || answer.id !== this.form.content.id) return;
      this.clear("answer");
      this.sending = null;
      if (answer.sent) { goOn(); this.close(); ask(this.stores.ask, { what: "version", id: answer.sent, focus: true }); return; }
      if (answer.locked) { this.done = true; this.form.say("locked", answer.locked); this.form.show({ fields: {}, general: [answer.locked], questions: [] }, true); return; }
      if (answer.onto) this.form.content.supersedes_id = answer.onto;  // it is now compared with that version
      this.refused = answer.says;
      this.form.say("invalid", answer.says);
      this.form.show(answer.found, true);
      this.serial += 1;  // what was refused is kept as well
      this.clear("settle");
      this.timers.settle = later(SETTLE, () => this.save());
    }

    /* Another thing is opened: what was typed and not yet kept goes on its way first. */
    leave() {
      if (this.other) { this.form.part(); Object.assign(this, { known: "", other: null }); }
      if (this.dirty && !this.sending && !this.given.locked) give(this.stores.typed, this.written());
      this.close();
    }

    discard() {
      goOn();
      this.close();
      give(this.stores.discard, { id: this.form.content.id, open: true, turn: (asked += 1) });
    }

    close() {
      this.done = true;
      this.clear("settle", "answer");
      this.host.replaceChildren();
      this.host.hidden = true;
      if (desk === this) desk = null;
    }

    again() {
      if (this.done) return;
      if (this.sending) { this.clear("answer"); this.push(); } else if (this.dirty) this.save();
    }
  }

  function ask(store, what) { give(store, { ...what, turn: (asked += 1) }); }

  /* Whatever says `data-ask` opens that; a cell of the matrix opens its site and day. */
  function opened(event) {
    if (event.target.closest(".reports-withdraw button")) onward = true;
    const from = event.target.closest("[data-ask], .reports-matrix [data-site]");
    const around = from?.closest("[data-desk]");
    if (!around) return;
    const store = around.dataset.desk;
    const asks = from.dataset.ask && JSON.parse(from.dataset.ask);
    if (asks?.what === "discard" && desk?.form.content.id === asks.id) desk.discard();
    else if (asks) ask(asks.what === "discard" ? around.dataset.discard : store, asks);
    else { mark(from); choose(from); ask(store, { what: "cell", site: from.dataset.site, day: from.dataset.day }); }
  }

  const cells = () => [...document.querySelectorAll(".reports-matrix [data-site]")];

  /* The mark stands on what is open. */
  function mark(cell) { for (const other of cells()) { if (other === cell) other.setAttribute("aria-current", "true"); else other.removeAttribute("aria-current"); } }

  /* One cell is in the order of Tab: the one where the keyboard stands, or goes on. */
  function rove(cell) { for (const other of cells()) other.tabIndex = other === cell ? 0 : -1; }

  function choose(cell) { rove(cell); cell.focus(); }

  /* Arrow keys walk the matrix; N on a cell begins a nil report. They work while a cell has the focus only. */
  function walked(event) {
    if (!lost() && !event.target.matches?.(".reports-places")) onward = false;
    const cell = event.target.closest?.(".reports-matrix [data-site]");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const store = cell.closest("[data-desk]").dataset.desk;
    if (event.key.toLowerCase() === "n" && !event.repeat && cell.closest("[data-writes]")) {
      event.preventDefault();
      mark(cell);
      choose(cell);
      ask(store, { what: "nil", site: cell.dataset.site, day: cell.dataset.day });
      return;
    }
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = document.documentElement.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    const row = cell.closest("tr");
    const place = [...row.querySelectorAll("[data-site]")].indexOf(cell);
    const at = (other, index) => other?.querySelectorAll("[data-site]")[index];
    const next = { [forward]: at(row, place + 1), [backward]: at(row, place - 1), ArrowDown: at(row.nextElementSibling, place),
      ArrowUp: at(row.previousElementSibling, place) }[event.key];
    if (next) { event.preventDefault(); choose(next); }
  }

  /* ---------------------------------------------------------------------------------------------- focus
   * After each act the keyboard stands on the next thing to do. What holds the focus is drawn anew by acts and by
   * the pulse; a browser then drops the focus to the body, where no key does anything, and tells nobody. So the desk
   * remembers that it has the keyboard (`held`), and takes it up again where it was lost.
   */
  let held = false;   // the focus was inside the desk, and nobody has taken it elsewhere
  let onward = false; // an act is done: the focus goes on to the cell that is due as soon as the matrix knows it
  const due = () => document.querySelector(".reports-matrix [data-due]");
  const lost = () => !document.activeElement || document.activeElement === document.body || document.activeElement.id === "main";

  function goOn() { onward = true; }

  function stand() {
    if (!held || !lost()) return;
    const places = document.querySelector(".reports-places");
    if (onward) places?.focus({ preventScroll: true });
    else if (desk) desk.form.focusFirst();
    else (document.querySelector(".reports-view h2") || due() || places)?.focus({ preventScroll: true });
  }

  const watcher = new MutationObserver(stand);
  let watched = null;

  function holds(event) {
    const around = event.target.closest?.(".reports-desk");
    held = Boolean(around);
    if (!around || around === watched) return;
    watcher.disconnect();
    watcher.observe(around, { childList: true, subtree: true });
    watched = around;
  }

  /* The matrix was drawn anew. */
  function placed() {
    const cell = due();
    const active = document.activeElement;
    if (onward && cell && (lost() || active.matches(".reports-places") || active.closest(".reports-places, .reports-withdraw"))) cell.focus({ preventScroll: true });
    const here = document.activeElement?.closest?.(".reports-matrix [data-site]");
    if (here || cell) rove(here || cell);
  }

  windows?.addEventListener("message", ({ data }) => {
    const id = data.open || data.too;
    if (!desk || desk.form.content.id !== id) return;
    desk.also();
    if (data.open) windows.postMessage({ too: id });
  });
  document.addEventListener("click", opened);
  document.addEventListener("keydown", walked);
  document.addEventListener("keydown", (event) => desk?.form.letter(event));
  document.addEventListener("focusin", holds);
  document.addEventListener("pointerdown", (event) => { if (!event.target.closest?.("button, a, input, select, textarea, summary, [tabindex]")) held = false; onward = false; }, true);
  window.addEventListener("online", () => desk?.again());
  window.addEventListener("muster:narrow", () => desk && (desk.form.draw(), desk.form.say(desk.form.state.dataset.state, desk.form.state.textContent)));
  document.addEventListener("visibilitychange", () => document.hidden && desk?.left());
  window.addEventListener("offline", () => desk && (desk.dirty || desk.sending) && desk.wait());
  window.addEventListener("muster:storing", (event) => {
    if (!desk || !(desk.dirty || desk.sending)) return;
    if (event.detail) desk.again(); else desk.wait();
  });
  window.addEventListener("beforeunload", (event) => { if (desk?.dirty || desk?.sending) event.preventDefault(); });

  /* On arrival the keyboard stands where work goes on: the cell that is due, unless something has the focus already. */
  function arrive(frames) {
    if (lost() && !desk) due()?.focus({ preventScroll: true });
    if (frames) window.requestAnimationFrame(() => arrive(frames - 1));
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    muster: Object.assign({}, (window.dash_clientside || {}).muster, {
      reportOpened(given, host) {
        const place = document.getElementById(host);
        if (desk) desk.leave();
        if (given && place) desk = new Desk(place, structuredClone(given));
        return window.dash_clientside.no_update;
      },
      reportSaved(answer) { if (answer) desk?.saved(answer); return window.dash_clientside.no_update; },
      reportAnswered(answer) { if (answer) desk?.answered(answer); return window.dash_clientside.no_update; },
      /* A report that is open is asked for at every pulse, none that is not. */
      reportsFollowed: (pulse, shown) => (shown ? pulse : window.dash_clientside.no_update),
      reportPlaced() { window.requestAnimationFrame(() => window.requestAnimationFrame(placed)); return window.dash_clientside.no_update; },
      reportArrived() { arrive(60); return window.dash_clientside.no_update; },
    }),
  });
})();
