/* The entry form on a telephone: one question a screen, then a summary, then it is sent.
 *
 * The fields are those of the form (`form.js`), from the same declaration: here is only which of them is on the screen.
 * A step is a line by its id, MORE (what else there is to report) or SUMMARY.
 */
(function () {
  "use strict";

  const { make, ReportLines } = window.muster.reportLines;
  const NARROW = window.matchMedia("(max-width: 560px)");
  const MORE = "more", SUMMARY = "summary";

  class ReportSteps extends ReportLines {
    get stepped() { return NARROW.matches; }

    steps() {
      if (this.content.kind === "nil") return [SUMMARY];
      const lines = [...this.kinds.keys()].flatMap((kind) => this.content.lines.filter((line) => line.kind === kind).map((line) => line.id));
      return [...lines, MORE, SUMMARY];
    }

    drawSteps() {
      const { words } = this.given;
      const button = (name, label, act) => {
        const node = make("button", { type: "button", class: "reports-button reports-button-plain", "data-way": name }, label);
        node.addEventListener("click", act);
        return node;
      };
      this.summary = make("section", { class: "reports-summary", tabindex: "-1", "aria-label": words.summary });
      this.place = make("span", { class: "reports-way-place m-num m-dim" });
      this.way = make("nav", { class: "reports-way", "aria-label": words.way },
        button("back", words.back, () => this.walk(-1)), this.place, button("summary", words.summary, () => this.goTo(SUMMARY)),
        button("next", words.next, () => this.walk(1)));
    }

    walk(by) {
      const steps = this.steps(), next = steps[steps.indexOf(this.at) + by];
      if (next) this.goTo(next); else if (by < 0) this.events.close();
    }

    /* The words of the question have the focus, not its field: the keys of a telephone would cover it. */
    goTo(step) {
      this.at = step;
      this.showStep();
      this.node.scrollIntoView({ block: "start" });
      const shown = step === SUMMARY ? this.summary : step === MORE ? this.sections.querySelector(".reports-else") : this.sections.querySelector(`[data-line="${step}"]`);
      shown?.focus({ preventScroll: true });
    }

    stepOf(node) { return node.closest("[data-line]")?.dataset.line || SUMMARY; }

    showStep() {
      const on = this.stepped, steps = this.steps();
      this.node.classList.toggle("reports-form-stepped", on);
      for (const part of [this.way, this.summary]) part.hidden = !on;
      if (!on) return;
      if (!steps.includes(this.at)) this.at = this.content.lines.some((line) => !line.offered) ? SUMMARY : steps[0];
      const at = this.at, last = at === SUMMARY;
      for (const part of this.node.querySelectorAll(".reports-head-fields, .reports-foot, :scope > [data-field='remarks'], .reports-nil")) part.hidden = !last;
      for (const section of this.sections.querySelectorAll("[data-kind]")) {
        const rows = [...section.querySelectorAll("[data-line]")];
        for (const row of rows) row.hidden = row.dataset.line !== at;
        section.hidden = at !== MORE && rows.every((row) => row.hidden);
        section.querySelector("[data-add]")?.toggleAttribute("hidden", at !== MORE);
      }
      const more = this.sections.querySelector(".reports-else");
      if (more) more.hidden = at !== MORE;
      this.summary.hidden = !last;
      if (last) this.drawSummary();
      this.place.textContent = this.given.words.step.replace("{n}", steps.indexOf(at) + 1).replace("{all}", steps.length);
      this.way.querySelector("[data-way=next]").hidden = last;
      this.way.querySelector("[data-way=summary]").hidden = last || at === MORE;
      this.sendButton.hidden = !last;
      this.place.hidden = last;
    }

    /* What will be sent, a line each; a tap leads back to it. What was offered and not filled in is named, for it is not sent. */
    drawSummary() {
      const { words } = this.given;
      const listed = (lines, said) => make("ul", {}, ...lines.map((line) => {
        const flawed = this.sections.querySelector(`[data-line="${line.id}"] .reports-flaw:not(:empty), [data-line="${line.id}"].reports-field-flawed`);
        const open = make("button", { type: "button", class: "reports-summary-line" },
          make("span", {}, make("strong", {}, this.kinds.get(line.kind).title), make("span", {}, this.inWords(line)),
            flawed ? make("em", { class: "reports-flaw" }, words.flawed) : null),
          make("b", { class: "m-num", dir: "ltr" }, said(line)));
        open.addEventListener("click", () => this.goTo(line.id));
        return make("li", {}, open);
      }));
      const shown = this.content.kind === "nil" ? [] : this.content.lines, lines = shown.filter((line) => !line.offered), left = shown.filter((line) => line.offered);
      const counted = (line) => {
        const field = this.kinds.get(line.kind).fields.find((each) => each.counts);
        return field ? line[field.name] || "—" : "1";
      };
      this.summary.replaceChildren(...(shown.length ? [make("h3", {}, words.summary)] : []), ...(lines.length ? [listed(lines, counted)] : []),
        ...(left.length ? [make("p", { class: "m-dim" }, words.left), listed(left, () => "—")] : []));
    }

    /* Larger and smaller by one, beside the figure that can be typed. */
    counter(input) {
      const { words } = this.given;
      const button = (by, label, sign) => {
        const node = make("button", { type: "button", class: "reports-by-one", "aria-label": label }, sign);
        node.addEventListener("click", () => {
          input.value = String(Math.max(0, (Number(input.value.replace(/[^\d]/g, "")) || 0) + by));
          input.dispatchEvent(new Event("input", { bubbles: true }));
        });
        return node;
      };
      const around = input.parentNode || make("span", {}, input);
      around.classList.add("reports-counter");
      input.before(button(-1, words.less, "−"));
      input.after(button(1, words.more_by_one, "+"));
      return around;
    }
  }

  NARROW.addEventListener("change", () => window.dispatchEvent(new Event("muster:narrow")));
  window.muster = Object.assign(window.muster || {}, { ReportSteps });
})();
