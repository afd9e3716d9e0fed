// Building elements, and the icons (drawn for this page).

const SHAPES = {
  send: "M4 12 20 4l-5 16-4-7zM11 13l9-9",
  mic: "M12 4a3 3 0 0 0-3 3v4a3 3 0 0 0 6 0V7a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v3",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  reply: "M10 7 5 12l5 5M5 12h8a6 6 0 0 1 6 6",
  edit: "M5 19l1-4L15.500 5.500l3 3L9 18z",
  trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  list: "M9 7h10M9 12h10M9 17h10M5 7h.01M5 12h.01M5 17h.01",
  pin: "M12 21s-6-6-6-11a6 6 0 0 1 12 0c0 5-6 11-6 11zM12 10h.01",
  file: "M7 3h7l4 4v14H7zM14 3v5h4",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M9 9h.01",
  card: "M4 6h16v12H4zM9 11a1.500 1.500 0 1 0 0-.01M6.500 15a2.500 2.500 0 0 1 5 0M14 10h4M14 14h4",
  poll: "M5 19V9M12 19V5M19 19v-7",
  swap: "M7 8h11l-3-3M17 16H6l3 3",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M5.600 18.400 7 17M17 7l1.400-1.400",
  moon: "M19 14.500A7.500 7.500 0 0 1 9.500 5 7.500 7.500 0 1 0 19 14.500z",
  wire: "M4 8h12l-3-3M20 16H8l3 3",
  in: "M5 12h13M13 7l5 5-5 5",
  out: "M19 12H6M11 7l-5 5 5 5",
  spark: "M12 4l1.800 6.200L20 12l-6.200 1.800L12 20l-1.800-6.200L4 12l6.200-1.800z",
  clock: "M12 7v5l3 2M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16",
  tick: "M5 13l4 4L18 7",
  ticks: "M2 13l4 4L15 7M11 15l2 2L22 7",
  alert: "M12 8v5M12 16h.01M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16",
  forward: "M14 7l5 5-5 5M19 12h-8a6 6 0 0 0-6 6",
};

export function icon(name, size = 20) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function iconButton(name, label, onclick, more = {}) {
  return h("button", { type: "button", class: "round", "aria-label": label, title: label, onclick, ...more }, icon(name));
}
