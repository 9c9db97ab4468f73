/* The system's colour scheme: sent to the server in a cookie, so that figures are drawn in it. If it changes while a
   page is open, the page follows, unless the user chose a theme. */
(() => {
  const wanted = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => {
    document.cookie = `muster-scheme=${wanted.matches ? "dark" : "light"}; path=/; max-age=31536000; samesite=lax` +
      (location.protocol === "https:" ? "; secure" : "");
  };
  tell();
  wanted.addEventListener("change", () => { tell(); dispatchEvent(new Event("muster:look")); });
})();
