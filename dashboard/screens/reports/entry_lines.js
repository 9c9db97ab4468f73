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
      const typed = input.querySelector?.(":scope > input") || input;  // a count stands beside its sign
      typed.setAttribute("aria-describedby", flaw.id);
      if (needed) typed.setAttribute("aria-required", "true");
      const mark = needed ? make("span", { class: "reports-needed", "aria-hidden": "true" }, "\u00a0*") : null;
      return make("label", { class: "reports-field", "data-field": key }, make("span", { class: "reports-label" }, label, ...(mark ? [mark] : [])), input, hint || null, flaw);
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
      const node = make("input", { type: kind, placeholder: hint, inputmode: touch ? null : "text", dir: "ltr", class: "m-num" });
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
        class: counted ? "m-num reports-number" : "m-num", dir: "ltr" });
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
        const add = make("button", { type: "button", class: "reports-add", "data-add": kind.kind }, `+ ${kind.add}`);
        add.addEventListener("click", () => this.addLine(kind.kind));
        blocks.push(make("section", { class: lines.length ? "reports-section" : "reports-section reports-section-empty", "data-kind": kind.kind },
          lines.length ? make("h3", {}, kind.title, make("span", { class: "reports-total m-num" })) : null, rows, nil ? null : add));
      }
      if (nil) blocks.unshift(make("p", { class: "reports-nil" }, this.given.words.nil));
      this.sections.replaceChildren(...blocks);
      this.showTotals();
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

    drawLine(kind, line) {
      const row = make("div", { class: `reports-row reports-row-${kind.kind}`, role: "group", "data-line": line.id, "data-field": line.id });
      for (const field of kind.fields) {
        if (this.asked(field, line)) row.append(this.lineField(field, line));
      }
      const remove = make("button", { type: "button", class: "reports-remove", tabindex: "-1", title: `${this.given.words.remove} (Ctrl+Delete)`,
        "aria-label": this.given.words.remove }, "×");
      remove.addEventListener("click", () => this.removeLine(line.id));
      row.append(remove, make("em", { class: "reports-flaw reports-flaw-row" }));
      return row;
    }

    lineField(field, line) {
      const key = `${line.id}.${field.name}`;
      if (field.entry === "code") {
        const list = this.given.choices[field.codes];
        if (!list.searched) return this.field(key, field.label, this.select(list.options, line, field.name), null, field.needed);
        return this.field(key, field.label, ...this.search(list.options, line, field.name), field.needed);
      }
      if (field.entry === "hit") return this.field(key, field.label, this.earlier(line, field.name), null, field.needed);
      if (field.entry === "moment") return this.field(key, field.label, this.time(line, field.name, field.hint), null, field.needed);
      const usual = field.name === "count" && line.kind === "check_tally" ? this.usual(line) : null;
      const input = this.plain(line, field.name, field.hint, field.entry === "count");
      const signed = field.counts && matchMedia("(pointer: coarse)").matches ? this.signed(line, field.name, input) : input;
      return this.field(key, field.label, signed, usual, field.needed);
    }

    /* A count can be more or less than what is written: one types the sign before it, or chooses it where the keys of a
     * telephone have none. */
    signed(line, name, input) {
      const bare = (text) => text.replace(/^[=<>≥~≈]+\s*/, "");
      const sign = make("select", { "aria-label": this.given.words.exact, class: "reports-sign" }, ...SIGNS.map((each) => make("option", { value: each }, each)));
      sign.value = signOf(input.value);
      input.value = bare(input.value);
      const say = () => this.typed(line, name, input.value && sign.value !== "=" ? sign.value + bare(input.value) : input.value);
      sign.addEventListener("change", say);
      input.addEventListener("input", say);
      return make("span", { class: "reports-signed" }, sign, input);
    }

    usual(line) {
      const key = [line.check_kind, line.database, line.entity_type, line.channel].join("|");
      const counts = this.given.history[key] || [];
      return make("small", { class: "reports-usual m-num", title: this.given.words.usual }, counts.length ? `${this.given.words.last} ${counts.slice(0, 5).join(" · ")}` : "");
    }

    addLine(kind, after) {
      const declared = this.kinds.get(kind);
      const line = { id: newId(), kind };
      const above = after || this.content.lines.filter((each) => each.kind === kind).at(-1);
      for (const field of declared.fields) line[field.name] = above && field.entry === "code" ? above[field.name] : field.default;
      for (const field of declared.fields) if (!this.asked(field, line)) line[field.name] = "";
      const place = above ? this.content.lines.indexOf(above) + 1 : this.content.lines.length;
      this.content.lines.splice(place, 0, line);
      this.changed();
      this.drawSections();
      this.focusLine(line.id);
      return line;
    }

    removeLine(id) {
      const place = this.content.lines.findIndex((line) => line.id === id);
      const kind = this.content.lines[place].kind;
      this.content.lines.splice(place, 1);
      this.changed();
      this.drawSections();
      const next = this.content.lines.filter((line) => line.kind === kind).at(-1);
      if (next) this.focusLine(next.id);
      else this.sections.querySelector(`[data-add="${kind}"]`)?.focus();
    }

    focusLine(id, last) {
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
      return found;
    }

    tallyFor(said, near) {
      const fits = (line) => line.kind === "check_tally" && !line.count && Object.entries(said).every(([name, value]) => line[name] === value);
      const made = this.content.lines.find(fits) || this.blankAfter(near || this.content.lines.filter((line) => line.kind === "check_tally").at(-1));
      return Object.assign(made, said);
    }

    blankAfter(line) {
      const made = { ...line, id: newId(), count: "" };
      delete made.offered;
      this.content.lines.splice(this.content.lines.indexOf(line) + 1, 0, made);
      return made;
    }
  }

  window.muster = Object.assign(window.muster || {}, { reportLines: { make, newId, signOf, ReportLines } });
})();
