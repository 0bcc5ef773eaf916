// What a script adds to every page: the reader's own time, buttons that copy commands, filters, names of cells where a table
// becomes cards, and fresh figures. Everything is there without it but for these.

const PATIENCE = 15000; // milliseconds that an answer may take
const PAUSE = 5000;

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short", hourCycle: "h23" });
const here = clock.resolvedOptions().timeZone;

/** Adds them to a part of a page that has just come from the agent. */
function enrich(part) {
  for (const time of here === "UTC" ? [] : part.querySelectorAll("time")) {
    time.append(element("span", "local", `, ${clock.format(new Date(time.dateTime))}`));
  }
  for (const table of part.querySelectorAll("table.cards")) {
    const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    for (const row of table.tBodies[0].rows) {
      [...row.cells].forEach((cell, i) => (cell.dataset.name = names[i]));
    }
  }
  for (const command of part.querySelectorAll("code.command")) {
    const button = element("button", "copy", "Copy");
    button.type = "button";
    button.setAttribute("aria-label", "Copy " + command.textContent);
    command.after(" ", button);
  }
}

function element(tag, style, text) {
  const made = document.createElement(tag);
  made.className = style;
  made.textContent = text;
  return made;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (button) {
    button.textContent = (await copy(button.previousElementSibling)) ? "Copied" : "Press Ctrl+C";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  }
});

/** Selects the command, too: browsers keep the clipboard from pages of plain HTTP, but for those of this host. */
async function copy(command) {
  getSelection().selectAllChildren(command);
  try {
    await navigator.clipboard.writeText(command.textContent);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

/** A field that leaves of a table the rows with some text. */
function filter(table) {
  const label = element("label", "filter", "Filter ");
  const input = element("input", "", "");
  const count = element("span", "quiet", "");
  input.type = "search";
  count.setAttribute("role", "status");
  input.addEventListener("input", () => {
    const rows = [...table.tBodies[0].rows];
    const words = input.value.toLowerCase().split(" ");
    rows.forEach((row) => (row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word))));
    count.textContent = ` ${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
  });
  label.append(input, count);
  table.closest(".scroll").before(label);
}

/** Asks for this page again, and puts the parts that changed in the place of the old ones. */
export async function refresh() {
  const answer = await fetch(location.pathname + location.search, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) {
    throw new Error(await answer.text());
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(old.id);
    if (fresh) {
      enrich(fresh);
      replace(old, fresh);
    }
  }
}

function replace(old, fresh) {
  const details = old.querySelector("details");
  if (details && fresh.querySelector("details")) {
    fresh.querySelector("details").open = details.open;
  }
  if (old.innerHTML === fresh.innerHTML) {
    return;
  }
  const able = ".scroll, .scroll a, summary, button";
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  const link = focus && focus.getAttribute("href");
  const place = [...old.querySelectorAll(able)].indexOf(focus);
  old.replaceChildren(...fresh.childNodes);
  if (focus) {
    const again = link ? old.querySelector(`a[href="${CSS.escape(link)}"]`) : old.querySelectorAll(able)[place];
    again?.focus();
  }
}

enrich(document);
document.querySelectorAll("table[data-filter]").forEach(filter);
// The picture of all ports keeps its page up to date itself.
if (document.querySelector("[data-live]") && !document.querySelector(".map")) {
  let last = Date.now();
  const note = element("p", "bad", "");
  note.setAttribute("role", "status");
  document.querySelector("main").prepend(note);
  setInterval(async () => {
    if (!document.hidden) {
      try {
        await refresh();
        last = Date.now();
        note.textContent = "";
      } catch {
        note.textContent = `This is ${Math.round((Date.now() - last) / 1000)} s old: the agent does not answer.`;
      }
    }
  }, PAUSE);
}
