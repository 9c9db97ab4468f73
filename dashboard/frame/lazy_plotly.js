/* Lazy loading of plotly. It is fetched when the first chart needs it, and not before the page has been shown: figures
   and map come first, charts after them. dcc.Graph awaits window.Plotly, which is a placeholder until then; locales that
   are registered before the library is loaded wait in a list. */
(() => {
  let coming = null;

  const quiet = () => new Promise((done) => {
    const idle = window.requestIdleCallback || ((act) => setTimeout(act, 200));
    requestAnimationFrame(() => idle(done, { timeout: 2000 }));
    if (document.hidden) done(); // no frames are drawn in a hidden tab
  });

  window.Plotly = {
    register: (locale) => { (window.PlotlyLocales = window.PlotlyLocales || []).push(locale); },
    then(done, failed) {
      coming = coming || quiet().then(() => window.musterScripts.load("plotly.js")).then(() => window.Plotly);
      coming.then(done, failed);
    },
  };
})();
