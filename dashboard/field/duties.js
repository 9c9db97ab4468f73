/* The duties of an officer: the steps of the own teams, the tasks of today, and the maps of the posts.
 *
 * What is pressed here waits in the queue like a report, with the time at which it was pressed. Until Muster has answered
 * and said its work anew, a team stands where its last step led.
 */
import { button, card, filled, folded } from "./views.js";

const { make } = window.muster.reportLines;
const HOUR = 3600000;

const pressed = (app, of) => app.records.filter((record) => record.about?.of === of && ["waiting", "sent"].includes(record.state)).at(-1);

function teamNow(app, team) {
  const last = pressed(app, team.id);
  if (!last) return team;
  const { after } = last.about, at = Date.parse(last.made) + app.offset;
  return { ...team, state: after, due: after === "on_site" ? new Date(at + team.hours * HOUR).toISOString() : null };
}

export function teamCards(app) {
  return (app.work?.teams || []).map((team) => teamCard(app, teamNow(app, team)));
}

function teamCard(app, team) {
  const { words, speech, work } = app;
  const late = team.due && Date.parse(team.due) < app.now();
  const timer = team.due ? [make("p", { class: late ? "field-flaw" : "m-dim" }, filled(late ? words.late_check : words.next_check, { moment: speech.moment(team.due) }))] : [];
  const steps = work.steps[team.state] || [];
  const report = (step) => app.report({ verb: step.verb, of: team.id, words: app.notes[team.id] || "" }, { name: team.name, label: step.label, after: step.after });
  const acts = steps.map((step, place) => button(step.label, () => report(step), place ? "plain" : "primary"));
  return card("team", make("div", { class: "field-row" }, make("h2", {}, words.team), make("span", { class: "field-stage" }, work.stages[team.state])),
    make("p", { class: "field-place" }, make("bdi", {}, team.name)),
    make("p", {}, make("bdi", {}, team.place), make("span", { class: "m-dim" }, ` · ${speech.moment(team.starts)} – ${speech.moment(team.ends)}`)),
    ...(team.tasks ? [make("p", {}, make("bdi", {}, team.tasks))] : []), ...timer,
    ...(team.state === "requested" ? [make("p", { class: "m-dim" }, words.no_order)] : []),
    ...(acts.length ? [note(app, team), make("div", { class: "field-acts" }, ...acts)] : []));
}

function note({ words, notes }, team) {
  const typed = make("input", { type: "text", maxlength: 2000, placeholder: words.no_names });
  typed.value = notes[team.id] || "";
  typed.addEventListener("input", () => { notes[team.id] = typed.value; });
  return make("label", { class: "field-note" }, make("span", {}, words.note), typed);
}

export function taskCards(app) {
  const { words, speech } = app;
  const tasks = (app.work?.operations || []).flatMap((operation) => operation.tasks || []).filter((task) => !pressed(app, task.id));
  if (!tasks.length) return [];
  const line = (task, one) => {
    const tick = make("input", { type: "checkbox" });
    tick.checked = tick.disabled = one.done || Boolean(pressed(app, one.id));
    tick.addEventListener("change", () => app.report({ verb: "task.tick", of: one.id }, { name: task.title, label: one.text }));
    return make("label", { class: "field-tick" }, tick, make("span", {}, one.text));
  };
  const drawn = (task) => {
    const open = task.lines.some((one) => !one.done && !pressed(app, one.id)), late = Date.parse(task.due) < app.now();
    return make("li", {}, make("div", { class: "field-row" }, make("div", {}, make("strong", {}, make("bdi", {}, task.title)),
      make("span", { class: late ? "field-flaw" : "m-dim" }, [task.name, filled(words.task_until, { moment: speech.moment(task.due) })].filter(Boolean).join(" · "))),
    button(words.done, () => app.report({ verb: "task.finish", of: task.id }, { name: task.title, label: words.done }), "plain", open ? { disabled: true } : {})),
    ...(task.note ? [make("p", { class: "m-dim" }, make("bdi", {}, task.note))] : []), ...task.lines.map((one) => line(task, one)));
  };
  return [card("tasks", make("h2", {}, words.tasks), make("ul", {}, ...tasks.map(drawn)))];
}

export function mapCards(app) {
  const { words, speech } = app;
  return folded(words.maps, app.sites(), (site) => {
    const [map, sheet] = ["map", "sheet"].map((kind) => app.kept.find((kept) => kept.kind === kind && kept.site === site.id));
    const oldest = [map, sheet].filter(Boolean).map(({ made }) => made).sort()[0];
    const said = oldest ? filled(words.map_as_of, { moment: speech.moment(oldest) }) : words.map_missing;
    const acts = [
      ...(map ? [button(words.open_map, () => app.openMap(site.id))] : []), ...(sheet ? [button(words.open_sheet, () => app.openSheet(site.id))] : []),
      ...(map && sheet ? [] : [button(words.keep_map, () => app.keepHere(site.id), "plain", app.contact.work ? {} : { disabled: true })]),
    ];
    return make("div", { class: "field-row field-row-wide" }, make("div", {}, make("strong", {}, make("bdi", {}, site.name)), make("span", { class: "m-dim" }, said)), ...acts);
  });
}

/* What was pressed and waits, or came back. */
export function dutyRow({ speech }, { about, made }, ...more) {
  return make("div", { class: "field-row" }, make("div", {}, make("strong", {}, make("bdi", {}, about.name)), make("span", { class: "m-dim" }, [about.label, speech.moment(made)].join(" · "))), ...more);
}
