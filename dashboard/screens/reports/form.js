/* The entry form of a report: drawn here, so that a keyboard never waits for a server.
 *
 * Python says everything that is shown (fields, choices, words, what the site usually reports); this file draws it,
 * keeps what is typed, and moves the focus. It decides nothing: the server's findings are put beside their fields.
 * `drawReportForm(host, given, events)` returns the form; `events` are changed(), left(), send(), save(), discard(), close().
 */
(function () {
  "use strict";

  const { make, newId, signOf } = window.muster.reportLines;
  const TYPED = ":is(input, select, textarea):not(.reports-sign)";

  class ReportForm extends window.muster.ReportSteps {
    constructor(host, given, events) {
      super();
      Object.assign(this, { host, given, events, content: given.content, lists: 0, opened: new Set(), at: "" });
      this.kinds = new Map(given.declaration.map((kind) => [kind.kind, kind]));
      for (const name of ["id", "report_id"]) this.content[name] ||= newId();
      for (const line of this.content.lines) line.id ||= newId();
      this.draw();
    }

    /* ------------------------------------------------------------------------------------------- drawing */

    draw() {
      const { words } = this.given;
      this.node = make("form", { class: "reports-form", novalidate: true, autocomplete: "off", "aria-label": this.given.title });
      this.state = make("span", { class: "reports-state", role: "status", "aria-live": "polite", "data-state": "new" }, words.new);
      this.questions = make("div", { class: "reports-questions", role: "group" });
      this.general = make("div", { class: "reports-general", role: "alert" });
      this.sections = make("div", { class: "reports-sections" });
      this.windows = make("div", { class: "reports-set-aside reports-windows", role: "alert", hidden: true });
      this.drawSteps();
      this.node.append(
        make("header", { class: "reports-form-head" },
          make("div", {}, make("h2", {}, this.given.title), make("p", { class: "m-dim" }, this.given.place)), this.state),
        this.windows,
        ...(this.given.other_day ? [make("p", { class: "reports-set-aside", role: "note" }, this.given.other_day)] : []),
        ...(this.given.notice ? [make("p", { class: "reports-set-aside", role: "status" }, this.given.notice)] : []),
        ...(this.stepped ? [this.sections, this.summary, this.drawRemarks(), this.drawEnvelope()] : [this.drawEnvelope(), this.sections, this.drawRemarks(), this.summary]),
        this.questions, this.general, this.drawFoot(), this.way);
      if (this.stepped) this.way.append(this.sendButton);
      this.node.addEventListener("submit", (event) => event.preventDefault());
      this.node.addEventListener("keydown", (event) => this.key(event));
      this.node.addEventListener("focusout", () => this.events.left());
      this.host.replaceChildren(this.node);
      this.drawSections();
      this.showPeriod();
    }

    drawEnvelope() {
      const { words, report_kinds: kindsOfReport, phases, reasons, impacts } = this.given;
      const box = make("div", { class: "reports-head-fields" });
      if (this.content.supersedes_id) {
        box.append(this.field("correction_reason", words.correction_reason, this.select(reasons, this.content, "correction_reason"), null, true));
      }
      const kinds = make("div", { class: "reports-kinds", role: "radiogroup", "aria-label": words.kind, "data-field": "kind" });
      for (const option of kindsOfReport) {
        const radio = make("input", { type: "radio", name: `kind-${this.content.id}`, value: option.value });
        radio.checked = this.content.kind === option.value;
        radio.addEventListener("change", () => this.setKind(option.value));
        kinds.append(make("label", {}, radio, make("span", {}, option.label)));
      }
      kinds.append(make("em", { class: "reports-flaw" }));
      this.utc = make("p", { class: "reports-utc m-dim m-small" });
      this.impact = this.field("impact", words.impact, this.select(impacts, this.content, "impact"));
      this.impact.hidden = this.content.kind !== "single_event";
      box.append(kinds, this.impact,
        this.field("phase_id", words.phase, this.select(phases, this.content, "phase_id"), null, true),
        this.field("period_from", words.period_from, this.time(this.content, "period_from", "YYYY-MM-DD HH:MM"), null, true),
        this.field("period_to", words.period_to, this.time(this.content, "period_to", "YYYY-MM-DD HH:MM"), null, true),
        this.utc);
      return box;
    }

    drawRemarks() {
      const area = make("textarea", { rows: 2, maxlength: 4000, placeholder: this.given.words.remarks_hint });
      area.value = this.content.remarks;
      area.addEventListener("input", () => this.typed(this.content, "remarks", area.value));
      return this.field("remarks", this.given.words.remarks, area);
    }

    drawFoot() {
      const { words } = this.given;
      const button = (label, act, keys, kind) => {
        const node = make("button", { type: "button", class: `reports-button ${kind}`, "aria-keyshortcuts": keys || null },
          label, ...(keys ? [make("kbd", {}, keys.replace("Control", "Ctrl"))] : []));
        node.addEventListener("click", () => this.events[act]());
        return node;
      };
      this.sendButton = button(words.send, "send", "Control+Enter", "reports-button-primary");
      return make("footer", { class: "reports-foot" }, this.sendButton,
        button(words.save, "save", "Control+S", "reports-button-plain"), button(words.discard, "discard", "", "reports-button-quiet"));
    }

    /* -------------------------------------------------------------------------------------------- typing */

    typed(holder, name, value) {
      if (holder[name] === value) return;
      holder[name] = value;
      delete holder.offered;
      const line = holder === this.content ? null : holder;
      if (line) this.redrawDependants(line, name);
      this.clearFlaw(line ? `${line.id}.${name}` : name);
      if (line) this.clearFlaw(line.id);
      if (name.startsWith("period")) this.showPeriod();
      this.changed();
      this.showTotals();
    }

    /* Fields that are asked only for some values of another appear and go with it; what they held goes too. */
    redrawDependants(line, name) {
      const kind = this.kinds.get(line.kind);
      const dependants = kind.fields.filter((field) => field.only && field.only[0] === name);
      const row = this.sections.querySelector(`[data-line="${line.id}"]`);
      const shown = (field) => Boolean(row.querySelector(`[data-field="${line.id}.${field.name}"]`));
      const turned = dependants.filter((field) => this.asked(field, line) !== shown(field));
      for (const field of turned) line[field.name] = this.asked(field, line) ? line[field.name] || field.default : "";
      const tally = line.kind === "check_tally" && name !== "count";
      if (!turned.length && !tally) return;
      const fresh = this.drawLine(kind, line);
      row.replaceWith(fresh);
      this.showStep();
      fresh.querySelector(`[data-field="${line.id}.${name}"]`)?.querySelector("input, select")?.focus();
    }

    setKind(kind) {
      const periods = this.given.periods;
      const untouched = Object.values(periods).some((each) => each[0] === this.content.period_from && each[1] === this.content.period_to);
      this.content.kind = kind;
      if (untouched && periods[kind]) [this.content.period_from, this.content.period_to] = periods[kind];
      for (const name of ["period_from", "period_to"]) {
        const input = this.node.querySelector(`[data-field="${name}"] input`);
        input.value = input.type === "text" ? this.content[name] : this.content[name].replace(" ", "T");
      }
      this.clearFlaw("kind");
      this.impact.hidden = kind !== "single_event";
      if (this.impact.hidden) this.content.impact = this.impact.querySelector("select").value = "";
      this.changed();
      this.drawSections();
      this.showPeriod();
    }

    changed() {
      this.content.confirmed = false;
      const confirmed = this.questions.querySelector("input");
      if (confirmed) confirmed.checked = false;
      this.events.changed();
    }

    /* ------------------------------------------------------------------------------------------ keyboard */

    inputs(within) {
      return within ? [...within.querySelectorAll("input:not([type=radio]), select, textarea, .reports-question input")].filter((node) => node.offsetParent !== null) : [];
    }

    key(event) {
      const ctrl = event.ctrlKey || event.metaKey;
      if (ctrl && event.key === "Enter") { event.preventDefault(); if (!event.repeat) this.events.send(); return; }
      if (ctrl && event.key.toLowerCase() === "s") { event.preventDefault(); this.events.save(); return; }
      const row = event.target.closest("[data-line]");
      if (event.key === "F2" && row?.matches(".reports-row-told")) { event.preventDefault(); this.openLine(row.dataset.line); return; }
      if (ctrl && event.key === "Delete" && row) { event.preventDefault(); this.removeLine(row.dataset.line); return; }
      if (event.key !== "Enter" || event.target.matches("textarea, button")) return;
      event.preventDefault();
      if (row) this.enterInLine(row, event.target);
      else this.step(event.target);
    }

    enterInLine(row, input) {
      const inputs = this.inputs(row);
      const place = inputs.indexOf(input);
      if (place < inputs.length - 1) { inputs[place + 1].focus(); return; }
      if (this.stepped) { this.walk(1); return; }
      const next = row.nextElementSibling;
      if (next) this.focusLine(next.dataset.line, next.classList.contains("reports-row-check_tally"));
      else row.closest("[data-kind]").querySelector("[data-add]").focus();
    }

    /* H adds a hit and A an arrest, D another line like the one in which one stands. Not where a letter can be typed or
     * chooses; where only figures are typed a letter is no entry, and means its key. */
    letter(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented || event.target.closest("dialog, [role=dialog]")) return;
      if (event.target.matches("select, textarea, [contenteditable]") || (event.target.matches("input") && !event.target.matches("[data-figures], [type=radio]"))) return;
      const key = /^[a-z]$/i.test(event.key) ? event.key.toUpperCase() : event.code.replace("Key", "");  // a keyboard of another script
      const here = event.target.closest("[data-line]")?.dataset.line, section = event.target.closest("[data-kind]")?.dataset.kind;
      const like = this.content.lines.find((line) => line.id === here) || this.content.lines.filter((line) => line.kind === section).at(-1);
      const kind = [...this.kinds.values()].find((each) => each.key === key);
      if (this.content.kind === "nil" || this.sendButton.disabled || !(kind || (key === "D" && like && !like.offered))) return;
      event.preventDefault();
      if (kind) this.addLine(kind.kind); else this.addAgain(like);
    }

    step(input) {
      const all = this.inputs(this.node);
      (all[all.indexOf(input) + 1] || this.sendButton).focus();
    }

    focusFirst() {
      if (this.stepped) { this.goTo(this.at); return; }
      const count = this.sections.querySelector(".reports-row-check_tally .reports-number");
      const checked = this.node.querySelector("input[type=radio]:checked");
      const reason = this.node.querySelector('[data-field="correction_reason"] select');
      (reason || count || this.inputs(this.sections)[0] || checked || this.sendButton).focus();
    }

    /* ---------------------------------------------------------------------------------- what is said back */

    /* The sum of each kind with what its lines say of it; amounts in several units have none. */
    showTotals() {
      const written = new Intl.NumberFormat(this.given.language, { numberingSystem: "latn" });
      for (const section of this.sections.querySelectorAll("[data-kind]")) {
        const kind = this.kinds.get(section.dataset.kind);
        const place = section.querySelector(".reports-total");
        if (!place || !kind.adds) continue;
        const counted = kind.fields.find((field) => field.counts);
        const said = this.content.lines.filter((line) => line.kind === kind.kind && !line.offered).map((line) => counted ? line[counted.name] || "0" : "1");
        const total = said.reduce((sum, text) => sum + (Number(text.replace(/[^\d-]/g, "")) || 0), 0);
        const signs = new Set(said.map(signOf).filter((sign) => sign !== "="));
        const sign = signs.size < 2 ? [...signs].join("") : [...signs].every((each) => each === ">" || each === "≥") ? ">" : "~";
        place.textContent = sign ? `${sign}\u202f${written.format(total)}` : written.format(total);
      }
    }

    showPeriod() {
      const said = ["period_from", "period_to"].map((name) => utcOf(this.content[name], this.given.zone));
      this.utc.replaceChildren(this.given.words.local.replace("{zone}", this.given.zone), said[0] && said[1] ? " · " : "",
        make("bdi", { dir: "ltr" }, said[0] && said[1] ? `${said[0]} – ${said[1]} UTC` : ""));
    }

    clearFlaw(key) {
      for (const place of this.node.querySelectorAll(`[data-field="${CSS.escape(key)}"]`)) this.putFlaw(place, "");
    }

    putFlaw(place, text) {
      const flaw = [...place.children].find((child) => child.matches("em.reports-flaw"));
      if (flaw) flaw.textContent = text;
      place.classList.toggle("reports-field-flawed", Boolean(text));
      const input = place.matches("label") ? place.querySelector(TYPED) : null;
      if (input && text) input.setAttribute("aria-invalid", "true"); // an empty value would say that it is valid
      else if (input) input.removeAttribute("aria-invalid");
    }

    /* `found` = {fields: {key: [sentence]}, general: [sentence], questions: [sentence]}. `beside`: what stands there
     * already was said by a refusal and stays; only fields without a flaw get one. */
    show(found, focus, beside) {
      const left = [];
      const folded = this.content.lines.filter((line) => this.told(this.kinds.get(line.kind), line) && this.kinds.get(line.kind).fields.some((field) => field.entry === "code" && found.fields[`${line.id}.${field.name}`]));
      if (folded.length) { for (const line of folded) this.opened.add(line.id); this.drawSections(); }
      if (!beside) for (const place of this.node.querySelectorAll("[data-field]")) this.putFlaw(place, "");
      for (const [key, sentences] of Object.entries(found.fields)) {
        const place = this.node.querySelector(`[data-field="${CSS.escape(key)}"]`)
          || this.node.querySelector(`[data-field="${CSS.escape(key.split(".")[0])}"]`);
        if (!place) left.push(...sentences);
        else if (!beside || !place.classList.contains("reports-field-flawed")) this.putFlaw(place, sentences.join(" "));
      }
      if (beside) return;
      this.general.replaceChildren(...[...found.general, ...left].map((text) => make("p", {}, text)));
      this.ask(found.questions);
      if (!focus) return;
      const flawed = this.node.querySelector(".reports-field-flawed");
      if (this.stepped) this.goTo(flawed ? this.stepOf(flawed) : "summary");
      const input = flawed?.querySelector(TYPED) || this.questions.querySelector("input");
      (input || this.general).scrollIntoView({ block: "center" });
      input?.focus();
    }

    ask(questions) {
      if (!questions.length) { this.questions.replaceChildren(); return; }
      const box = make("input", { type: "checkbox" });
      box.addEventListener("change", () => { this.content.confirmed = box.checked; });
      this.questions.replaceChildren(...questions.map((text) => make("p", {}, text)),
        make("label", { class: "reports-question" }, box, make("span", {}, this.given.words.confirm)));
      this.questions.setAttribute("aria-label", questions.join(" "));
    }

    /* What another window of this person does with the same report, and what can be done about it. */
    choose(text, choices) {
      const buttons = choices.map(([label, act]) => {
        const node = make("button", { type: "button", class: "reports-button reports-button-plain" }, label);
        node.addEventListener("click", act);
        return node;
      });
      this.windows.replaceChildren(make("p", {}, text), make("div", { class: "reports-windows-acts" }, ...buttons));
      this.windows.hidden = false;
    }

    /* What another window holds takes the place of what is here. */
    load(content) {
      this.content = this.given.content = content;
      this.draw();
    }

    /* What is here becomes a draft of its own beside the other. A correction stays one of the same report and lines. */
    part() {
      const content = structuredClone(this.content), ids = new Map();
      content.id = newId();
      if (!content.supersedes_id) {
        content.report_id = newId();
        for (const line of content.lines) { ids.set(line.id, newId()); line.id = ids.get(line.id); }
        for (const line of content.lines) if (ids.has(line.repeats)) line.repeats = ids.get(line.repeats);
      }
      this.load(content);
    }

    say(state, text) {
      this.state.dataset.state = state;
      this.state.textContent = text;
      this.node.classList.toggle("reports-form-locked", state === "locked");
      if (state === "locked") for (const input of this.node.querySelectorAll("input, select, textarea, button:not([data-way])")) input.disabled = true;
      this.sendButton.disabled = state === "sending" || state === "locked";
    }
  }

  /* "2026-03-02 14:20" on the clocks of an IANA zone, as "13:20" or "1 Mar 23:20" in UTC; "" for anything else. */
  function utcOf(wall, zone) {
    const parts = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)$/.exec((wall || "").trim());
    if (!parts) return "";
    const asked = Date.UTC(parts[1], parts[2] - 1, parts[3], parts[4], parts[5]);
    const shown = (moment) => {
      const fields = Object.fromEntries(new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric",
        day: "numeric", hour: "numeric", minute: "numeric" }).formatToParts(moment).map((part) => [part.type, Number(part.value)]));
      return Date.UTC(fields.year, fields.month - 1, fields.day, fields.hour, fields.minute);
    };
    let moment = asked;
    for (let turn = 0; turn < 2; turn += 1) moment += asked - shown(moment);
    return new Date(moment).toISOString().slice(0, 16).replace("T", " ");
  }

  window.muster = Object.assign(window.muster || {}, {
    drawReportForm: (host, given, events) => new ReportForm(host, given, events),
  });
})();
