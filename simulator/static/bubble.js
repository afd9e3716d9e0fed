// One message, as a phone shows it.
import { h, icon, iconButton } from "./dom.js";
import { clock, marked, summary } from "./format.js";

const STATES = {
  pending: ["clock", "Waiting for Hark"],
  sent: ["tick", "Sent"],
  delivered: ["ticks", "Delivered"],
  read: ["ticks", "Read"],
  failed: ["alert", "Not delivered"],
};

const file = (content) => (content.id ? `/control/media/${content.id}` : content.link);

function media(message) {
  const content = message[message.type];
  switch (message.type) {
    case "image":
      return h("img", { class: "photo", src: file(content), alt: content.caption || "Photo" });
    case "sticker":
      return h("img", { class: "sticker", src: file(content), alt: "Sticker" });
    case "audio":
      return h("audio", { controls: true, preload: "metadata", src: file(content), "aria-label": "Voice note" });
    case "video":
      return h("video", { class: "photo", controls: true, preload: "metadata", src: file(content) });
    case "document":
      return h("a", { class: "chip", href: file(content), target: "_blank", rel: "noopener" }, icon("file"), content.filename || "Document");
    case "location":
      return h("p", { class: "chip" }, icon("pin"), `${content.name ? `${content.name} · ` : ""}${content.latitude}, ${content.longitude}`);
    case "contacts":
      return h("p", { class: "chip" }, icon("card"), content.contacts.map((card) => card.name?.formatted_name ?? "Contact").join(", "));
    default:
      return null;
  }
}

function words(message) {
  const shown = message.rendered ?? {};
  const content = message[message.type] ?? {};
  if (message.rendered) {
    return [
      shown.header && h("strong", { class: "head" }, shown.header),
      h("p", { class: "text" }, ...marked(shown.body)),
      shown.footer && h("small", { class: "foot" }, shown.footer),
    ];
  }
  if (message.type === "interactive" && content.body) {
    return [
      content.header?.text && h("strong", { class: "head" }, content.header.text),
      h("p", { class: "text" }, ...marked(content.body.text)),
      content.footer && h("small", { class: "foot" }, content.footer.text),
    ];
  }
  return message.text_shown && message.type !== "location" ? [h("p", { class: "text" }, ...marked(message.text_shown))] : [];
}

function choices(message, tap, openList) {
  const content = message[message.type] ?? {};
  if (message.author !== "business") return null;
  let buttons = [];
  if (message.rendered?.buttons) {
    buttons = message.rendered.buttons.map((button) => [button.text, button.type === "QUICK_REPLY" ? () => tap(button.text) : null]);
  } else if (content.type === "button") {
    buttons = content.action.buttons.map(({ reply }) => [reply.title, () => tap(reply.id)]);
  } else if (content.type === "list") {
    buttons = [[content.action.button, () => openList(content.action), "list"]];
  } else if (content.type === "cta_url") {
    const { display_text, url } = content.action.parameters;
    return h("div", { class: "choices" }, h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, display_text));
  }
  if (!buttons.length) return null;
  return h(
    "div",
    { class: "choices" },
    buttons.map(([label, onclick, shape]) => h("button", { type: "button", onclick, disabled: !onclick }, shape && icon(shape, 18), label)),
  );
}

function foot(message, zone) {
  const own = message.author === "person";
  const [shape, says] = STATES[message.state];
  return h(
    "span",
    { class: "stamp" },
    message.edited && "edited ",
    h("time", { datetime: message.time }, clock(new Date(message.time), zone)),
    own && h("span", { class: `tick ${message.state}`, role: "img", "aria-label": says, title: says }, icon(shape, 16)),
  );
}

export function bubble(message, { zone, quoted, tap, openList, openMenu, jump }) {
  const own = message.author === "person";
  const deleted = message.revoked;
  const item = h(
    "li",
    { class: `message ${own ? "own" : "theirs"}${deleted ? " deleted" : ""}`, "data-wamid": message.wamid, "data-type": message.type, tabindex: "-1" },
    h(
      "div",
      { class: "bubble" },
      h("span", { class: "hidden" }, own ? "You: " : "Hark: "),
      message.forwarded && h("small", { class: "label" }, icon("forward", 14), "Forwarded"),
      message.type === "template" && h("small", { class: "label" }, "Template"),
      quoted && h("button", { type: "button", class: "quote", onclick: () => jump(quoted.wamid) }, h("b", {}, quoted.author === "person" ? "You" : "Hark"), h("span", {}, summary(quoted))),
      deleted ? h("p", { class: "text" }, own ? "You deleted this message" : "This message was deleted") : [media(message), ...words(message)],
      message.error && h("small", { class: "error" }, `${message.error.title} (${message.error.code})`),
      foot(message, zone),
      !deleted && iconButton("more", "What to do with this message", (event) => openMenu(message, event.currentTarget), { class: "round more", "aria-haspopup": "menu" }),
    ),
    !deleted && choices(message, tap, openList),
  );
  const reactions = Object.values(message.reactions ?? {});
  if (reactions.length) item.firstChild.append(h("span", { class: "reactions", "aria-label": `Reactions: ${reactions.join(" ")}` }, reactions.join("")));
  return item;
}
