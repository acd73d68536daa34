// Records with MediaRecorder in any browser. Bytes come in and go out as base64.

const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const SILENCE = 0.3; // seconds before and after what is played: recorders need a moment

/** Play a WAV to one recorder of each type, all at once; resolves with what each wrote. */
async function recordPlayback({ wav, rate, types }) {
  const context = new AudioContext({ sampleRate: rate });
  const stream = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  const buffer = await context.decodeAudioData(fromBase64(wav));
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(stream);
  return record(stream.stream, types, () => {
    source.start(context.currentTime + SILENCE);
    return elapsed(context, SILENCE + buffer.duration + SILENCE);
  });
}

/** Listen to the microphone for some seconds with one recorder of each type, all at once. */
async function recordMicrophone({ seconds, types }) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: AS_IT_IS });
  return record(stream, types, () => elapsed(new AudioContext(), seconds));
}

/** Decode to samples of the first channel: 32 bit floats. */
async function decode({ bytes, rate }) {
  const sound = await new OfflineAudioContext(1, 1, rate).decodeAudioData(fromBase64(bytes));
  return toBase64(sound.getChannelData(0));
}

async function record(stream, types, perform) {
  const recorders = types.map((mimeType) => new MediaRecorder(stream, { mimeType }));
  const started = recorders.map((recorder) => happened(recorder, "start"));
  const written = recorders.map((recorder) => happened(recorder, "dataavailable"));
  for (const recorder of recorders) recorder.start();
  await Promise.all(started);
  await perform();
  for (const recorder of recorders) recorder.stop();
  const parts = (await Promise.all(written)).map(async ({ data }) => toBase64(await data.arrayBuffer()));
  return Promise.all(parts);
}

/** Wait by the clock of the sound: it stands still when a busy machine gives it no time. */
function elapsed(context, seconds) {
  const clock = new ConstantSourceNode(context, { offset: 0 });
  clock.connect(context.destination);
  clock.start();
  clock.stop(context.currentTime + seconds);
  return happened(clock, "ended");
}

function happened(target, name) {
  return new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, { once: true });
    target.addEventListener("error", ({ error }) => reject(error), { once: true });
  });
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

function toBase64(data) {
  const bytes = new Uint8Array(data.buffer ?? data);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
