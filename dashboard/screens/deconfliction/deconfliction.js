/* Tags of what a country works on, made where they are typed: neither the phrase nor a value leaves this browser.
 *
 * The protocol is written down in docs/deconfliction.md, and how a value is normalised here alone. Phrase and values
 * are read from their fields by hand: no callback takes them. What was entered is kept as long as the page is open.
 */
(() => {
  "use strict";

  const DOMAIN = "muster deconfliction 1", SHORTEST_PHRASE = 20, SHORTEST_VALUE = 3, AT_ONCE = 200;
  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // 32 that are not mistaken for each other
  const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x07c0]; // digits of Arabic, Persian, Devanagari, Bengali and N'Ko

  const bytes = (text) => new TextEncoder().encode(text);
  const hex = (buffer) => [...new Uint8Array(buffer)].map((each) => each.toString(16).padStart(2, "0")).join("");

  function digit(mark) {
    const code = mark.codePointAt(0), zero = ZEROS.find((each) => code >= each && code < each + 10);
    return zero === undefined ? mark : String(code - zero);
  }

  /* Letters without marks, in capitals; digits as 0 to 9; everything else as one space. */
  function simple(text) {
    const bare = (each) => each.normalize("NFKD").replace(/[\p{M}\u0640]/gu, "");
    return bare(bare(text).toUpperCase()).replace(/\p{Decimal_Number}/gu, digit).replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  }

  /* A phrase: spaces and hyphens do not count. */
  const plain = (text) => simple(text).replaceAll(" ", "");

  /* A value: what parts two numbers counts as one hyphen, everything else that parts nothing; no zeros before numbers. */
  const normal = (text) =>
    simple(text).replace(/(?<=[0-9]) (?=[0-9])/g, "-").replaceAll(" ", "").replace(/(?<![0-9])0+(?=[0-9])/g, "");

  async function slow(secret, salt, rounds) {
    const from = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: rounds };
    return crypto.subtle.deriveBits(how, from, 256);
  }

  /* The key of a room ({id, rounds}) from its phrase. */
  async function key(phrase, room) {
    const raw = await slow(bytes(plain(phrase)), `${DOMAIN} ${room.id}`, room.rounds);
    return crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  }

  const sign = (made, text) => crypto.subtle.sign("HMAC", made, bytes(text));
  const check = async (made) => hex(await sign(made, "check")).slice(0, 8);
  const tag = async (made, kind, value, stretch) =>
    hex(await slow(await sign(made, `${kind}\n${normal(value)}`), `${DOMAIN} tag`, stretch));

  window.muster_deconfliction = { plain, normal, key, check, tag };

  // -------------------------------------------------------------------------------------------------- the page

  const typed = (id) => document.getElementById(id)?.value ?? "";
  const nothing = () => window.dash_clientside.no_update;
  let entered = new Map(); // what the last tags were made of: tag -> value

  /* Why no tag can be made of this phrase; "" where one can. */
  function amiss(phrase, words) {
    if (!window.crypto?.subtle) return words.insecure;
    return plain(phrase).length < SHORTEST_PHRASE ? words.short : "";
  }

  function phrase() {
    const made = [...crypto.getRandomValues(new Uint8Array(25))].map((each) => LETTERS[each % 32]).join("");
    return made.match(/.{5}/g).join("-");
  }

  async function open_room(clicks, id, rounds, words) {
    if (!clicks) return [nothing(), nothing()];
    const said = typed("deconfliction-new-phrase"), wrong = amiss(said, words);
    if (wrong) return [nothing(), wrong];
    return [{ check: await check(await key(said, { id, rounds })), at: clicks }, ""];
  }

  async function enter(clicks, kind, room, words) {
    if (!clicks) return [nothing(), nothing()];
    const said = typed("deconfliction-phrase"), wrong = amiss(said, words);
    if (wrong) return [nothing(), wrong];
    const values = typed("deconfliction-values").split("\n").map((each) => each.trim()).filter(Boolean);
    if (!values.length || !kind) return [nothing(), words.empty];
    if (values.length > AT_ONCE) return [nothing(), words.many];
    const vague = values.find((each) => normal(each).length < SHORTEST_VALUE);
    if (vague !== undefined) return [nothing(), `${words.vague} ${vague}`];
    const made = await key(said, room);
    if ((await check(made)) !== room.check) return [nothing(), words.other];
    entered = new Map();
    for (const value of values) entered.set(await tag(made, kind, value, room.stretch), value);
    const tags = [...entered.keys()].map((each) => ({ kind, tag: each }));
    return [{ check: room.check, tags, at: clicks }, ""];
  }

  /* What became of each value, beside the value itself: it is known here alone. */
  function drawn(outcome, words) {
    const place = document.getElementById("deconfliction-result");
    if (!place || !outcome) return nothing();
    const row = (cells, cell) => {
      const line = document.createElement("tr");
      line.append(...cells.map((each) => Object.assign(document.createElement(cell), { textContent: each, dir: "auto" })));
      return line;
    };
    const lines = outcome.filter((each) => entered.has(each.tag)).map((each) => [each.number, entered.get(each.tag), each.said]);
    const table = document.createElement("table"), save = document.createElement("button");
    table.className = "m-table";
    table.append(row(words.head, "th"), ...lines.map((each) => row(each, "td")));
    Object.assign(save, { type: "button", textContent: words.save, className: "deconfliction-save", onclick: () => keep(lines) });
    place.replaceChildren(table, save);
    return nothing();
  }

  /* A file for the country's own system: Muster cannot say later what a number stands for. */
  function keep(lines) {
    const quoted = (each) => `"${String(each).replaceAll('"', '""').replace(/^[=+\-@]/, "'$&")}"`;
    const text = lines.map((each) => each.slice(0, 2).map(quoted).join(",")).join("\r\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
    link.download = "deconfliction.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  function new_phrase(clicks) {
    const field = document.getElementById("deconfliction-new-phrase");
    if (!clicks || !field) return nothing();
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    set.call(field, phrase()); // as if typed: React looks at the event, not at the field
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.select();
    return "";
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster_deconfliction = { open_room, enter, drawn, new_phrase };
})();
