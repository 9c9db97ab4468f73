/* What is typed is not lost: a press waits for it, and no answer that was asked for before it takes its place.
 *
 * A field hands on its text to Dash a moment later, on a busy machine much later: a button that is pressed sooner would
 * send less than the screen shows. Of a text the layout says whether it has arrived; of a date or a list nobody knows,
 * and a press by a key waits for a moment. No hand is at the mouse so soon.
 *
 * An answer knows nothing of what was typed or chosen while it was on its way. A value that it gives to such a field is
 * left out. A part that it draws anew is drawn with what such fields hold where their subject is the same: a pattern id
 * names it, and of other fields `data-subject` on an element around them.
 */
(() => {
  "use strict";

  const MOMENT = 200, MOST = 10000, LOOK = 20; // ms
  const TEXTS = ["TextInput", "Textarea", "PasswordInput"];
  const times = new WeakMap(); // of each field, when somebody typed into it last
  const pending = new Set(), held = new WeakSet();

  addEventListener("input", ({ isTrusted, target, timeStamp }) => {
    if (!isTrusted) return;
    times.set(target, timeStamp);
    pending.add(target);
  }, { capture: true, passive: true });

  // ------------------------------------------------------------------------------- choices, which arrive at once
  function choice(target) {
    const list = target.closest?.("[role=option]")?.closest("[role=listbox]");
    if (list) return document.querySelector(`[aria-controls="${CSS.escape(list.id)}"]`);
    return target.closest?.("button")?.closest(".mantine-InputWrapper-root")?.querySelector("input"); // one that clears
  }

  for (const press of ["click", "keydown"]) addEventListener(press, ({ isTrusted, key, target, timeStamp }) => {
    const field = !key ? choice(target) : ["Enter", "Backspace"].includes(key) && target.closest?.("[aria-haspopup=listbox]");
    if (isTrusted && field) times.set(field, timeStamp);
  }, { capture: true, passive: true });

  // -------------------------------------------------------------------------------------------------- presses
  function laid(id) {
    const api = window.dash_component_api;
    try {
      return id ? api.getLayout(id.startsWith("{") ? JSON.parse(id) : id) : undefined;
    } catch {
      return undefined; // a field that is none of Dash
    }
  }

  function arrives(field, byKey) {
    const since = performance.now() - times.get(field), known = field.isConnected ? laid(field.id) : null;
    if (known === null || since > MOST) return false;
    const { value, debounce } = known?.props ?? {}, text = String(value ?? "");
    if (debounce === true && document.activeElement === field) return false; // it hands on its text when it is left
    if (TEXTS.includes(known?.type)) return text !== field.value;
    const number = known?.type === "NumberInput" ? Number(field.value) : NaN;
    return Number.isNaN(number) ? since < MOMENT && byKey : !text !== !field.value || number !== Number(text);
  }

  function waits(byKey) {
    for (const field of pending) if (!arrives(field, true)) pending.delete(field);
    return [...pending].some((field) => arrives(field, byKey));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button"), byKey = event.detail === 0;
    if (!button || event.waited || !waits(byKey)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (held.has(button)) return; // pressed twice
    held.add(button);
    const { detail } = event;
    const again = () => {
      if (waits(byKey)) return void setTimeout(again, LOOK);
      held.delete(button);
      const now = button.isConnected ? button : button.id && document.getElementById(button.id);
      const press = new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, view: window, detail });
      if (now && !now.disabled) now.dispatchEvent(Object.assign(press, { waited: true }));
    };
    setTimeout(again, LOOK);
  }, true);

  // -------------------------------------------------------------------------------------------------- answers
  const named = (id) =>
    id && typeof id === "object" ? JSON.stringify(Object.fromEntries(Object.entries(id).sort(([a], [b]) => (a < b ? -1 : 1)))) : id;

  function since(id, asked) {
    const field = id && document.getElementById(id);
    return field && times.get(field) > asked ? field : null;
  }

  function keep(part, asked, subject) {
    if (Array.isArray(part)) return part.forEach((each) => keep(each, asked, subject));
    const { type, props } = part ?? {};
    if (!props) return;
    const own = props["data-subject"] ?? subject, field = since(named(props.id), asked);
    if (field && (typeof props.id === "object" || (own && field.closest("[data-subject]")?.dataset.subject === own))) {
      const { value, checked } = laid(field.id)?.props ?? {};
      if (checked !== undefined) props.checked = checked;
      if (TEXTS.includes(type)) props.value = field.value;
      else if (value !== undefined) props.value = value;
    }
    keep(props.children, asked, own);
  }

  const fetched = window.fetch;
  window.fetch = async (input, options) => {
    const asked = performance.now(), answer = await fetched(input, options);
    if (!new URL(input.url ?? input, location.href).pathname.endsWith("/_dash-update-component")) return answer;
    const read = answer.json.bind(answer);
    answer.json = async () => {
      const said = await read();
      for (const [id, set] of Object.entries(said.response ?? {})) {
        if (since(id, asked)) for (const prop of ["value", "checked"]) delete set[prop];
        if ("children" in set) keep(set.children, asked, document.getElementById(id)?.closest("[data-subject]")?.dataset.subject);
      }
      return said;
    };
    return answer;
  };
})();
