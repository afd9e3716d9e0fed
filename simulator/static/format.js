// Times in a person's zone, and text as a messenger shows it.
import { h } from "./dom.js";

const formats = new Map();

function format(zone, name, options) {
  const key = `${zone}/${name}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(undefined, { timeZone: zone, ...options }));
  return formats.get(key);
}

export const clock = (time, zone) => format(zone, "clock", { hour: "numeric", minute: "2-digit" }).format(time);
export const precise = (time) =>
  format(undefined, "precise", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" }).format(time);
export const dayKey = (time, zone) => format(zone, "key", { year: "numeric", month: "numeric", day: "numeric" }).format(time);

export function dayName(time, now, zone) {
  if (dayKey(time, zone) === dayKey(now, zone)) return "Today";
  if (dayKey(time, zone) === dayKey(new Date(now - 86_400_000), zone)) return "Yesterday";
  return format(zone, "day", { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(time);
}

export function pretty(number) {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return us ? `+1 ${us[1]} ${us[2]} ${us[3]}` : number;
}

export const initials = (name) => name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
export const hue = (text) => [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0) * 137) % 360, 7);

const MARKS = { "*": "strong", "_": "em", "~": "s" };
const PATTERN = /```([\s\S]+?)```|(?<=^|[\s(])([*_~])(\S(?:[^\n]*?\S)?)\2(?=$|[\s).,;:!?])|(https?:\/\/[^\s<]+[^\s<.,;:!?)])/g;

export function marked(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(PATTERN)) {
    nodes.push(text.slice(at, found.index));
    if (found[1]) nodes.push(h("code", {}, found[1]));
    else if (found[2]) nodes.push(h(MARKS[found[2]], {}, ...marked(found[3])));
    else nodes.push(h("a", { href: found[4], target: "_blank", rel: "noreferrer noopener" }, found[4]));
    at = found.index + found[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

const KINDS = { image: "Photo", audio: "Voice note", video: "Video", document: "Document", sticker: "Sticker", location: "Place", contacts: "Contact" };

export function summary(message) {
  if (message.revoked) return "Deleted message";
  return message.text_shown?.replace(/(^|\s)[*_~](\S[^\n]*?)[*_~](?=\s|$)/g, "$1$2") || KINDS[message.type] || message.type;
}
