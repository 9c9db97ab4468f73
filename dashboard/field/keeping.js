/* What the field form keeps on the device: each officer's work, drafts and queue, encrypted under a key of their PIN.
 *
 * A random key encrypts the records of an officer (AES-GCM). It is kept wrapped under a key that PBKDF2 makes of the PIN
 * and of a secret of this device, which no script can read. Ten wrong PINs erase what the officer kept. In clear are
 * only the officer's name and language, of each record its state and when it was made, and of which site a map is.
 */
import { openDB } from "/assets/vendor/later/idb.js";

const ROUNDS = 600000;
export const TRIES = 10;

const encode = (value) => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

async function sealed(key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

const opened = (key, box) => crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data);

export class Device {
  static async open() {
    const device = new Device();
    device.db = await openDB("muster-field", 1, {
      upgrade(db) {
        db.createObjectStore("device");
        db.createObjectStore("officers", { keyPath: "id" });
        db.createObjectStore("records", { keyPath: "id" }).createIndex("officer", "officer");
      },
    });
    return device;
  }

  officers() { return this.db.getAll("officers"); }

  async counts(officer) {
    const found = (await this.db.getAllFromIndex("records", "officer", officer)).filter((each) => each.state === "waiting");
    return { waiting: found.length, oldest: found.map((each) => each.made).sort()[0] };
  }

  /* The secret of this device: made once, and never readable. */
  async secret() {
    const known = await this.db.get("device", "secret");
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    await this.db.put("device", made, "secret");
    return made;
  }

  async keyOf(pin, salt) {
    const salted = await crypto.subtle.sign("HMAC", await this.secret(), salt);
    const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
    return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt: salted, iterations: ROUNDS }, base,
      { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  /* A new officer on this device, or the same one anew after everything was erased. */
  async register(about, pin) {
    const salt = crypto.getRandomValues(new Uint8Array(16)), raw = crypto.getRandomValues(new Uint8Array(32));
    const wrapped = await sealed(await this.keyOf(pin, salt), raw);
    await this.db.put("officers", { ...about, salt, wrapped, tries: 0, used: Date.now() });
    await navigator.storage?.persist?.();
    return this.desk(about.id, raw);
  }

  /* The desk of an officer, or how many tries are left; at none everything of theirs is erased. */
  async unlock(id, pin) {
    const officer = await this.db.get("officers", id);
    officer.tries += 1;
    await this.db.put("officers", officer);  // before it is tried: whoever closes the page has used the try
    let raw;
    try {
      raw = await opened(await this.keyOf(pin, officer.salt), officer.wrapped);
    } catch {
      if (officer.tries >= TRIES) await this.erase(id);
      return { left: Math.max(0, TRIES - officer.tries) };
    }
    await this.db.put("officers", { ...officer, tries: 0, used: Date.now() });
    return { desk: await this.desk(id, raw) };
  }

  async note(id, about) { await this.db.put("officers", { ...await this.db.get("officers", id), ...about }); }

  async erase(id) {
    const change = this.db.transaction(["officers", "records"], "readwrite");
    for (const key of await change.objectStore("records").index("officer").getAllKeys(id)) change.objectStore("records").delete(key);
    change.objectStore("officers").delete(id);
    await change.done;
  }

  async desk(id, raw) {
    return new Desk(this.db, id, await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]));
  }
}

/* The records of one officer who is here: {id, state, made, order, tries} in clear, and `content` besides in the box.
 * States: draft, waiting, refused, sent. A sent one holds nothing but its site and day, or its team and step. */
class Desk {
  constructor(db, officer, key) { Object.assign(this, { db, officer, key }); }

  async put(record) {
    const { content, found, newest, gone, about, ...clear } = record;
    const box = await sealed(this.key, encode({ content, found, newest, gone, about }));
    await this.db.put("records", { ...clear, officer: this.officer, box });
  }

  async get(id) {
    const kept = await this.db.get("records", id);
    return kept && this.open(kept);
  }

  async open({ box, ...clear }) { return { ...clear, ...decode(await opened(this.key, box)) }; }

  async all() {
    const kept = await this.db.getAllFromIndex("records", "officer", this.officer);
    const found = await Promise.all(kept.filter((record) => !["work", "sheet", "map"].includes(record.state)).map((record) => this.open(record)));
    return found.sort((one, other) => one.order - other.order);
  }

  /* Maps and map sheets of a site: the file itself in the box. `kind` is "map" or "sheet". */
  async keepFile(kind, site, file) {
    const box = await sealed(this.key, file);
    await this.db.put("records", { id: `${kind} ${this.officer} ${site}`, officer: this.officer, state: kind, made: new Date().toISOString(), site, box });
  }

  async file(kind, site) { return opened(this.key, (await this.db.get("records", `${kind} ${this.officer} ${site}`)).box); }

  async files() { return (await this.db.getAllFromIndex("records", "officer", this.officer)).filter((record) => ["map", "sheet"].includes(record.state)).map(({ state, site, made }) => ({ kind: state, site, made })); }

  async remove(id) { await this.db.delete("records", id); }

  /* What the officer has to report, as the server last said it. */
  async keepWork(work) { await this.put({ id: `work ${this.officer}`, state: "work", made: work.at, content: work }); }

  async work() { return (await this.get(`work ${this.officer}`))?.content; }
}
