/** Encodes in its own thread, so that the page never stalls: takes `{ samples, rate }`, answers with the bytes. */
import { encodeFlac } from "./flac";

onmessage = ({ data }: MessageEvent<{ samples: Int16Array; rate: number }>) => {
  const bytes = encodeFlac(data.samples, data.rate).buffer;
  postMessage(bytes, { transfer: [bytes] });
};
