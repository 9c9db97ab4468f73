/* The search box: names, codes and coordinates, looked up by our own server; a list box with keyboard control. */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});

  const PAUSE = 150, LONG = 400;
  let timer = 0;
  let asked = 0;
  let found = [];
  let active = -1;

  const box = () => document.querySelector('[data-search]');
  const list = () => document.querySelector('[data-found]');

  function stateHere() {
    return atlas.maps.get('plan-map');
  }

  function ask(text) {
    clearTimeout(timer);
    if (text.trim().length < 2) return close();
    timer = setTimeout(() => {
      const mine = (asked += 1);
      const {search, locale, words} = stateHere().settings;
      const waits = setTimeout(() => { if (mine === asked) open([told(words.searching)]); }, LONG); // a first search prepares all names
      fetch(`${search}?q=${encodeURIComponent(text)}&lang=${locale}`, {credentials: 'same-origin'})
        .then((answer) => (answer.ok ? answer.json() : []))
        .then((answer) => { if (mine === asked) show(answer); })
        .catch(() => close())
        .finally(() => clearTimeout(waits));
    }, PAUSE);
    return null;
  }

  function show(answer) {
    found = answer;
    const {words} = stateHere().settings;
    const rows = answer.map((each, k) => {
      const row = document.createElement('div');
      row.setAttribute('role', 'option');
      row.id = `plan-found-${k}`;
      row.className = 'plan-found';
      row.dataset.k = String(k);
      const name = document.createElement('span');
      name.textContent = each.name;
      name.dir = 'auto';
      const note = document.createElement('small');
      note.textContent = [words.found[each.kind], each.country].filter(Boolean).join(' · ');
      row.append(name, note);
      return row;
    });
    open(rows.length ? rows : [told(words.nothing)]);
    point(answer.length ? 0 : -1);
  }

  function told(text) {
    return Object.assign(document.createElement('div'), {className: 'plan-found is-empty', textContent: text});
  }

  function open(rows) {
    list().replaceChildren(...rows);
    list().hidden = false;
    box().setAttribute('aria-expanded', 'true');
  }

  function point(k) {
    active = k;
    [...list().children].forEach((row, at) => row.setAttribute('aria-selected', String(at === k)));
    if (k >= 0) {
      box().setAttribute('aria-activedescendant', `plan-found-${k}`);
      list().children[k].scrollIntoView({block: 'nearest'});
    } else {
      box().removeAttribute('aria-activedescendant');
    }
  }

  function close() {
    asked += 1;
    found = [];
    if (!list()) return;
    list().hidden = true;
    box().setAttribute('aria-expanded', 'false');
    point(-1);
  }

  function choose(k) {
    const state = stateHere();
    const {kind, ref, name, lat, lon, zoom} = found[k];
    close();
    box().value = name;
    atlas.fly(state, null, [lon, lat], zoom);
    if (kind === 'country') return;
    if (['airport', 'port', 'crossing'].includes(kind)) atlas.choose(state, {type: 'candidate', ref});
    else atlas.choose(state, {type: 'place', lat, lon, name: kind === 'place' ? name : ''});
  }

  document.addEventListener('input', ({target}) => { if (target.matches('[data-search]')) ask(target.value); });
  document.addEventListener('focusout', ({target}) => { if (target.matches('[data-search]')) setTimeout(close, 150); });
  document.addEventListener('mousedown', (event) => {
    const row = event.target.closest('.plan-found[data-k]');
    if (!row) return;
    event.preventDefault(); // the box keeps the focus
    choose(Number(row.dataset.k));
  });
  document.addEventListener('keydown', (event) => {
    if (!event.target.matches || !event.target.matches('[data-search]')) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && found.length) {
      event.preventDefault();
      point((active + step + found.length) % found.length);
    } else if (event.key === 'Enter' && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (list().hidden) event.target.blur();
      else close();
    }
  });
})();
