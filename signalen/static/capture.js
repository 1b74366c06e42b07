// Words first: the keyboard is up at once. A form is sent once, however often the button is pressed.
const screen = document.getElementById("capture");
if (screen) {
  const words = document.getElementById("f-text");
  if (!words.value && !document.getElementById("errors")) words.focus({ preventScroll: true });
  let sent = false;
  screen.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  // Back from the next page: it can be sent again (the key makes it the same signal).
  window.addEventListener("pageshow", () => {
    sent = false;
  });
}
