/* Two maps beside each other show the same part of the world: whichever is moved, the other follows. */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];

  function partner(state) {
    const pair = state.frame.closest('[data-pair]');
    if (!pair) return null;
    return [...atlas.maps.values()].find((each) => each !== state && pair.contains(each.frame)) || null;
  }

  function follow(state, other) {
    if (state.following) return; // this move is itself the other one's
    other.following = true;
    other.map.setView(state.map.getCenter(), state.map.getZoom(), {animate: false});
    other.following = false;
  }

  atlas.parts.push({
    adopt(state) {
      const other = partner(state);
      if (other) {
        state.touched = state.follows = true; // the view of the map that was there first counts, not one of its own
        follow(other, state);
      }
      state.map.on('move zoomend', () => {
        const beside = partner(state);
        if (beside) follow(state, beside);
      });
    },
    /* The second map takes half of the room: both show what one showed. */
    answer(state) {
      const other = partner(state);
      if (other) follow(other, state);
    },
  });
})();
