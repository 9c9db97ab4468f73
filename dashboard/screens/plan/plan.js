/* The plan page: tools, keys, sheets, and what keeps map, list, table and form on the same object. */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];
  atlas.dirty = false;

  const MAP = 'plan-map';
  const TOAST_MS = 12000;
  const here = () => atlas.maps && atlas.maps.get(MAP);
  const page = () => document.querySelector('[data-plan]');
  const narrow = () => window.matchMedia('(max-width: 760px)').matches;

  /* What is not saved is not left by a click beside it: the page says so and stays. Chosen again, it is shown, not asked
     for: its form would come as it was saved. `again` does what was asked for: the answer of the press that is on its way
     does it once it has saved what stands there. */
  let wish = null;
  atlas.guard = function (state, what, again) {
    if (state.id !== MAP || !atlas.dirty) return true;
    if (state.draft && what.id && what.id === state.draft.object_id) {
      atlas.mark(state, state.selected, what.fly);
      if (narrow()) opened('details');
      return false;
    }
    wish = pressed && {number: pressed.number, begin: again};
    atlas.hintBar(state, state.settings.words.unsaved);
    setTimeout(() => { if (!state.drawing) atlas.hintBar(state, ''); }, 3500);
    const save = document.querySelector('[data-save]');
    if (save) save.focus();
    return false;
  };

  /* What was chosen when the last press was sent to the server, by its number: what answers it chooses something only
     where that is chosen still, and nothing was begun or changed since. What somebody did later counts. */
  let presses = 0;
  let pressed = null;
  function press(state) {
    presses += 1;
    [pressed, wish] = [{number: presses, chosen: state.selected}, null];
    window.dash_clientside.set_props('plan-asked', {data: presses});
  }
  document.addEventListener('click', ({target}) => {
    if (page() && here() && target.closest && target.closest('.plan button[id]')) press(here());
  }, true); // before Dash hears of it, which sends the number

  /** What is chosen is not what was saved any more. */
  atlas.touched = function () {
    atlas.dirty = true;
    [pressed, wish] = [null, null];
  };

  function deselect(state) {
    atlas.dirty = false;
    atlas.choose(state, {type: 'nothing'});
  }

  function sheet(name) {
    const root = page();
    root.dataset.sheet = root.dataset.sheet === name ? '' : name;
    for (const tab of root.querySelectorAll('[data-open]')) {
      tab.setAttribute('aria-expanded', String(root.dataset.sheet === tab.dataset.open));
    }
    if (here()) atlas.each('sheet', here(), root.dataset.sheet);
    if (root.dataset.sheet === 'table') window.dash_ag_grid.getApiAsync('plan-table').then((grid) => window.musterGrids.all('plan-table', grid)).then(markRow);
  }

  function opened(name) {
    const root = page();
    if (root && root.dataset.sheet !== name) sheet(name);
  }

  document.addEventListener('click', (event) => {
    const root = page();
    const state = here();
    if (!root || !event.target.closest) return;
    const at = (selector) => event.target.closest(selector);
    const tool = at('[data-tool]');
    if (tool) atlas.deliver(MAP, 'tool', {tool: tool.dataset.tool, keys: event.detail === 0}); // kept for a map that is being made
    if (!state) return;
    if (at('[data-typed]')) atlas.stopTool(state);
    const open = at('[data-open]');
    if (open) sheet(open.dataset.open);
    const item = at('[data-choose]');
    if (item) {
      const [type, id] = item.dataset.choose.split('|');
      const {country, at: place} = item.dataset;
      if (type === 'candidate') atlas.choose(state, {type, ref: id, country, at: JSON.parse(place), fly: true});
      else atlas.choose(state, {type, id, fly: true});
    }
    if (at('[data-close]')) deselect(state);
    const whole = at('[data-move]');
    if (whole) {
      const on = whole.getAttribute('aria-pressed') !== 'true';
      whole.setAttribute('aria-pressed', String(on));
      atlas.moveWhole(state, on);
    }
    if (at('#plan-snap, #plan-unsnap')) atlas.touched();
    if (at('[data-undo]')) askUndo();
    const copied = at('[data-copy]');
    if (copied && navigator.clipboard) navigator.clipboard.writeText(copied.dataset.copy).catch(() => {});
  });

  document.addEventListener('mouseover', ({target}) => {
    const item = target.closest && target.closest('.plan-item'); // its name may be cut off
    if (item) item.title = `${item.querySelector('.plan-name').textContent} · ${item.querySelector('small').textContent}`;
  });

  document.addEventListener('input', ({target}) => {
    if (target.closest && target.closest('[data-edit]')) atlas.touched();
  });

  document.addEventListener('keydown', (event) => {
    const state = here();
    if (!page() || !state) return;
    const typing = event.target.closest && event.target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable]');
    const command = event.ctrlKey || event.metaKey;
    const search = document.querySelector('[data-search]');
    // A typed coordinate counts when its field is left; Enter leaves it, so that it counts once.
    if (event.key === 'Enter' && event.target.matches('.plan-where input')) event.target.blur();
    if ((command && event.key === 'f') || (!typing && !command && event.key === '/')) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (command && event.key === 's' && document.querySelector('[data-save]')) {
      event.preventDefault();
      if (event.target.matches('.plan-where input, .plan-where textarea')) event.target.blur();
      document.querySelector('[data-save]').click();
    } else if (command && event.key === 'z' && !typing) {
      event.preventDefault();
      if (!atlas.undoVertex(state)) askUndo();
    } else if (event.key === 'Escape' && !typing) {
      if (!atlas.escape(state) && !atlas.dirty && state.selected) deselect(state);
    } else if (event.key === 'Backspace' && !typing && state.drawing) {
      event.preventDefault();
      atlas.undoVertex(state);
    } else if (event.key === 'Delete' && !typing && state.selected) {
      const button = document.querySelector('[data-delete]');
      if (button) button.click();
    }
  });

  /* "Deleted. Undo": stays long enough to be reached, and takes back one step. */
  let undoable = null;
  let fading = 0;
  function askUndo() {
    if (!undoable) return;
    press(here());
    window.dash_clientside.set_props('plan-undo', {data: {object_id: undoable, version_id: atlas.newId()}});
    toast('', null);
  }
  function toast(text, objectId) {
    const bar = document.querySelector('[data-toast]');
    undoable = objectId;
    if (!bar) return;
    clearTimeout(fading);
    bar.querySelector('span').textContent = text;
    bar.querySelector('button').hidden = !objectId;
    bar.hidden = !text;
    if (text) fading = setTimeout(() => { bar.hidden = true; undoable = null; }, TOAST_MS);
  }

  const gridApi = () => {
    try {
      return window.dash_ag_grid.getApi('plan-table');
    } catch (absent) {
      return null; // the table is made later than the map
    }
  };
  /* The table comes with its first rows, and with all when it is opened: then what is chosen is marked in them. */
  function markRow() {
    const [grid, {selected}] = [gridApi(), here() || {}];
    const node = grid && selected && selected.id && grid.getRowNode(selected.id);
    if (grid && !node) grid.deselectAll();
    if (node && !node.isSelected()) {
      node.setSelected(true, true);
      grid.ensureNodeVisible(node);
    }
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.muster_map = Object.assign(window.dash_clientside.muster_map || {}, {
    draft(draft, geometry) {
      atlas.deliver(MAP, 'draft', {draft, geometry});
      return Date.now();
    },

    version(draft) {
      if (!draft || (!draft.fresh && pressed)) atlas.dirty = false; // not what was typed since it was sent
      return atlas.newId();
    },

    layers(events, operational, analysis) {
      const chosen = new Set([...(events || []), ...(operational || []), ...(analysis || [])]);
      atlas.deliver(MAP, 'layers', chosen);
      return Date.now();
    },

    /** A row of the table was chosen by mouse or keyboard. */
    fromTable(rows) {
      const state = here();
      if (!state || !rows || !rows.length) return;
      const {id, type} = rows[0];
      if (state.selected && state.selected.id === id) return;
      atlas.choose(state, {type, id, fly: true});
    },

    /** What the server answered to a press becomes the choice; but what was asked for meanwhile comes first. */
    answered(what) {
      const state = here();
      const still = state && pressed && what.asked === pressed.number && state.selected === pressed.chosen && !state.drawing;
      const next = still && wish && wish.number === what.asked && wish.begin;
      if (next) {
        [wish, atlas.dirty] = [null, false];
        next();
      }
      return !still || next || what.type === 'kept' ? window.dash_clientside.no_update : what;
    },

    /** What is chosen is marked in the list and in the table as well, and its form comes into sight. */
    chosen(what) {
      const state = here();
      if (!state) return;
      if (!state.selected || state.selected.id !== what.id) atlas.mark(state, what, what.fly);
      for (const item of document.querySelectorAll('[data-choose]')) {
        item.setAttribute('aria-current', String(!!what.id && item.dataset.choose.endsWith(`|${what.id}`)));
      }
      markRow();
      page().dataset.form = what.type === 'nothing' ? '' : 'open';
      if (what.type !== 'nothing' && narrow()) opened('details');
    },

    /** After the server did something: say it, and offer the way back. */
    done(result) { if (result) toast(result.text, result.object_id); },

    /** A new object's name is what its author wants to type next. */
    focusName(children) {
      const field = document.querySelector('[data-focus] input, [data-focus] textarea');
      if (field) requestAnimationFrame(() => field.focus());
    },
  });

  atlas.parts.push({
    layers(state, chosen) {
      const kinds = ['site', 'area', 'checkpoint', 'observation_post', 'coordination_unit', 'route', 'hotspot'];
      atlas.hide(state, kinds.filter((kind) => !chosen.has(kind)));
      atlas.showCandidates(state, ['crossings', 'airports', 'ports'].filter((kind) => chosen.has(kind)));
      atlas.showEvents(state, chosen.has('raw_hits'));
    },
    adopt(state) {
      if (state.id !== MAP) return;
      atlas.dirty = false;
      const shown = new URLSearchParams(location.search).get('show'); // a link to one object: chosen as in the list
      if (shown) requestAnimationFrame(() => document.querySelector(`[data-choose$="|${CSS.escape(shown)}"]`)?.click());
      state.map.on('click', ({originalEvent}) => {
        if (!state.drawing && !(originalEvent && originalEvent.atlasTaken) && state.selected && !atlas.dirty) deselect(state);
      });
    },
  });
})();
