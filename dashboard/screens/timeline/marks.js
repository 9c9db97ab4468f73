/* What the library does not draw: arrows of dependencies, official days, and changes of the clocks. One drawing under
   the bars, made anew whenever they move, of what is in sight only. */
(function () {
  "use strict";

  const SPACE = "http://www.w3.org/2000/svg";
  const MOST_ARROWS = 400;
  const muster = (window.musterTimeline = window.musterTimeline || {});
  muster.parts = muster.parts || [];

  const shape = (name, attributes) => {
    const made = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  function sheet(state) {
    const centre = state.chart.dom.centerContainer;
    if (!state.sheet || state.sheet.parentNode !== centre) {
      state.sheet = shape("svg", { class: "timeline-marks", "aria-hidden": "true" });
      const tip = shape("marker", { id: "timeline-tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
      tip.append(shape("path", { d: "M0 0L8 4L0 8z" }));
      const kept = shape("defs", {});
      kept.append(tip);
      state.sheet.append(kept, shape("g", {}));
      centre.prepend(state.sheet);
    }
    return state.sheet.lastChild;
  }

  function place(state, id) {
    const drawn = state.chart.itemSet.items[id];
    if (!drawn || !drawn.displayed || !drawn.parent || drawn.top === null || drawn.top === undefined) return null;
    const width = state.chart.dom.centerContainer.clientWidth;
    const rtl = state.chart.options.rtl;
    const left = rtl ? width - drawn.right - drawn.width : drawn.left;
    const y = drawn.parent.top + drawn.top + state.chart.dom.center.offsetTop;
    return { before: rtl ? left : left, after: left + drawn.width, y: y + drawn.height / 2, rtl };
  }

  function arrow(from, to) {
    const way = from.rtl ? -1 : 1;
    const x1 = from.rtl ? from.before : from.after;
    const x2 = to.rtl ? to.after : to.before;
    const bend = 8 * way;
    const straight = (x2 - x1) * way > 16;
    const middle = (from.y + to.y) / 2;
    return straight
      ? `M${x1} ${from.y}H${x1 + bend}V${to.y}H${x2}`
      : `M${x1} ${from.y}H${x1 + bend}V${middle}H${x2 - bend}V${to.y}H${x2}`;
  }

  function draw(state) {
    const paper = sheet(state);
    const parts = [];
    const { start, end } = state.chart.getWindow();
    const screen = (ms) => state.chart.body.util.toScreen(new Date(ms));
    const inSight = ([ms]) => ms >= start.valueOf() && ms <= end.valueOf();
    const width = state.chart.dom.centerContainer.clientWidth;
    const height = state.chart.dom.centerContainer.clientHeight;
    const x = (ms) => (state.chart.options.rtl ? width - screen(ms) : screen(ms));
    const days = state.data.days.filter(inSight);
    const wide = days.length < 2 || Math.abs(x(days[1][0]) - x(days[0][0])) > 44;
    for (const [ms, name] of days.length * 6 < width ? days : []) {
      parts.push(shape("line", { class: "timeline-day", x1: x(ms), x2: x(ms), y1: 0, y2: "100%" }));
      if (wide) { const words = shape("text", { class: "timeline-day-name", x: x(ms) + (state.chart.options.rtl ? -4 : 4), y: height - 6 }); words.textContent = name; parts.push(words); }
    }
    state.data.changes.filter(inSight).forEach(([ms, name], row) => {
      parts.push(shape("line", { class: "timeline-change", x1: x(ms), x2: x(ms), y1: 0, y2: "100%" }));
      const room = 6.2 * name.length + 10; // what the words need, about
      const late = x(ms) > width - room && x(ms) > width / 2;
      const most = Math.floor(((late ? x(ms) : width - x(ms)) - 10) / 6.2);
      if (most < 8) return;
      const rightwards = document.documentElement.dir === "rtl" ? "end" : "start"; // an anchor follows the direction of reading
      const leftwards = rightwards === "start" ? "end" : "start";
      const words = shape("text", { class: "timeline-change-name", x: x(ms) + (late ? -5 : 5), y: 14 + 13 * (row % 4), "text-anchor": late ? leftwards : rightwards });
      words.textContent = name.length > most ? `${name.slice(0, most - 1)}…` : name;
      parts.push(words);
    });
    let drawn = 0;
    for (const [before, after] of state.data.links) {
      const from = place(state, before);
      const to = from && place(state, after);
      if (!to || drawn++ > MOST_ARROWS) continue;
      const broken = state.clashing.has(before) && state.clashing.has(after);
      parts.push(shape("path", { class: broken ? "timeline-arrow is-broken" : "timeline-arrow", d: arrow(from, to), "marker-end": "url(#timeline-tip)" }));
    }
    paper.replaceChildren(...parts);
  }

  let wanted = null;
  muster.parts.push((state) => {
    if (wanted) return;
    wanted = requestAnimationFrame(() => { wanted = null; if (document.contains(state.root)) draw(state); });
  });
})();
