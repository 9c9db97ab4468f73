/* How the field form speaks with Muster: what there is to report, and the queue, sent in order and resumed when cut.
 *
 * A report has its ids from this device. One whose answer was lost is sent again as it is, and gets the same answer.
 */
const PATIENCE = 20000, STANDING = "/field/standing";

/* What Muster answers; `offline` where nobody does. */
async function ask(address, body, headers = {}) {
  const options = { headers, signal: AbortSignal.timeout(PATIENCE), redirect: "manual", cache: "no-store" };
  if (body) Object.assign(options, { method: "POST", body: JSON.stringify(body), headers: { ...headers, "Content-Type": "application/json" } });
  try {
    const answer = await fetch(address, options);
    const said = await answer.json().catch(() => null);
    return { status: answer.status, said, wait: Number(answer.headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, said: null, wait: 0 };
  }
}

export const readWork = (present) => ask("/field/work", null, present ? {} : { "Muster-Present": "0" });
export const readForms = async (language) => (await ask(`/field/forms/${language}`)).said;
export const readSent = (id) => ask(`/field/reports/${id}`);
/* The map ("map") or the map sheets ("sheet") of a site. */
export const readFile = async (kind, site) => {
  const answer = await fetch(`/field/${kind}s/${site}`, { method: "POST", signal: AbortSignal.timeout(6 * PATIENCE), redirect: "manual", cache: "no-store" }).catch(() => null);
  if (answer?.ok) return { file: await answer.arrayBuffer() };
  return { error: (await answer?.json().catch(() => null))?.error };
};
export const mustErase = async (seal) => Boolean(seal) && (await ask(STANDING, { seal })).said?.ended === true;

/* The queue of one officer. `told` hears of every change; `state` says why nothing goes: "", offline, signed_out, other. */
export class Queue {
  constructor(desk, told) { Object.assign(this, { desk, told, state: "", busy: false, timer: 0 }); }

  close() { window.clearTimeout(this.timer); this.closed = true; }

  /* One window of this browser sends at a time. */
  async send() {
    if (this.busy || this.closed) return;
    this.busy = true;
    window.clearTimeout(this.timer);
    const run = () => this.run();
    const pause = navigator.locks ? await navigator.locks.request("muster-field", { ifAvailable: true }, (lock) => lock ? run() : 5) : await run();
    this.busy = false;
    if (pause && !this.closed) this.timer = window.setTimeout(() => this.send(), pause * 1000);
    this.told();
  }

  /* In the order in which they were written; what follows on a report that came back waits for it. Returns after how
   * many seconds to go on; 0 where nothing is left to do. */
  async run() {
    const records = await this.desk.all();
    const held = new Set(records.filter((record) => record.state === "refused").map((record) => owner(record.content)));
    for (const { id, state, content } of records) {
      if (state !== "waiting" || held.has(owner(content))) continue;
      const pause = await this.sendOne(id);
      if (pause) return pause;
      if ((await this.desk.get(id))?.state === "refused") held.add(owner(content));
    }
    return 0;
  }

  async sendOne(id) {
    const record = await this.desk.get(id);
    if (record?.state !== "waiting" || this.closed) return 0;
    record.tries += 1;
    await this.desk.put(record);
    const { status, said, wait } = await ask(record.content.verb ? "/field/duties" : "/field/reports", { officer: this.desk.officer, content: record.content, chain: record.about.chain, device_time: new Date().toISOString() });
    this.state = { 0: "offline", 401: "signed_out", 403: "other" }[status] || "";
    if (status === 200) await this.desk.put(acknowledged(record, said.mapped));
    else if ([409, 422].includes(status) && said?.found) await this.desk.put({ ...record, state: "refused", found: said.found, gone: said.gone || undefined, newest: said.newest && { ...said.newest, since: said.since } });
    else return wait || (status === 401 || status === 403 ? 300 : 15);
    this.told();
    return 0;
  }
}

/* Whatever belongs to one report, team or task keeps its order. */
const owner = ({ report_id, of }) => report_id || of;

/* Nothing of what was written stays: only that it was sent, for which site and day, and which codes were replaced. */
function acknowledged({ id, order, made, about: { operation, site, day, name, kind, of, after } }, mapped) {
  const about = of ? { of, after } : { operation, site, day, name, kind, ...(mapped?.length ? { mapped } : {}) };
  return { id, order, made, state: "sent", tries: 0, sent: new Date().toISOString(), about };
}
