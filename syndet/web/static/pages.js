// Passages light up on both sides, and keys lead from one to the next and answer the queue. Without this every page
// works as well: passages are links to each other, answers are buttons of a form.
"use strict";

for (const part of document.querySelectorAll(".scripted")) part.hidden = false;

const spread = document.querySelector(".spread");
let current = 0;

function parts(number) {
  return spread.querySelectorAll(`[data-passage="${Number(number)}"]`);
}

function light(number) {
  for (const part of spread.querySelectorAll(".on")) part.classList.remove("on");
  for (const part of parts(number || current)) part.classList.add("on");
}

function show(number, side) {
  current = number;
  light(number);
  for (const letter of ["a", "b"]) {
    const first = document.getElementById(letter + number);
    if (!first) continue;
    first.scrollIntoView({ block: "center" });
    if (letter === side) first.focus({ preventScroll: true });
  }
}

if (spread) {
  const most = Number(spread.dataset.passages);
  const of = (event) => event.target.closest("[data-passage]");
  spread.addEventListener("mouseover", (event) => of(event) && light(of(event).dataset.passage));
  spread.addEventListener("mouseout", (event) => of(event) && light(0));
  spread.addEventListener("focusin", (event) => {
    if (of(event)) light((current = Number(of(event).dataset.passage)));
  });
  spread.addEventListener("click", (event) => {
    const part = of(event);
    if (!part || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(Number(part.dataset.passage), part.getAttribute("href")[1]);
  });
  key("j", () => most && show((current % most) + 1, "a"));
  key("k", () => most && show(current > 1 ? current - 1 : most, "a"));
}

for (const button of document.querySelectorAll("[data-key]")) key(button.dataset.key, () => button.click());

function key(letter, act) {
  document.addEventListener("keydown", (event) => {
    const on = document.getElementById("keys");
    if (event.key !== letter || event.ctrlKey || event.metaKey || event.altKey || (on && !on.checked)) return;
    // Whoever writes a word means the letter.
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
    event.preventDefault();
    act();
  });
}
