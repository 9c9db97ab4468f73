/* The lines of the entry form (`form.js` beside this file): their fields, added, taken away, filled from a spreadsheet. */
(function () {
  "use strict";

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };

  /* A random UUID; randomUUID exists on secure origins only, getRandomValues everywhere. */
  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  const folded = (text) => text.trim().toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const SIGNS = ["=", ">", "≥", "~", "<"];
  const signOf = (text) => /^(>=|=>|≥)/.test(text) ? "≥" : /^[~≈]/.test(text) ? "~" : /^[<>]/.test(text) ? text[0] : "=";
  const COUNTED = /^[+<>≥~≈-]?[\d\s.,'’٬]+$/;

  /* What `form.js` draws besides is of it: `typed` hears of every field, `changed` of every line. */
  class ReportLines {
    /* A field: its name, its input, what it usually is, and the place where its flaw will stand. */
    field(key, label, input, hint, needed) {
      const flaw = make("em", { class: "reports-flaw", id: `flaw-${this.content.id}-${key}` });
      const typed = input.querySelector?.(":scope > input") || input;  // a count stands beside its sign and its buttons
      typed.id ||= `typed-${this.content.id}-${key}`;
      typed.setAttribute("aria-describedby", flaw.id);
      if (needed) typed.setAttribute("aria-required", "true");
      const mark = needed ? make("span", { class: "reports-needed", "aria-hidden": "true" }, "\u00a0*") : null;
      return make("label", { class: "reports-field", "data-field": key, for: typed.id }, make("span", { class: "reports-label" }, label, ...(mark ? [mark] : [])), input, hint || null, flaw);
    }

    select(options, holder, name) {
      const node = make("select", {}, make("option", { value: "" }, "—"),
        ...options.map((option) => make("option", { value: option.value }, option.label)));
      if (holder[name] && !options.some((option) => option.value === holder[name])) node.append(make("option", { value: holder[name] }, holder[name]));
      node.value = holder[name] || "";
      node.addEventListener("change", () => this.typed(holder, name, node.value));
      return node;
    }

    /* A long list: one types part of a name and chooses; what is not in the list stays as typed. */
    search(options, holder, name) {
      const id = `list-${this.content.id}-${(this.lists += 1)}`;
      const node = make("input", { type: "text", list: id, spellcheck: "false" });
      const chosen = options.find((option) => option.value === holder[name]);
      node.value = chosen ? chosen.label : holder[name] || "";
      node.addEventListener("input", () => {
        const text = folded(node.value);
        const found = options.find((option) => folded(option.label) === text || folded(option.value) === text);
        this.typed(holder, name, found ? found.value : node.value);
      });
      return [node, make("datalist", { id }, ...options.map((option) => make("option", { value: option.label })))];
    }

    time(holder, name, hint) {
      const touch = matchMedia("(pointer: coarse)").matches, kind = !touch ? "text" : this.withinDay(holder, name, hint) ? "time" : "datetime-local";
      const node = make("input", { type: kind, placeholder: hint, inputmode: touch ? null : "text", dir: "ltr", class: "m-num", "data-figures": true });
      node.value = touch ? (holder[name] || "").replace(" ", "T") : holder[name] || "";
      node.addEventListener("input", () => this.typed(holder, name, node.value.replace("T", " ")));
      return node;
    }

    /* In a report of a day the hour alone says when something was, as on a keyboard: nobody picks the date of each hit. */
    withinDay(holder, name, hint) {
      const [from, to] = [this.content.period_from, this.content.period_to].map((each) => Date.parse((each || "").replace(" ", "T")));
      return hint === "HH:MM" && to - from <= 24 * 60 * 60 * 1000 && !/\d{4}-/.test(holder[name] || "");
    }

    plain(holder, name, hint, counted) {
      const node = make("input", { type: "text", inputmode: counted ? "numeric" : null, placeholder: hint || null, spellcheck: "false",
        class: counted ? "m-num reports-number" : "m-num", "data-figures": Boolean(counted), dir: "ltr" });
      node.value = holder[name] || "";
      node.addEventListener("input", () => this.typed(holder, name, node.value));
      if (counted) node.addEventListener("paste", (event) => this.paste(event, holder));
      return node;
    }

    /* --------------------------------------------------------------------------------------------- lines */

    drawSections() {
      const nil = this.content.kind === "nil";
      const blocks = [];
      for (const kind of this.kinds.values()) {
        const lines = this.content.lines.filter((line) => line.kind === kind.kind && !(nil && line.offered));
        if (nil && !lines.length) continue;
        const rows = make("div", { class: "reports-rows" }, ...lines.map((line) => this.drawLine(kind, line)));
        const add = make("button", { type: "button", class: "reports-add", "data-add": kind.kind, "aria-keyshortcuts": kind.key || null }, `+ ${kind.add}`,
          ...(kind.key ? [make("kbd", { "aria-hidden": "true" }, kind.key)] : []));
        add.addEventListener("click", () => this.addLine(kind.kind));
        blocks.push(make("section", { class: lines.length ? "reports-section" : "reports-section reports-section-empty", "data-kind": kind.kind },
          lines.length ? make("h3", {}, kind.title, make("span", { class: "reports-total m-num" })) : null,
          lines.some((line) => this.told(kind, line)) ? this.columns(kind) : null, rows, nil ? null : add));
      }
      if (nil) blocks.unshift(make("p", { class: "reports-nil" }, this.given.words.nil));
      else if (this.stepped) blocks.unshift(make("h3", { class: "reports-else", tabindex: "-1" }, this.given.words.anything));
      this.sections.replaceChildren(...blocks);
      this.showTotals();
      this.showStep();
    }

    /* What stands in the columns of checks that are told in words. */
    columns(kind) {
      const { words } = this.given, counted = kind.fields.find((field) => field.counts);
      return make("div", { class: "reports-columns", "aria-hidden": "true" }, make("span"), make("span", {}, words.usual),
        make("span", {}, counted.label, make("small", {}, counted.limits)));
    }

    /* Some fields are asked only for some values of another, and an earlier hit only where there is one. */
    asked(field, line) {
      if (field.entry === "hit" && !line[field.name] && !this.given.earlier.length && !this.otherHits(line).length) return false;
      if (!field.only) return true;
      const [said, wanted] = [line[field.only[0]], field.only[1]];
      return wanted.length ? wanted.includes(said) : Boolean(said) && said !== "0";  // of no values: whatever is not nothing
    }

    otherHits(line) {
      return this.content.lines.filter((each) => each.kind === line.kind && each.id !== line.id);
    }

    /* The hits that stand already, and those of this form whose time is typed; looked up anew when one chooses. */
    earlier(line, name) {
      const options = () => {
        const known = new Map(this.given.earlier.filter((each) => each.value !== line.id).map((each) => [each.value, each]));
        for (const each of this.otherHits(line)) {
          if (each.raw_at) known.set(each.id, { value: each.id, label: `${this.worded(each, "database")} · ${this.worded(each, "hit_kind")} · ${each.raw_at}` });
        }
        return [...known.values()];
      };
      const node = this.select(options(), line, name);
      node.addEventListener("focus", () => {
        const fresh = options().filter((each) => ![...node.options].some((option) => option.value === each.value));
        node.append(...fresh.map((option) => make("option", { value: option.value }, option.label)));
      });
      return node;
    }

    /* A code of a line as its choices say it. */
    worded(line, name) {
      const field = this.kinds.get(line.kind).fields.find((each) => each.name === name);
      return this.given.choices[field.codes].options.find((each) => each.value === line[name])?.label || line[name] || "";
    }

    /* The choices of a line in words; what was not stated says nothing. */
    inWords(line) {
      const chosen = this.kinds.get(line.kind).fields.filter((field) => field.entry === "code" && this.asked(field, line) && ![undefined, "", "unknown"].includes(line[field.name]));
      return chosen.map((field) => this.worded(line, field.name)).join(" · ");
    }

    /* A check whose kind is known stands in words, with its count as the one thing to type; F2 opens its choices. */
    told(kind, line) {
      return kind.kind === "check_tally" && !this.opened.has(line.id)
        && kind.fields.every((field) => field.entry !== "code" || !field.needed || !this.asked(field, line) || Boolean(line[field.name]));
    }

    openLine(id) {
      this.opened.add(id);
      this.drawSections();
      this.focusLine(id);
    }

    drawLine(kind, line) {
      const told = this.told(kind, line), named = told ? this.inWords(line) : kind.title;
      const row = make("div", { class: `reports-row reports-row-${kind.kind}${told ? " reports-row-told" : ""}`, role: "group", "aria-label": named, tabindex: this.stepped ? "-1" : null,
        "data-line": line.id, "data-field": line.id });
      if (told) {
        const change = make("button", { type: "button", class: "reports-change", tabindex: this.stepped ? null : "-1", "aria-keyshortcuts": "F2" }, this.given.words.change);
        change.addEventListener("click", () => this.openLine(line.id));
        const [first, ...others] = [...(line.database ? [this.worded(line, "database")] : []), ...named.split(" · ").filter((each) => each !== this.worded(line, "database"))];
        row.append(make("span", { class: "reports-words" }, make("strong", {}, first), make("span", {}, others.join(" · ")), change), this.usual(line, this.stepped ? "" : "—"));
      }
      for (const field of kind.fields) {
        if (this.asked(field, line) && !(told && field.entry === "code")) row.append(this.lineField(field, line, told));
      }
      const remove = make("button", { type: "button", class: "reports-remove", tabindex: "-1", title: `${this.given.words.remove} (Ctrl+Delete)`,
        "aria-label": this.given.words.remove }, "×");
      remove.addEventListener("click", () => this.removeLine(line.id));
      row.append(remove, make("em", { class: "reports-flaw reports-flaw-row" }));
      if (kind.kind !== "check_tally") {
        const again = make("button", { type: "button", class: "reports-again", tabindex: "-1", "aria-keyshortcuts": "D" }, this.given.words.again, make("kbd", { "aria-hidden": "true" }, "D"));
        again.addEventListener("click", () => this.addAgain(line));
        row.append(again);
      }
      return row;
    }

    lineField(field, line, told) {
      const key = `${line.id}.${field.name}`;
      if (field.entry === "code") {
        const list = this.given.choices[field.codes];
        if (!list.searched) return this.field(key, field.label, this.select(list.options, line, field.name), null, field.needed);
        return this.field(key, field.label, ...this.search(list.options, line, field.name), field.needed);
      }
      if (field.entry === "hit") return this.field(key, field.label, this.earlier(line, field.name), null, field.needed);
      if (field.entry === "moment") return this.field(key, field.label, this.time(line, field.name, field.hint), null, field.needed);
      const tally = field.name === "count" && line.kind === "check_tally";
      const hint = tally && !told ? this.usual(line, "") : field.limits ? make("small", { class: "reports-limits" }, field.limits) : null;
      const input = this.plain(line, field.name, field.hint, field.entry === "count");
      const signed = field.counts && matchMedia("(pointer: coarse)").matches ? this.signed(line, field.name, input) : input;
      return this.field(key, field.label, this.stepped && field.entry === "count" ? this.counter(input) : signed, hint, field.needed);
    }

    /* A count can be more or less than what is written: one types the sign before it, or chooses it where the keys of a
     * telephone have none. */
    signed(line, name, input) {
      const bare = (text) => text.replace(/^[=<>≥~≈]+\s*/, "");
      const sign = make("select", { "aria-label": this.given.words.exact, class: "reports-sign" }, ...SIGNS.map((each) => make("option", { value: each }, this.stepped ? `${each} ${this.given.signs[each]}` : each)));
      sign.value = signOf(input.value);
      input.value = bare(input.value);
      const say = () => this.typed(line, name, input.value && sign.value !== "=" ? sign.value + bare(input.value) : input.value);
      sign.addEventListener("change", say);
      input.addEventListener("input", say);
      return make("span", { class: "reports-signed" }, sign, input);
    }

    usual(line, none) {
      const key = [line.check_kind, line.database, line.entity_type, line.channel].join("|");
      const counts = (this.given.history[key] || []).slice(0, 7).join(" · ");
      return make("small", { class: "reports-usual m-num", title: this.given.words.usual }, counts ? make("span", { class: "reports-last" }, `${this.given.words.last} `) : null, counts || none);
    }

    /* A new line says nothing yet: each of its facts is chosen, or stays "not stated". */
    addLine(kind) {
      const line = this.blankLine(kind);
      this.put(line, this.content.lines.filter((each) => each.kind === kind).at(-1));
      this.focusLine(line.id);
    }

    /* Another with the same choices, because somebody asked for it; its counts, times and answers are typed anew. */
    addAgain(like) {
      const fields = this.kinds.get(like.kind).fields, line = this.blankLine(like.kind);
      for (const field of fields) if (field.entry === "code" && field.needed) line[field.name] = like[field.name];
      this.put(line, like);
      const empty = fields.find((field) => field.needed && !line[field.name]);
      const input = empty && this.sections.querySelector(`[data-field="${line.id}.${empty.name}"] :is(input, select):not(.reports-sign)`);
      if (input) input.focus(); else this.focusLine(line.id);
    }

    blankLine(kind) {
      const fields = this.kinds.get(kind).fields, line = { id: newId(), kind };
      for (const field of fields) line[field.name] = field.default;
      for (const field of fields) if (!this.asked(field, line)) line[field.name] = "";
      this.opened.add(line.id);
      return line;
    }

    put(line, after) {
      this.content.lines.splice(after ? this.content.lines.indexOf(after) + 1 : this.content.lines.length, 0, line);
      this.changed();
      this.drawSections();
    }

    removeLine(id) {
      const place = this.content.lines.findIndex((line) => line.id === id);
      const kind = this.content.lines[place].kind;
      this.content.lines.splice(place, 1);
      this.changed();
      this.drawSections();
      const next = this.content.lines.filter((line) => line.kind === kind).at(-1);
      if (this.stepped) this.goTo("more");
      else if (next) this.focusLine(next.id);
      else this.sections.querySelector(`[data-add="${kind}"]`)?.focus();
    }

    focusLine(id, last) {
      if (this.stepped) { this.goTo(id); return; }
      const inputs = this.inputs(this.sections.querySelector(`[data-line="${id}"]`));
      (last ? inputs.at(-1) : inputs[0])?.focus();
    }

    /* An Excel block pasted into a count: one column fills downwards, several are matched with the choices. */
    paste(event, line) {
      const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n+$/, "");
      if (!/[\t\n]/.test(text) || line.kind !== "check_tally") return;
      event.preventDefault();
      let current = line;
      for (const cells of text.split("\n").map((row) => row.split("\t").map((cell) => cell.trim()))) {
        const count = cells.filter((cell) => COUNTED.test(cell)).at(-1);
        if (count === undefined) continue;
        const said = this.recognised(cells);
        const target = Object.keys(said).length ? this.tallyFor(said, current) : current || this.blankAfter(line);
        target.count = count;
        delete target.offered;
        const tallies = this.content.lines.filter((each) => each.kind === "check_tally");
        current = tallies[tallies.indexOf(target) + 1];
        line = target;
      }
      this.changed();
      this.drawSections();
      this.focusLine(line.id, true);
    }

    recognised(cells) {
      const found = {};
      for (const cell of cells.filter((each) => each && !COUNTED.test(each))) {
        for (const field of this.kinds.get("check_tally").fields) {
          if (field.entry !== "code" || field.name in found) continue;
          const option = this.given.choices[field.codes].options.find((each) => [each.label, each.value].some((name) => folded(name) === folded(cell)));
          if (option) { found[field.name] = option.value; break; }
        }
      }
      for (const { name, only } of this.kinds.get("check_tally").fields) {  // who names a database says that it was asked
        if (found[name] && only?.[1].length === 1) found[only[0]] ??= only[1][0];
      }
      return found;
    }

    tallyFor(said, near) {
      const fits = (line) => line.kind === "check_tally" && !line.count && Object.entries(said).every(([name, value]) => line[name] === value);
      const made = this.content.lines.find(fits) || this.blankAfter(near || this.content.lines.filter((line) => line.kind === "check_tally").at(-1));
      this.opened.delete(made.id);
      return Object.assign(made, said);
    }

    blankAfter(line) {
      const made = this.blankLine(line.kind);
      this.content.lines.splice(this.content.lines.indexOf(line) + 1, 0, made);
      return made;
    }
  }

  window.muster = Object.assign(window.muster || {}, { reportLines: { make, newId, signOf, ReportLines } });
})();
