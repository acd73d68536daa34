/** Fetches a clip to be heard: decoded once, for its picture, its voice and its level. */
import { type Hearing, hearing } from "../audio/hearing";
import { encodeWav } from "../audio/wav";

const RATE = 32_000; // of the clips that are delivered; others are resampled for the player

export interface Audible {
  /** What the player plays. */
  url: string;
  /** Null where the sound could not be looked at: a store that lets no page read it, for example. */
  hearing: Hearing | null;
}

/** Return the clip at its address, as loud as every other; as it is, if it can't be read. */
export async function audible(address: string): Promise<Audible> {
  try {
    const answer = await fetch(address);
    const bytes = await answer.arrayBuffer();
    const decoded = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
    const samples = decoded.getChannelData(0);
    const heard = hearing(scaled(samples, 1), RATE);
    const wav = encodeWav(scaled(samples, heard.gain), RATE);
    return { url: URL.createObjectURL(new Blob([wav], { type: "audio/wav" })), hearing: heard };
  } catch {
    return { url: address, hearing: null };
  }
}

function scaled(samples: Float32Array, gain: number): Int16Array<ArrayBuffer> {
  return Int16Array.from(samples, (value) => Math.max(-32768, Math.min(32767, Math.round(value * gain * 32768))));
}

/** Give back the memory of a clip that was judged. */
export function forget({ url }: Audible): void {
  if (url.startsWith("blob:")) URL.revokeObjectURL(url);
}
