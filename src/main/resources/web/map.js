// Draws the map of all ports, and keeps the page it is on up to date.

import { refresh } from "./page.js";

const PATIENCE = 15000; // milliseconds that an answer may take
const SIDE = 256;
const PORTS = SIDE * SIDE;
const STATES = ["nothing", "listening", "bound", "connected", "closing", "time_wait", "earlier"];
const SPOKEN = ["nothing", "listening", "bound", "connected", "closing", "TIME_WAIT", "nothing now, something within the last hour"];
const IN_LIVE_RANGE = 0x08;
const RESERVED = 0x80;
const IANA_BORDERS = [1024, 49152];
const GUTTER = 46; // CSS pixels left of the map, for the numbers of its borders
const WIDEST = 768;
const SHORTEST_POLL = 2; // seconds
const LOUPE = { columns: 29, rows: 17, scale: 9 };

const section = document.querySelector(".map");
if (section) {
  start();
}

function start() {
  const tcp = (cell) => cell & 7;
  const udp = (cell) => (cell >> 4) & 7;
  let cells = null;
  let tag = "";
  let cursor = -1;
  let lastAnswer = Date.now();
  const visible = new Set(STATES);

  // The elements that only a script has a use for.
  const canvas = element("canvas", {
    id: "map",
    tabindex: "0",
    role: "application",
    "aria-label": "Map of all ports, 256 in a row",
    "aria-describedby": "map-help",
  });
  const status = element("p", { id: "port-status", role: "status", class: "port-line" });
  const open = element("a", { id: "open", hidden: "" });
  const help = element("p", { id: "map-help", class: "hidden" },
    "Arrow keys move by one port or by 256, Page Up and Page Down to the next port with something on it, Home and End to the first and the last port; Enter opens the port.");
  const loupe = element("canvas", { class: "loupe", "aria-hidden": "true" });
  const protocols = element("fieldset", { class: "choice" }, element("legend", {}, "Show"));
  for (const [value, text] of [["both", "both"], ["tcp", "TCP"], ["udp", "UDP"]]) {
    const radio = element("input", { type: "radio", name: "protocol", value });
    radio.checked = value === "both";
    radio.addEventListener("change", paint);
    protocols.append(element("label", {}, radio, " ", text));
  }
  const picture = document.getElementById("picture");
  picture.replaceChildren(canvas, help);
  section.querySelector(".side").prepend(loupe, status, element("p", { class: "port-open" }, open), protocols);
  for (const row of document.querySelectorAll("#legend tr[data-cell]")) {
    const box = element("input", { type: "checkbox" });
    box.checked = true;
    box.addEventListener("change", () => {
      box.checked ? visible.add(row.dataset.cell) : visible.delete(row.dataset.cell);
      paint();
    });
    const title = row.querySelector("th");
    title.replaceChildren(element("label", {}, box, ...title.childNodes));
  }
  say();

  // The picture.

  const pixels = document.createElement("canvas");
  pixels.width = pixels.height = SIDE;

  /** How many pixels of the screen a port is wide; small ones are all of one size. */
  function scale() {
    const most = Math.min(WIDEST, picture.clientWidth - GUTTER);
    const exact = (most * devicePixelRatio) / SIDE;
    return exact >= 2 ? exact : Math.max(1, Math.floor(exact));
  }

  function paint() {
    if (!cells) {
      return;
    }
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue("--" + name).trim();
    paintPixels(color);

    const k = scale();
    const gutter = Math.round(GUTTER * devicePixelRatio);
    canvas.width = gutter + Math.round(SIDE * k);
    canvas.height = Math.round(SIDE * k);
    canvas.style.width = canvas.width / devicePixelRatio + "px";
    canvas.style.height = canvas.height / devicePixelRatio + "px";
    const context = canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.translate(gutter, 0);
    context.drawImage(pixels, 0, 0, SIDE * k, SIDE * k);

    context.lineWidth = devicePixelRatio;
    context.strokeStyle = color("iana");
    context.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const port of IANA_BORDERS) {
      const y = Math.round((port / SIDE) * k) + 0.5;
      stroke(context, -6 * devicePixelRatio, y, SIDE * k, y);
    }
    context.setLineDash([]);
    const labels = [...IANA_BORDERS, 0, PORTS - 1].map((port) => ({ port, color: color("quiet") }));
    const first = cells.findIndex((cell) => cell & IN_LIVE_RANGE);
    if (first >= 0) {
      const last = cells.findLastIndex((cell) => cell & IN_LIVE_RANGE);
      context.strokeStyle = color("border");
      outline(context, first, last, k);
      labels.unshift({ port: first, color: color("border") }, { port: last, color: color("border") });
    }
    paintLabels(context, labels, k);
    paintCursor(context, color, k);
    paintLoupe(color);
  }

  function paintPixels(color) {
    const [outside, live, reserved, ...states] =
      ["outside", "live", "reserved", ...STATES.slice(1)].map((name) => packed(color(name)));
    const protocol = protocols.querySelector("input:checked").value;
    const shown = STATES.map((name) => visible.has(name));
    const image = new ImageData(SIDE, SIDE);
    const out = new Uint32Array(image.data.buffer);
    for (let port = 0; port < PORTS; port++) {
      const cell = cells[port];
      const t = protocol === "udp" || !shown[tcp(cell)] ? 0 : tcp(cell);
      const u = protocol === "tcp" || !shown[udp(cell)] ? 0 : udp(cell);
      const state = t && u ? Math.min(t, u) : t || u;
      const hatched = cell & RESERVED && (port ^ (port >> 8)) & 1;
      out[port] = state ? states[state - 1] : hatched ? reserved : cell & IN_LIVE_RANGE ? live : outside;
    }
    pixels.getContext("2d").putImageData(image, 0, 0);
  }

  /** A color such as #0b62b8 as the number that it is in the memory of a picture. */
  function packed(color) {
    const rgb = parseInt(color.slice(1), 16);
    return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
  }

  /** The border of a range, which begins and ends in the middle of a row. */
  function outline(context, first, last, k) {
    const [fx, fy, lx, ly] = [first % SIDE, first >> 8, (last % SIDE) + 1, last >> 8];
    const corners = fy === ly
      ? [[fx, fy], [lx, fy], [lx, fy + 1], [fx, fy + 1]]
      : [[fx, fy], [SIDE, fy], [SIDE, ly], [lx, ly], [lx, ly + 1], [0, ly + 1], [0, fy + 1], [fx, fy + 1]];
    context.lineWidth = 1.5 * devicePixelRatio;
    context.beginPath();
    for (const [x, y] of corners) {
      context.lineTo(x * k, y * k);
    }
    context.closePath();
    context.stroke();
  }

  /** The numbers of the borders, as many as have room; the first ones count most. */
  function paintLabels(context, labels, k) {
    const height = 12 * devicePixelRatio;
    const used = [];
    context.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const { port, color } of labels) {
      const y = Math.min(Math.max((port / SIDE) * k, height / 2), SIDE * k - height / 2);
      if (used.every((other) => Math.abs(other - y) >= height)) {
        used.push(y);
        context.fillStyle = color;
        context.fillText(String(port), -8 * devicePixelRatio, y);
      }
    }
  }

  function paintCursor(context, color, k) {
    if (cursor < 0) {
      return;
    }
    const ring = Math.max(k, 3 * devicePixelRatio);
    const x = ((cursor % SIDE) + 0.5) * k;
    const y = ((cursor >> 8) + 0.5) * k;
    context.strokeStyle = color("marker");
    context.lineWidth = 1.5 * devicePixelRatio;
    context.strokeRect(x - ring, y - ring, 2 * ring, 2 * ring);
  }

  /** What lies around the cursor, larger. */
  function paintLoupe(color) {
    const { columns, rows, scale: each } = LOUPE;
    const middle = cursor < 0 ? cells.findIndex((cell) => cell & IN_LIVE_RANGE) : cursor;
    const left = Math.min(Math.max((middle % SIDE) - (columns >> 1), 0), SIDE - columns);
    const top = Math.min(Math.max((middle >> 8) - (rows >> 1), 0), SIDE - rows);
    loupe.width = columns * each;
    loupe.height = rows * each;
    const context = loupe.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(pixels, left, top, columns, rows, 0, 0, loupe.width, loupe.height);
    context.strokeStyle = color("page");
    context.globalAlpha = 0.4;
    for (let i = 1; i < columns; i++) {
      stroke(context, i * each, 0, i * each, loupe.height);
    }
    for (let i = 1; i < rows; i++) {
      stroke(context, 0, i * each, loupe.width, i * each);
    }
    context.globalAlpha = 1;
    if (cursor >= 0) {
      context.strokeStyle = color("marker");
      context.lineWidth = 2;
      context.strokeRect(((cursor % SIDE) - left) * each, ((cursor >> 8) - top) * each, each, each);
    }
  }

  function stroke(context, fromX, fromY, toX, toY) {
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
    context.stroke();
  }

  // One port at a time.

  function say() {
    if (cursor < 0) {
      status.textContent = "Point at a port, or move with the arrow keys; click or press Enter to open it.";
      return;
    }
    const cell = cells[cursor];
    const where = cell & RESERVED ? "reserved in the ephemeral range" : cell & IN_LIVE_RANGE ? "in the ephemeral range" : "outside the ephemeral range";
    status.textContent = `Port ${cursor}: TCP ${SPOKEN[tcp(cell)]}; UDP ${SPOKEN[udp(cell)]}; ${where}.`;
    open.href = "/ports/" + cursor;
    open.textContent = "Open port " + cursor;
    open.hidden = false;
  }

  function select(port) {
    if (cells && port !== cursor && port >= 0 && port < PORTS) {
      cursor = port;
      paint();
      say();
    }
  }

  function portAt(event) {
    const box = canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left - GUTTER) * SIDE) / (box.width - GUTTER));
    const y = Math.floor(((event.clientY - box.top) * SIDE) / box.height);
    return x >= 0 && x < SIDE && y >= 0 && y < SIDE ? y * SIDE + x : -1;
  }

  /** The next port with something on it, or the same. */
  function occupied(from, step) {
    for (let port = from + step; port >= 0 && port < PORTS; port += step) {
      if (cells[port] & 0x77) {
        return port;
      }
    }
    return from;
  }

  const KEYS = {
    ArrowLeft: () => cursor - 1,
    ArrowRight: () => cursor + 1,
    ArrowUp: () => cursor - SIDE,
    ArrowDown: () => cursor + SIDE,
    PageDown: () => occupied(cursor, 1),
    PageUp: () => occupied(cursor, -1),
    Home: () => 0,
    End: () => PORTS - 1,
  };

  canvas.addEventListener("pointermove", (event) => select(portAt(event)));
  canvas.addEventListener("pointerdown", (event) => select(portAt(event)));
  canvas.addEventListener("click", (event) => {
    // A finger is wider than a port: it selects, and the link opens.
    if (event.pointerType !== "touch" && portAt(event) >= 0) {
      location.assign("/ports/" + portAt(event));
    }
  });
  canvas.addEventListener("keydown", (event) => {
    if (!cells || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === "Enter" && cursor >= 0) {
      location.assign("/ports/" + cursor);
    } else if (event.key in KEYS) {
      event.preventDefault();
      select(cursor < 0 ? cells.findIndex((cell) => cell & IN_LIVE_RANGE) : KEYS[event.key]());
    }
  });

  // What changes.

  async function poll() {
    const answer = await fetch("/api/v1/map", { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status !== 304) {
      if (!answer.ok) {
        throw new Error(await answer.text());
      }
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const known = tag;
      tag = answer.headers.get("ETag");
      cells = bytes;
      paint();
      if (cursor >= 0) {
        say();
      }
      if (known) {
        await refresh();
      }
    }
    lastAnswer = Date.now();
  }

  const note = document.getElementById("trouble-note");
  const pause = 1000 * Math.max(SHORTEST_POLL, Number(section.dataset.seconds));
  let timer = 0;

  async function keepUp() {
    clearTimeout(timer);
    if (!document.hidden) {
      try {
        await poll();
        note.textContent = "";
      } catch (e) {
        const seconds = Math.round((Date.now() - lastAnswer) / 1000);
        const reason = e instanceof TypeError ? "the agent does not answer" : e.message.trim();
        note.textContent = ` This is ${seconds} s old: ${reason}.`;
      }
    }
    timer = setTimeout(keepUp, pause);
  }

  document.addEventListener("visibilitychange", () => document.hidden || keepUp());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  new ResizeObserver(paint).observe(picture);
  keepUp();
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
