// Secret of a link: it is in the fragment (#), which no browser sends and no log holds. This script moves it from the
// address into the form. Without scripts, a person pastes it there.
const field = document.getElementById("code");
if (field && location.hash.length > 1) {
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  field.form.requestSubmit();
}
