/* What lies outside the view: a chip at each edge of the map says how many marks, and flies to them. */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];

  const ARROWS = {north: '\u2191', south: '\u2193', west: '\u2190', east: '\u2192'};
  const KEEP = 44; // px that a chip keeps from the corners

  function edges(state) {
    const {map, frame} = state;
    const size = map.getSize();
    if (!size.x || !state.placed) return;
    const sides = {north: [], south: [], west: [], east: []};
    const middle = size.divideBy(2);
    for (const {properties: {centre: [lon, lat]}} of state.placed) {
      const at = map.latLngToContainerPoint([lat, lon]);
      if (at.x >= 0 && at.y >= 0 && at.x <= size.x && at.y <= size.y) continue;
      const away = at.subtract(middle);
      const across = Math.abs(away.x) * size.y > Math.abs(away.y) * size.x;
      const side = across ? (away.x > 0 ? 'east' : 'west') : away.y > 0 ? 'south' : 'north';
      const far = across ? middle.x / Math.abs(away.x) : middle.y / Math.abs(away.y);
      sides[side].push({lat, lon, along: across ? middle.y + away.y * far : middle.x + away.x * far});
    }
    state.chips = state.chips || {};
    for (const [side, marks] of Object.entries(sides)) {
      let chip = state.chips[side];
      if (!marks.length) {
        if (chip) chip.hidden = true;
        continue;
      }
      if (!chip) chip = state.chips[side] = made(state, side);
      chip.hidden = false;
      chip.bounds = L.latLngBounds(marks);
      const words = state.settings.words.beyond[side].replace('{number}', marks.length);
      chip.setAttribute('aria-label', words);
      chip.title = words;
      chip.firstChild.textContent = ARROWS[side];
      chip.lastChild.textContent = String(marks.length);
      const flat = side === 'north' || side === 'south';
      const along = marks.reduce((sum, mark) => sum + mark.along, 0) / marks.length;
      const [least, most] = room(state, side, size);
      chip.style[flat ? 'left' : 'top'] = `${Math.max(least, Math.min(most, along))}px`;
    }
    frame.dataset.beyond = String(Object.values(sides).reduce((sum, marks) => sum + marks.length, 0));
  }

  /** From where to where a chip may stand along its edge: beside the column of tools, or below it. */
  function room({frame}, side, size) {
    const flat = side === 'north' || side === 'south', length = flat ? size.x : size.y;
    const tools = frame.querySelector('.plan-tools')?.getBoundingClientRect();
    if (!tools || !tools.width) return [KEEP, length - KEEP];
    if (!flat) return [size.y * 0.6, length - KEEP];
    if (side === 'south' || tools.width > tools.height) return [KEEP, length - KEEP];
    const around = frame.getBoundingClientRect(), left = tools.left - around.left;
    return left > length / 2 ? [KEEP, left - KEEP] : [tools.right - around.left + KEEP, length - KEEP];
  }

  function made(state, side) {
    const chip = document.createElement('button');
    chip.type = 'button';
    chip.className = `atlas-chip is-${side}`;
    chip.append(document.createElement('span'), document.createElement('strong'));
    chip.addEventListener('click', () => {
      state.touched = true;
      atlas.fly(state, chip.bounds);
    });
    state.map.getContainer().parentElement.append(chip);
    return chip;
  }

  atlas.parts.push({
    adopt(state) { state.map.on('moveend resize', () => edges(state)); },
    placed: edges,
  });
})();
