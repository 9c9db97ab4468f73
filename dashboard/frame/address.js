/* The address of what is open on a page, its title with the count of what waits, the icon of the tab, and its link. */
(() => {
  const same = () => window.dash_clientside.no_update;
  let shown = location.search, waits = 0, icon = null, written = -Infinity;

  /* Dash reads an address where it differs from the last one that it knows; gone back to that one, it is asked again. */
  addEventListener("popstate", () => {
    if (location.search === shown) window.dash_clientside.set_props("_pages_location", { search: location.search });
  });

  // --------------------------------------------------------------------------- the title and the icon of the tab
  const said = () => (waits > 99 ? "99+" : String(waits));
  const titled = () => {
    const plain = document.title.replace(/^\(\d+\+?\) /, ""), title = waits ? `(${said()}) ${plain}` : plain;
    if (document.title !== title) document.title = title;
  };
  const badge = () => {
    const link = document.querySelector('link[rel="icon"]');
    if (!link) return;
    icon ??= link.href;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0f5f73"/>
      <path d="M5 24V11l7 6.5 7-6.5v13" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>
      <circle cx="22" cy="10" r="10" fill="#b3261e"/><text x="22" y="14.6" fill="#fff" font-family="sans-serif" font-weight="700"
      font-size="${waits > 99 ? 9 : 13}" text-anchor="middle">${said()}</text></svg>`;
    link.href = waits ? `data:image/svg+xml,${encodeURIComponent(svg)}` : icon;
  };
  const title = document.querySelector("title");
  if (title) new MutationObserver(titled).observe(title, { childList: true, characterData: true, subtree: true });

  // ------------------------------------------------------------------------------------------------- copy the link
  const copied = async () => {
    try { await navigator.clipboard.writeText(location.href); return true; } catch { /* not allowed, or no secure page */ }
    const field = Object.assign(document.createElement("textarea"), { value: location.href, className: "m-visually-hidden" });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  addEventListener("click", async (event) => {
    const button = event.target.closest("#shell-copy");
    if (!button) return;
    const done = await copied();
    window.dash_clientside.set_props("shell-notices", { sendNotifications: [{
      action: "show", id: "shell-copied", message: done ? button.dataset.done : location.href, autoClose: 3000,
      className: `m-notice ${done ? "m-notice-done" : "m-notice-refused"}`,
      closeButtonProps: { "aria-label": element("shell-live").dataset.close },
    }] });
  });
  const element = (id) => document.getElementById(id);

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    muster_address: {
      /* The first choice of a page replaces its address, each further one can be gone back from. What one press chooses
         together, a tile and the figure of the charts, is one entry. */
      write(value, parameters) {
        const [name, usual] = parameters[window.dash_clientside.callback_context.triggered_id] || [];
        const query = new URLSearchParams(location.search), was = query.get(name) || "";
        const chosen = String((value && typeof value === "object" ? value.id : value) ?? "");
        if (!name || chosen === was || (chosen === usual && !was)) return same();
        if (chosen) query.set(name, chosen); else query.delete(name);
        const to = location.pathname + (query.size ? `?${query}` : "");
        const together = performance.now() - written < 400;
        written = performance.now();
        history[was && !together ? "pushState" : "replaceState"](history.state, "", to);
        return same();
      },
      drawn() { shown = location.search; return same(); },
      counted(many) { waits = many || 0; titled(); badge(); return same(); },
    },
  });
})();
