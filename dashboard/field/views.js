/* The screens of the field form: who is here, what waits and what is due. They draw, and say what was pressed. */
import { dutyRow, mapCards, taskCards, teamCards } from "./duties.js";

const { make } = window.muster.reportLines;
const SHOWN = 5;

/* Dates, times and ages as the officer's language writes them, in Western digits as everywhere in Muster. */
export class Speech {
  constructor(locale) { this.locale = locale === "en" ? "en-GB" : locale; }  // the day before the month, as everywhere

  date(day) { return this.format(new Date(`${day}T00:00:00Z`), { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }); }

  moment(at) { return this.format(new Date(at), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }); }

  format(at, options) { return new Intl.DateTimeFormat(this.locale, { ...options, calendar: "gregory", numberingSystem: "latn" }).format(at); }

  number(value, options = {}) { return new Intl.NumberFormat(this.locale, { numberingSystem: "latn", ...options }).format(value); }

  age(milliseconds) {
    const minutes = Math.max(0, Math.round(milliseconds / 60000));
    const [value, unit] = minutes < 60 ? [minutes, "minute"] : minutes < 2880 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
    return this.number(value, { style: "unit", unit, unitDisplay: "short" });
  }
}

export const filled = (text, values) => Object.entries(values).reduce((made, [name, value]) => made.replace(`{${name}}`, value), text);

export function button(label, act, kind = "plain", attributes = {}) {
  const node = make("button", { type: "button", class: `reports-button reports-button-${kind}`, ...attributes }, label);
  node.addEventListener("click", act);
  return node;
}

export const card = (kind, ...children) => make("section", { class: `field-card field-card-${kind}` }, ...children);
const brand = () => make("p", { class: "field-brand" }, make("img", { src: "/sign-in/logo.svg", alt: "", width: 36, height: 36 }), "Muster");
const signIn = (words) => make("a", { class: "reports-button reports-button-primary", href: "/sign-in?next=/field" }, words.sign_in);

/* A card in the middle of the screen: before anybody is here. */
function alone(...children) { return make("main", { class: "field-alone" }, brand(), make("section", { class: "field-card" }, ...children)); }

export function nobody({ words, contact }) {
  const text = contact.state === "no_writer" ? words.no_writer : words.nobody;
  return alone(make("h1", {}, words.title), make("p", {}, text), contact.state === "no_writer" ? make("a", { href: "/" }, words.leave) : signIn(words));
}

function pinField(words, label, name) {
  return make("label", { class: "field-pin" }, make("span", {}, label),
    make("input", { type: "password", inputmode: "numeric", autocomplete: "off", name, required: true, minlength: 6, maxlength: 64, dir: "ltr" }));
}

function pinForm(words, fields, label, said, act) {
  const flaw = make("p", { class: "field-flaw", role: "alert" }, said || "");
  const send = make("button", { type: "submit", class: "reports-button reports-button-primary" }, label);
  const form = make("form", { class: "field-pins", novalidate: true }, ...fields, flaw, send);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    const given = Object.fromEntries(new FormData(form));
    flaw.textContent = Object.values(given).some((pin) => pin.length < 6) ? words.pin_short : await act(given) || "";
    send.disabled = false;
  });
  return form;
}

export function choosePin({ words }, officer, said, act) {
  const differs = ({ pin, again }) => pin === again ? act(pin) : words.pin_differs;
  return alone(make("h1", {}, words.choose_pin), make("p", { class: "field-name" }, officer.name), make("p", {}, words.pin_why),
    pinForm(words, [pinField(words, words.pin, "pin"), pinField(words, words.pin_again, "again")], words.choose_pin, said, differs));
}

export function unlock({ words, contact, speech }, officer, others, counted, said, act, choose) {
  const waits = counted.waiting ? [make("p", { class: "field-waits" }, make("b", { class: "m-num" }, speech.number(counted.waiting)), ` ${words.waiting_many}, `,
    filled(words.oldest, { age: speech.age(Date.now() - Date.parse(counted.oldest)) }))] : [];
  const more = others.length ? [make("div", { class: "field-others" }, make("h2", {}, words.somebody_else), ...others.map((each) => button(each.name, () => choose(each))))] : [];
  return alone(make("h1", {}, officer.name), ...waits, pinForm(words, [pinField(words, words.pin, "pin")], words.unlock, said, ({ pin }) => act(pin)), ...more,
    ...(contact.state === "signed_out" ? [make("p", { class: "m-dim" }, words.sign_in_to_send), signIn(words)] : []));
}

/* ------------------------------------------------------------------------------------------------- the start */

/* `app` has words, speech, officer, contact, records, work, due() and the acts that buttons do. */
export function home(app) {
  const { words, speech } = app;
  const of = (state) => app.records.filter((record) => record.state === state);
  const waiting = of("waiting"), due = app.due();
  return make("main", { class: "field-home" }, head(app), ...banners(app), queue(app, waiting), ...replaced(app),
    ...listed(words.to_correct, of("refused"), (record) => refusedRow(app, record), "bad"),
    ...listed(words.returned, app.returned(), (sent) => row(app, sent, words.correct, () => app.correctSent(sent)), "warn"),
    ...teamCards(app), ...dueCards(app, due), ...taskCards(app),
    ...listed(words.drafts, of("draft"), (record) => row(app, record.about, words.open, () => app.openRecord(record))),
    another(app), ...mapCards(app),
    ...folded(words.waits, waiting, (record) => record.content.verb ? dutyRow(app, record) : row(app, record.about, words.open, () => app.openRecord(record), speech.age(app.now() - Date.parse(record.made)))),
    ...folded(words.sent, app.sent(), (sent) => row(app, sent, words.correct, () => app.correctSent(sent), sent.level || (sent.at && speech.moment(sent.at)))),
    foot(app));
}

function head({ words, officer, state, lock }) {
  const said = { offline: words.offline, signed_out: words.signed_out, other: words.signed_out }[state] || words.online;
  return make("header", { class: "field-head" }, make("img", { src: "/sign-in/logo.svg", alt: "", width: 30, height: 30 }),
    make("h1", {}, officer.name), make("span", { class: "field-state", "data-state": state || "online", role: "status" }, said), button(words.lock, lock, "quiet"));
}

function banners({ words, contact, state, speech, offset, install, told }) {
  const found = [];
  if (told) found.push(make("p", { role: "status" }, told));
  if (state === "signed_out") found.push(make("p", {}, words.sign_in_to_send), signIn(words));
  if (state === "other" && contact.name) found.push(make("p", {}, filled(words.other_officer, { name: contact.name })));
  if (Math.abs(offset) > 120000) found.push(make("p", {}, filled(words.clock_off, { age: speech.age(Math.abs(offset)) })));
  if (install.wanted) found.push(make("p", {}, install.apple ? words.install_apple : words.install_why), ...(install.ask ? [button(words.install, install.ask)] : []));
  return found.length ? [card("note", ...found)] : [];
}

function queue({ words, speech, now, sendNow }, waiting) {
  if (!waiting.length) return card("quiet", make("p", {}, words.nothing_waits));
  const oldest = Math.min(...waiting.map((record) => Date.parse(record.made)));
  return card("queue", make("p", { class: "field-waits", role: "status" }, make("b", { class: "m-num" }, speech.number(waiting.length)), ` ${words.waiting_many}, `,
    filled(words.oldest, { age: speech.age(now() - oldest) })), button(words.send_now, sendNow, "primary"));
}

function listed(title, found, draw, kind = "plain") {
  return found.length ? [card(kind, make("h2", {}, title), make("ul", {}, ...found.map((each) => make("li", {}, draw(each)))))] : [];
}

export function folded(title, found, draw) {
  if (!found.length) return [];
  const list = make("ul", {}, ...found.map((each) => make("li", {}, draw(each))));
  return [make("details", { class: "field-card" }, make("summary", {}, title, make("span", { class: "m-num m-dim" }, ` ${found.length}`)), list)];
}

function row({ speech, kindOf }, about, label, act, more) {
  return make("div", { class: "field-row" }, make("div", {}, make("strong", {}, about.name),
    make("span", { class: "m-dim" }, [speech.date(about.day), kindOf(about.kind), more].filter(Boolean).join(" · "))), button(label, act));
}

function refusedRow(app, record) {
  const { fields, general, questions } = record.found;
  const said = [...general, ...questions, ...Object.values(fields).flat()];
  const { words } = app, duty = record.content.verb;
  return make("div", {}, duty ? dutyRow(app, record, button(words.discard, () => app.drop(record))) : row(app, record.about, words.correct, () => app.openRecord(record)),
    ...[...new Set(said)].map((text) => make("p", { class: "field-flaw" }, text)));
}

function dueCards(app, due) {
  const { words, speech } = app;
  if (!due.length) return app.work ? [card("good", make("p", {}, words.nothing_due))] : [];
  const [first, ...others] = due;
  const big = card("due", make("h2", {}, words.due), make("p", { class: "field-place" }, first.site.name), make("p", { class: "field-day" }, speech.date(first.day.day)),
    make("p", { class: "m-dim" }, filled(words.until, { moment: speech.moment(first.day.due) })),
    make("div", { class: "field-acts" }, button(words.nothing, () => app.begin(first, "nil")), button(words.write, () => app.begin(first, "daily"), "primary")));
  const drawn = (each) => make("div", { class: "field-row" }, make("div", {}, make("strong", {}, each.site.name), make("span", { class: "m-dim" }, speech.date(each.day.day))),
    button("0", () => app.begin(each, "nil"), "plain", { "aria-label": `${words.nothing}: ${each.site.name}, ${speech.date(each.day.day)}` }),
    button(words.open, () => app.begin(each, "daily")));
  const rest = others.slice(0, SHOWN).map((each) => make("li", {}, drawn(each)));
  return [big, ...(rest.length ? [card("plain", make("ul", {}, ...rest))] : []), ...folded(words.due, others.slice(SHOWN), drawn)];
}

/* Any day of any site, for a second report of a day or one that is not asked for. */
function another(app) {
  const { words, speech } = app;
  const sites = app.places();
  if (!sites.length) return make("span", { hidden: true });
  const where = make("select", { "aria-label": words.site }, ...sites.map(({ site }, place) => make("option", { value: place }, site.name)));
  const when = make("select", { "aria-label": words.day });
  const days = () => sites[where.value].days;
  const fill = () => when.replaceChildren(...days().map((day, place) => make("option", { value: place }, speech.date(day.day))));
  where.addEventListener("change", fill);
  fill();
  const go = () => { const { operation, site } = sites[where.value]; app.begin({ operation, site, day: days()[when.value] }, "daily"); };
  return make("details", { class: "field-card" }, make("summary", {}, words.another_day), make("div", { class: "field-choose" }, where, when, button(words.write, go)));
}

function foot(app) {
  const { words, speech, work, records } = app;
  const unsent = records.filter((record) => record.state !== "sent");
  const file = make("input", { type: "file", accept: "application/json,.json", hidden: true });
  file.addEventListener("change", () => app.takeIn(file.files[0]));
  return make("footer", { class: "field-foot" }, ...(work ? [make("p", { class: "m-dim" }, filled(words.as_of, { moment: speech.moment(work.at) }))] : []),
    ...(unsent.length ? [button(words.file, app.saveFile), make("p", { class: "m-dim" }, words.file_why)] : []),
    file, button(words.take_in, () => file.click()), make("a", { href: "/" }, words.leave));
}

/* ---------------------------------------------------------------------------------- two versions of one report */

/* What stands meanwhile beside what was written here: nothing is merged, somebody chooses. */
export function versions(app, record, tell) {
  const { words, speech } = app, { newest, content, about, found } = record;
  const told = (version) => [`${app.kindOf(version.kind)} · ${version.period_from} – ${version.period_to}`, ...version.lines.filter((line) => !line.offered).map(tell), ...(version.remarks ? [version.remarks] : [])];
  const [theirs, mine] = [newest, content].map(told);
  const side = (title, more, texts, others) => make("div", {}, make("h3", {}, title), make("p", { class: "m-dim" }, more),
    make("ul", {}, ...texts.map((text) => make("li", {}, others.includes(text) ? text : make("mark", {}, text)))));
  const between = (newest.since || []).map(({ version, by, at }) => make("li", {}, filled(words.version_by, { version: speech.number(version), name: by, moment: at })));
  const began = about.chain?.trunk ? [make("p", { class: "m-dim" }, filled(words.began_from, { version: speech.number(about.chain.trunk) })), make("ul", { class: "m-dim" }, ...between)] : [];
  return make("main", { class: "field-home" }, card("bad", make("h2", {}, `${about.name} · ${speech.date(about.day)}`),
    ...found.general.map((text) => make("p", {}, text)), ...began,
    make("div", { class: "field-versions" }, side(filled(words.theirs, { name: newest.by }), newest.at, theirs, mine), side(words.mine, speech.moment(record.made), mine, theirs)),
    make("div", { class: "field-acts" }, button(words.keep_theirs, () => app.drop(record)), button(words.correct_theirs, () => app.correctTheirs(record), "primary")),
    button(words.back, app.goHome, "quiet")));
}

/* Codes that were replaced when a report came in: said until somebody has read it. */
function replaced(app) {
  const { words, speech } = app;
  return app.records.filter((record) => record.about?.mapped).map((record) => card("note",
    make("h2", {}, `${record.about.name} · ${speech.date(record.about.day)}`), make("p", {}, words.mapped),
    make("ul", {}, ...record.about.mapped.map((text) => make("li", {}, text))), button(words.read, () => app.seen(record))));
}
