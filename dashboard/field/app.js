/* The field form: reports are written on this page, kept on the device, and sent when there is a network.
 *
 * The form itself is the one of the reports page (`screens/reports/form.js`), drawn from the same declarations.
 * `keeping.js` keeps and encrypts, `sending.js` speaks with Muster, `views.js` draws the rest.
 */
import { Device } from "./keeping.js";
import { openMap } from "./post_map.js";
import { Queue, mustErase, readFile, readForms, readSent, readWork } from "./sending.js";
import { Speech, button, choosePin, filled, home, nobody, unlock, versions } from "./views.js";

const { make, newId } = window.muster.reportLines;
const host = document.getElementById("field");
const SETTLE = 400, AWAY = 300000, TURN = 60000, FILE = "muster-field", LATELY = 86400000, FEW = 3;

/* The place of a version in a chain of changes made here: from which version of Muster, which changes, after which. */
const chainFrom = (version) => ({ trunk: version, branch: newId(), base: version });

class App {
  constructor() {
    Object.assign(this, { contact: { state: "offline" }, records: [], work: null, desk: null, offset: 0, told: "", form: null, notes: {}, kept: [], touched: Date.now(), install: { wanted: false } });
    for (const name of ["now", "lock", "sendNow", "saveFile", "goHome", "kindOf"]) this[name] = this[name].bind(this);
  }

  async start() {
    navigator.serviceWorker?.register("/field/worker.js", { scope: "/field" }).catch(() => {});
    navigator.serviceWorker?.addEventListener("controllerchange", () => { if (this.forms) readForms(this.forms.language); });
    this.device = await Device.open();
    await this.reach();
    const [last] = await this.officers();
    await this.speak((this.contact.work?.officer || last)?.language || navigator.language.slice(0, 2), this.contact.work?.officer.locale || last?.locale);
    if (!this.forms) { window.setTimeout(() => window.location.reload(), TURN); return; }  // nothing was kept yet, and nobody answers
    await this.eraseEnded();
    await this.greet();
    this.watch();
  }

  watch() {
    window.addEventListener("online", () => this.refresh());
    window.addEventListener("offline", () => { this.contact = { state: "offline" }; this.show(); });
    window.addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); this.prompt = event; this.show(); });
    window.addEventListener("pagehide", () => this.form?.save());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) { this.hidden = Date.now(); this.form?.save(); return; }
      if (Date.now() - this.hidden > AWAY) this.lock(); else this.refresh();
    });
    for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, () => { this.touched = Date.now(); });
    window.setInterval(() => {
      if (document.hidden || !this.desk) return;
      if (Date.now() - this.touched > AWAY) this.lock(); else this.refresh(false);
    }, TURN);
  }

  /* ------------------------------------------------------------------------------------- contact with Muster */

  /* Why nothing goes: what the queue met last, else the last contact. */
  get state() { return this.queue?.state || this.contact.state; }

  now() { return Date.now() + this.offset; }

  async reach(present = true) {
    const asked = Date.now(), { status, said } = await readWork(present);
    const state = { 200: "", 401: "signed_out", 404: "no_writer" }[status] ?? "offline";
    this.contact = { state, reached: status > 0, work: status === 200 ? said : null };
    if (status !== 200) return;
    this.offset = Date.parse(said.at) - (asked + Date.now()) / 2;
    if (this.officer && said.officer.id !== this.officer.id) this.contact = { state: "other", reached: true, work: null, name: said.officer.name };
  }

  /* `present`: somebody is here, and their session goes on. */
  async refresh(present = true) {
    await this.reach(present);
    await this.eraseEnded();
    if (!this.desk && !host.querySelector("input")) await this.greet();
    if (!this.desk) return;
    this.queue.state = "";
    await this.keepWork();
    await this.show();
    this.sendAndRenew();
  }

  async keepWork() {
    const { work } = this.contact;
    if (work?.officer.id !== this.officer.id) return;
    this.work = work;
    await this.desk.keepWork(work);
    await this.device.note(this.officer.id, { ...work.officer, seal: work.seal });
    for (const record of this.records.filter((each) => each.state === "sent" && !each.about.mapped && (this.isKnown(each) || Date.now() - Date.parse(each.sent) > LATELY))) await this.desk.remove(record.id);
  }

  /* Whether the work that Muster said last holds it already. */
  isKnown({ about: { site, day, of }, sent }) {
    if (of) return Date.parse(sent) + this.offset < Date.parse(this.work.at);
    return this.work.operations.some((operation) => operation.sent.some((sent) => sent.site === site && sent.day === day));
  }

  /* The server says that an account was closed, or that somebody signed it out everywhere: nothing of it stays here. */
  async eraseEnded() {
    if (!this.contact.reached) return;
    for (const officer of await this.device.officers()) {
      if (officer.id === this.contact.work?.officer.id || !await mustErase(officer.seal)) continue;
      await this.device.erase(officer.id);
      this.told = this.words.ended;
      if (this.officer?.id === officer.id) this.lock();
    }
  }

  /* Whoever comes for the first time asks before there is a worker that keeps the answer: then it is asked for again. */
  async speak(language, locale) {
    const kept = navigator.serviceWorker?.controller, forms = await readForms(language);
    if (!forms) return;
    if (!kept && navigator.serviceWorker?.controller) readForms(language);
    Object.assign(this, { forms, words: forms.words, speech: new Speech(locale || forms.language) });
    document.documentElement.lang = forms.language;
    document.documentElement.dir = forms.direction;
    document.title = `${forms.words.title} · Muster`;
  }

  /* --------------------------------------------------------------------------------------------- who is here */

  async officers() { return (await this.device.officers()).sort((one, other) => other.used - one.used); }

  put(view) {
    host.replaceChildren(view);
    view.querySelector("input:not([hidden]):not([type=file])")?.focus();
  }

  async greet(chosen, said = this.told) {
    const officers = await this.officers(), signedIn = this.contact.work?.officer;
    const officer = chosen || officers.find((each) => each.id === signedIn?.id) || (signedIn ? null : officers[0]);
    this.told = "";
    if (!officer && signedIn) { this.put(choosePin(this, signedIn, said, (pin) => this.register(signedIn, pin))); return; }
    if (!officer) { this.put(nobody(this)); return; }
    const others = officers.filter((each) => each.id !== officer.id);
    this.put(unlock(this, officer, others, await this.device.counts(officer.id), said, (pin) => this.unlock(officer, pin), (other) => this.greet(other)));
  }

  async register(officer, pin) {
    try {
      await this.enter(officer, await this.device.register(officer, pin));
    } catch {
      return this.words.gone_wrong;
    }
    return "";
  }

  async unlock(officer, pin) {
    const { desk, left } = await this.device.unlock(officer.id, pin);
    if (desk) { await this.enter(officer, desk); return ""; }
    if (left) return filled(this.words.pin_wrong, { n: left });
    this.told = this.words.erased;
    await this.greet();
    return "";
  }

  async enter(officer, desk) {
    if (officer.language !== this.forms.language) await this.speak(officer.language, officer.locale);
    Object.assign(this, { officer, desk, queue: new Queue(desk, () => this.show()) });
    if (this.contact.work && this.contact.work.officer.id !== officer.id) this.contact = { state: "other", reached: true, work: null, name: this.contact.work.officer.name };
    this.work = await desk.work() || null;
    await this.keepWork();
    await this.show();
    this.sendAndRenew();
  }

  /* Reports go first; then the maps are asked for. */
  async sendAndRenew() {
    await this.queue.send();
    if (this.contact.work) await this.renewMaps();
  }

  async lock() {
    await this.form?.save();
    this.queue?.close();
    Object.assign(this, { desk: null, queue: null, officer: null, work: null, records: [], form: null, notes: {}, kept: [] });
    await this.reach();
    await this.greet();
  }

  /* ----------------------------------------------------------------------------------------------- the start */

  /* Anew, but once where several things change at a time. */
  async show() {
    this.changes = (this.changes || 0) + 1;
    if (this.changes > 1) return this.showing;
    this.showing = this.draw();
    await this.showing;
    const more = this.changes > 1;
    this.changes = 0;
    return more ? this.show() : undefined;
  }

  async draw() {
    if (!this.desk) return;
    const desk = this.desk, records = await desk.all();
    if (desk !== this.desk) return;
    this.records = records;
    this.kept = await desk.files();
    if (this.form || host.querySelector("input[type=text]:focus")) return;
    const standalone = window.matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
    const apple = "standalone" in navigator;
    this.install = { wanted: !standalone && (apple || Boolean(this.prompt)), apple, ask: this.prompt && (() => this.prompt.prompt()) };
    const open = [...host.querySelectorAll("details[open] > summary")].map((node) => node.textContent.replace(/\d+$/, ""));
    const view = home(this);
    for (const node of view.querySelectorAll("details > summary")) if (open.includes(node.textContent.replace(/\d+$/, ""))) node.parentNode.open = true;
    host.replaceChildren(view);
  }

  goHome() { this.form = null; this.show(); window.scrollTo(0, 0); }

  sendNow() { this.refresh(); }

  kindOf(kind) { return this.forms.report_kinds.find((each) => each.value === kind)?.label || ""; }

  /* Every site with the days that have begun, the latest first. */
  places() {
    return (this.work?.operations || []).flatMap((operation) => {
      const days = operation.days.filter((day) => Date.parse(day.starts) <= this.now()).reverse();
      return days.length ? operation.sites.map((site) => ({ operation, site, days })) : [];
    });
  }

  due() {
    const known = new Set([...this.records.map((record) => record.about), ...this.allSent()].map(({ site, day }) => `${site} ${day}`));
    const asked = this.places().flatMap(({ operation, site, days }) => days.filter((day) => day.due && site.since && site.since <= day.day && !known.has(`${site.id} ${day.day}`)).map((day) => ({ operation, site, day })));
    return asked.sort((one, other) => one.day.due.localeCompare(other.day.due) || one.site.name.localeCompare(other.site.name));
  }

  allSent() {
    return (this.work?.operations || []).flatMap((operation) => operation.sent.map((sent) => ({ ...sent, operation: operation.id, name: operation.sites.find((site) => site.id === sent.site).name })));
  }

  sent() {
    const here = this.records.filter((record) => record.state === "sent" && record.about.site).map((record) => ({ ...record.about, id: record.id, at: record.sent }));
    const known = new Set(here.map((each) => each.id));
    return [...here, ...this.allSent().filter((each) => !each.returned && !known.has(each.id))].sort((one, other) => other.day.localeCompare(one.day));
  }

  returned() {
    const replaced = new Set(this.records.map((record) => record.content?.supersedes_id));
    return this.allSent().filter((sent) => sent.returned && !replaced.has(sent.id));
  }

  /* ----------------------------------------------------------------------------------------------- the duties */

  async report(content, about) {
    const made = new Date().toISOString(), id = newId(), order = 1 + Math.max(0, ...this.records.map((each) => each.order));
    document.activeElement?.blur();
    await this.desk.put({ id, state: "waiting", made, order, tries: 0, content: { ...content, id, at: made }, about: { ...about, of: content.of } });
    delete this.notes[content.of];
    await this.show();
    this.queue.send();
  }

  /* The map and the map sheets of a site, encrypted as all else here; why one of them did not come, "" where all did. */
  async keepMaps(site, kinds = ["map", "sheet"]) {
    const desk = this.desk;
    let why = "";
    for (const kind of kinds) {
      const { file, error } = await readFile(kind, site);
      if (file) await desk.keepFile(kind, site, file); else why = error || this.words.needs_network;
    }
    return why;
  }

  async keepHere(site) {
    this.told = await this.keepMaps(site);
    await this.show();
    this.told = "";
  }

  async openSheet(site) {
    const address = URL.createObjectURL(new Blob([await this.desk.file("sheet", site)], { type: "application/pdf" }));
    window.open(address);
    window.setTimeout(() => URL.revokeObjectURL(address), TURN);
  }

  async openMap(site) {
    const said = JSON.parse(new TextDecoder().decode(await this.desk.file("map", site)));
    this.form = { save() {} };
    openMap(this, host, site, said);
    window.scrollTo(0, 0);
  }

  /* What is kept here is asked for anew once a day. Who has few posts gets their maps unasked. */
  async renewMaps() {
    const desk = this.desk, kept = await desk.files(), sites = this.sites();
    const old = kept.filter(({ made }) => Date.now() - Date.parse(made) > LATELY);
    const lacking = sites.length > FEW ? [] : sites.filter(({ id }) => !kept.some(({ kind, site }) => kind === "map" && site === id));
    for (const { kind, site } of [...old, ...lacking.map(({ id }) => ({ kind: "map", site: id }))]) if (this.desk === desk) await this.keepMaps(site, [kind]);
    if (this.desk === desk && old.length + lacking.length) await this.show();
  }

  sites() { return (this.work?.operations || []).flatMap((operation) => operation.sites); }

  /* ------------------------------------------------------------------------------------------------ the form */

  begin({ operation, site, day }, kind) {
    const [period_from, period_to] = operation.periods[site.zone][day.day];
    const blank = { id: "", report_id: "", supersedes_id: "", correction_reason: "", remarks: "", impact: "", recorded_at: "", confirmed: false };
    this.write({ ...blank, operation_id: operation.id, site_id: site.id, phase_id: day.phase, kind, period_from, period_to, zone: site.zone, lines: structuredClone(site.lines) },
      { operation: operation.id, site: site.id, day: day.day, name: site.name, chain: chainFrom(0) }, this.words.new_report);
  }

  /* What was not sent yet is changed; what may have come already is corrected by a new version that follows it. */
  async openRecord({ id }) {
    const record = await this.desk.get(id);
    if (record.gone) { await this.openAnew(record); return; }
    if (record.newest) { host.replaceChildren(versions(this, record, (line) => this.lineInWords(line))); this.form = { save() {} }; return; }
    if (record.state === "waiting" && record.tries) {
      const content = { ...structuredClone(record.content), id: newId(), supersedes_id: record.id, correction_reason: "", recorded_at: "", confirmed: false };
      const { chain = chainFrom(0) } = record.about;
      this.write(content, { ...record.about, chain: { ...chain, base: chain.base + 1 } }, this.words.correction);
      return;
    }
    if (record.state === "waiting") { record.state = "draft"; await this.desk.put(record); }
    this.write(structuredClone(record.content), record.about, record.content.supersedes_id ? this.words.correction : this.words.new_report, record);
  }

  /* A sent report is no longer here: it is asked for. */
  async correctSent(sent) {
    const { status, said } = await readSent(sent.id);
    if (status !== 200) { this.told = said?.error || this.words.needs_network; await this.show(); this.told = ""; return; }
    this.write(said.content, { operation: said.content.operation_id, site: sent.site, day: sent.day, name: sent.name, chain: chainFrom(said.version) }, said.title, null, said.notice);
  }

  /* What it corrects was withdrawn meanwhile: it becomes a report of its own. */
  async openAnew(record) {
    const content = { ...record.content, id: newId(), report_id: newId(), supersedes_id: "", correction_reason: "", confirmed: false };
    const fresh = { ...record, id: content.id, state: "draft", content, about: { ...record.about, chain: chainFrom(0) }, found: undefined, gone: undefined };
    await this.desk.put(fresh);
    await this.desk.remove(record.id);
    this.write(structuredClone(content), fresh.about, this.words.new_report, fresh);
  }

  /* Mine becomes the next version after theirs; under another id where theirs has this one. */
  async correctTheirs(record) {
    const { newest } = record, id = newest.id === record.id ? newId() : record.id;
    const content = { ...record.content, id, supersedes_id: newest.id, correction_reason: "", confirmed: false };
    const about = { ...record.about, chain: chainFrom(newest.version) };
    for (const next of this.after(record)) await this.desk.put({ ...next, content: { ...next.content, supersedes_id: id }, about: { ...next.about, chain: { ...about.chain, base: newest.version + 1 } } });
    await this.desk.put({ ...record, id, content, about, newest: undefined });
    if (id !== record.id) await this.desk.remove(record.id);
    await this.openRecord({ id });
  }

  /* What was written on top of it here. */
  after(record) { return this.records.filter((each) => each.content?.supersedes_id === record.id); }

  /* Theirs stays. What was written on top of mine is compared with theirs in turn: nothing goes unseen. */
  async drop(record) {
    const { found, newest } = record;
    for (const next of this.after(record)) await this.desk.put({ ...next, state: "refused", found, newest });
    await this.desk.remove(record.id);
    this.goHome();
  }

  /* Somebody read which codes were replaced. */
  async seen(record) {
    await this.desk.put({ ...record, about: { ...record.about, mapped: undefined } });
    await this.show();
  }

  given(content, about, title, notice) {
    const operation = this.work?.operations.find((each) => each.id === about.operation), site = operation?.sites.find((each) => each.id === about.site);
    const { words, forms } = this, kinds = new Set([...(operation?.kinds || []), ...content.lines.map((line) => line.kind)]);
    const whole = operation?.periods[site?.zone]?.[about.day] || [content.period_from, content.period_to];
    const today = this.places().find((place) => place.site.id === about.site)?.days[0]?.day, day = this.speech.date(about.day);
    return {
      ...forms, content, title, notice: notice || "", stores: {}, locked: "", zone: content.zone, phases: operation?.phases || [],
      declaration: forms.declaration.filter((kind) => kinds.has(kind.kind)), history: site?.history || {}, earlier: site?.earlier || [],
      periods: Object.fromEntries(forms.report_kinds.map(({ value }) => [value, value === "single_event" ? this.lastHour(content.zone, whole) : whole])),
      place: filled(words.place, { site: about.name, country: site?.country || "", day }),
      other_day: !content.supersedes_id && today && today !== about.day ? filled(words.other_day, { day }) : "",
    };
  }

  lastHour(zone, [from, to]) {
    const wall = (at) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }).format(at);
    const until = wall(this.now()) < to ? wall(this.now()) : to, since = wall(this.now() - 3600000);
    return [since > from && since < until ? since : from, until];
  }

  write(content, about, title, record, notice) {
    const place = make("div", { class: "field-form" });
    host.replaceChildren(make("main", { class: "field-writing" }, button(`${this.words.back}`, () => this.leave(), "quiet", { class: "reports-button reports-button-quiet field-back" }), place));
    const drawn = window.muster.drawReportForm(place, this.given(content, about, title, notice), {
      changed: () => this.form?.changed(), left: () => this.form?.save(), send: () => this.finish(), save: () => this.form.save(), discard: () => this.discard(), close: () => this.leave(),
    });
    const kept = record || { id: drawn.content.id, state: "draft", made: new Date().toISOString(), order: 0, tries: 0 };
    this.form = new Draft(this.desk, { ...kept, about }, drawn, this.words);
    if (record?.found) drawn.show(record.found, true); else drawn.focusFirst();
    window.scrollTo(0, 0);
  }

  async leave() {
    await this.form.save();
    this.goHome();
  }

  async finish() {
    const { drawn, record } = this.form, content = drawn.content, flaws = this.missing(drawn);
    if (Object.keys(flaws.fields).length || flaws.general.length) { await this.form.save(true); drawn.say("invalid", this.words.flawed); drawn.show({ ...flaws, questions: [] }, true); return; }
    content.recorded_at ||= new Date().toISOString();
    const order = record.order || 1 + Math.max(0, ...this.records.map((each) => each.order));
    const made = record.state === "refused" ? record.made : new Date().toISOString();
    const kept = await this.form.close({ ...record, state: "waiting", tries: 0, found: undefined, made, order, content, about: { ...record.about, kind: content.kind } });
    if (!kept) return;
    this.goHome();
    this.queue.send();
  }

  /* What the declarations ask for and nobody filled in. All other rules are Muster's own, and come back with its words. */
  missing(drawn) {
    const { words } = this, fields = {}, general = [], { content } = drawn;
    const lines = content.kind === "nil" ? [] : content.lines.filter((line) => !line.offered);
    for (const line of lines) {
      for (const field of drawn.kinds.get(line.kind).fields) if (field.needed && drawn.asked(field, line) && !String(line[field.name] || "").trim()) fields[`${line.id}.${field.name}`] = [words.needed];
    }
    if (content.supersedes_id && !content.correction_reason) fields.correction_reason = [words.needed];
    if (content.kind !== "nil" && !lines.length) general.push(words.no_lines);
    return { fields, general };
  }

  async discard() {
    if (!window.confirm(`${this.words.discard}?`)) return;
    await this.form.discard();
    this.goHome();
  }

  lineInWords(line) {
    const kind = this.forms.declaration.find((each) => each.kind === line.kind);
    if (!kind) return line.kind;
    const said = kind.fields.filter((field) => line[field.name] && field.entry !== "hit" && line[field.name] !== "unknown")
      .map((field) => this.forms.choices[field.codes]?.options.find((each) => each.value === line[field.name])?.label || line[field.name]);
    return `${kind.title}: ${said.join(" · ")}`;
  }

  /* --------------------------------------------------------------------------------------------- out by a file */

  saveFile() {
    const reports = this.records.filter((record) => record.state !== "sent").map(({ content, about, made }) => ({ content, about, made }));
    const file = new Blob([JSON.stringify({ kind: FILE, version: 1, officer: this.officer.id, made: new Date().toISOString(), reports }, null, 1)], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(file), download: `muster-field-${new Date().toISOString().slice(0, 10)}.json` });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  /* The reports of a file join the queue of whoever is here, once each; they are sent under their own ids. */
  async takeIn(file) {
    let said;
    try { said = JSON.parse(await file.text()); } catch { said = null; }
    if (said?.kind !== FILE || !Array.isArray(said.reports)) { this.told = this.words.not_file; await this.show(); this.told = ""; return; }
    let taken = 0, order = Math.max(0, ...this.records.map((each) => each.order));
    for (const { content, about, made } of said.reports) {
      if (!content?.id || !(about?.site || about?.of) || this.records.some((record) => record.id === content.id)) continue;
      taken += 1;
      order += 1;
      content.recorded_at ||= made;
      await this.desk.put({ id: content.id, state: "waiting", made: made || new Date().toISOString(), order, tries: 0, content, about });
    }
    this.told = filled(this.words.taken_in, { n: taken });
    await this.show();
    this.told = "";
    this.queue.send();
  }
}

/* A report that is being written: kept by itself soon after each change, one after the other. */
class Draft {
  constructor(desk, record, drawn, words) { Object.assign(this, { desk, record, drawn, words, dirty: false, timer: 0, going: Promise.resolve() }); }

  changed() {
    this.dirty = true;
    this.drawn.say("typing", this.words.typing);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), SETTLE);
  }

  save(always) {
    window.clearTimeout(this.timer);
    if ((!this.dirty && !always) || this.done) return this.going;
    this.dirty = false;
    return this.keep({ ...this.record, content: structuredClone(this.drawn.content), about: { ...this.record.about, kind: this.drawn.content.kind } });
  }

  /* Whether the device kept it. */
  keep(record) {
    const kept = () => { this.drawn.say("saved", this.words.kept); return true; };
    const lost = () => { this.dirty = true; this.drawn.say("invalid", this.words.gone_wrong); return false; };
    this.going = this.going.then(() => this.desk.put(record)).then(kept, lost);
    return this.going;
  }

  async close(record) {
    window.clearTimeout(this.timer);
    this.done = await this.keep(record);
    return this.done;
  }

  async discard() {
    this.done = true;
    window.clearTimeout(this.timer);
    await this.going;
    await this.desk.remove(this.record.id);
  }
}

new App().start();
