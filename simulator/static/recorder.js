// Voice notes: OGG/Opus where the browser can, otherwise the next best that WhatsApp knows.

const TYPES = ["audio/ogg;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/webm;codecs=opus"];

export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia) && typeof MediaRecorder === "function";
}

export async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const type = TYPES.find((candidate) => MediaRecorder.isTypeSupported(candidate));
  const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 32_000 } : {});
  const chunks = [];
  recorder.addEventListener("dataavailable", (event) => chunks.push(event.data));
  recorder.start();
  const began = performance.now();
  return {
    seconds: () => Math.floor((performance.now() - began) / 1000),
    stop: () =>
      new Promise((resolve) => {
        recorder.addEventListener("stop", () => {
          for (const track of stream.getTracks()) track.stop();
          // "audio/ogg;codecs=opus" as WhatsApp writes it has a space before the parameter.
          resolve(new Blob(chunks, { type: recorder.mimeType.replace(/;\s*/, "; ") }));
        });
        recorder.stop();
      }),
  };
}
