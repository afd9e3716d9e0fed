// Starts the page: loads what there is, then follows the live events.
import * as api from "./api.js";
import { icon } from "./dom.js";
import { Phone } from "./phone.js";
import { Wire } from "./wire.js";
import { World } from "./world.js";

const FIRST = [["+15550100001", "Ada"], ["+15550100002", "Grace"]];
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const byId = (id) => document.getElementById(id);
const phones = new Map();
const people = new Map();
let skew = 0;
let unseen = 0;

const now = () => new Date(Date.now() + skew);
const wire = new Wire(byId("wire"), (number) => people.get(number)?.name);
const world = new World(byId("world"), { toggle, isOpen: (number) => phones.has(number), failed });

async function failed(promise) {
  try {
    return await promise;
  } catch (error) {
    byId("link").textContent = error.message;
    return undefined;
  }
}

function highlight(wamid, scroll = false) {
  if (scroll) go("wire");
  wire.highlight(wamid, scroll);
}

async function open(number) {
  const person = people.get(number);
  if (!person || phones.has(number)) return;
  const phone = new Phone(person, { now, close: () => toggle(number), change: () => go("world"), highlight });
  phones.set(number, phone);
  byId("phones").append(phone.element);
  await phone.load();
  world.showPeople([...people.values()]);
}

async function toggle(number, only) {
  if (only === true && !people.has(number)) people.set(number, (await api.people()).find((person) => person.number === number));
  if (phones.has(number)) {
    if (phones.size === 1) return;
    phones.get(number).element.remove();
    phones.delete(number);
  } else {
    if (matchMedia("(max-width: 60rem)").matches) for (const [other, phone] of phones) { phone.element.remove(); phones.delete(other); }
    await open(number);
    go("chat");
  }
  world.showPeople([...people.values()]);
}

function go(tab) {
  document.body.dataset.tab = tab;
  for (const button of document.querySelectorAll("[data-goes]")) {
    if (button.dataset.goes === tab) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  if (tab === "wire") seen();
  if (tab === "wire") wire.toEnd();
}

function seen() {
  unseen = 0;
  byId("wire-new").hidden = true;
}

function theme(next) {
  const dark = next ?? (localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  document.documentElement.dataset.theme = dark;
  byId("theme").replaceChildren(icon(dark === "dark" ? "sun" : "moon"));
}

// One at a time: a reconnect while loading would draw everything twice.
let loading = Promise.resolve();
const load = () => (loading = loading.then(() => failed(loadAll())));

async function loadAll() {
  const state = await api.state();
  skew = new Date(state.now) - Date.now();
  const there = await api.people();
  people.clear();
  for (const person of there) people.set(person.number, person);
  if (!there.length) for (const [number, name] of FIRST) people.set(number, await api.describe(number, { name, time_zone: zone }));
  const { entries } = await api.log(Math.max(0, state.log - 200));
  wire.clear();
  for (const entry of entries) wire.add(entry);
  world.showFaults(await api.faults());
  world.showSettings(await api.settings());
  const wanted = phones.size ? [...phones.keys()] : [people.keys().next().value];
  for (const phone of phones.values()) phone.element.remove();
  phones.clear();
  for (const number of wanted) await open(number);
  if (!phones.size) await open(people.keys().next().value);
  world.showPeople([...people.values()]);
}

function follow() {
  const stream = new EventSource("/control/stream");
  const on = (name, act) => stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
  stream.addEventListener("open", () => { byId("link").textContent = "live"; byId("link").dataset.state = "live"; load(); });
  stream.addEventListener("error", () => { byId("link").textContent = "the simulator does not answer; trying again…"; byId("link").dataset.state = "down"; });
  on("message", (message) => phones.get(message.number)?.show(message));
  on("typing", ({ number, typing }) => phones.get(number)?.showTyping(typing));
  on("person", (person) => { people.set(person.number, person); phones.get(person.number)?.describe(person); world.showPeople([...people.values()]); });
  on("journal", (entry) => {
    wire.add(entry);
    if (document.body.dataset.tab === "wire" || matchMedia("(min-width: 60rem)").matches) return;
    unseen += 1;
    byId("wire-new").hidden = false;
    byId("wire-new").textContent = unseen > 99 ? "99+" : unseen;
  });
  on("faults", ({ on: switched }) => world.faultsChanged(switched));
  on("settings", (dials) => world.showSettings(dials));
  on("reset", load);
}

for (const button of document.querySelectorAll("[data-goes]")) button.addEventListener("click", () => go(button.dataset.goes));
byId("theme").addEventListener("click", () => {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", next);
  theme(next);
});
theme();
follow();
setInterval(() => { for (const phone of phones.values()) phone.tick(); }, 5000);
