/**
 * A small FLAC encoder for one channel of 16-bit samples: fixed predictors and partitioned Rice codes (RFC 9639).
 *
 * Lossless and a little larger than `flac -5`. Block size and rate are named by their table codes in each frame
 * header where a code exists: GStreamer, and so WebKitGTK, refuses the "see the file's header" codes.
 */
import { Bits, crc16, crc8 } from "./bits";

const BLOCK = 4096;
const MOST_PARTITIONS = 6;
const RATE_CODES: Record<number, number> = {
  88200: 1, 176400: 2, 192000: 3, 8000: 4, 16000: 5, 22050: 6, 24000: 7, 32000: 8, 44100: 9, 48000: 10, 96000: 11,
};

/** Return a whole FLAC file with those samples, bit for bit; `rate` is in Hz. */
export function encodeFlac(samples: Int16Array, rate: number): Uint8Array<ArrayBuffer> {
  const bits = new Bits(64 + samples.length * 2);
  streamInfo(bits, samples.length, rate);
  for (let start = 0, number = 0; start < samples.length; start += BLOCK, number++) {
    frame(bits, samples.subarray(start, start + BLOCK), number, rate);
  }
  return bits.done();
}

function streamInfo(bits: Bits, length: number, rate: number): void {
  for (const letter of "fLaC") bits.write(letter.charCodeAt(0), 8);
  bits.write(0x80, 8); // the last metadata block, kind 0
  bits.write(34, 24);
  bits.write(BLOCK, 16);
  bits.write(BLOCK, 16);
  bits.write(0, 24); // smallest and largest frame: not told
  bits.write(0, 24);
  bits.write(rate, 20);
  bits.write(0, 3); // one channel
  bits.write(15, 5); // 16 bits a sample
  bits.write(Math.floor(length / 2 ** 24), 12);
  bits.write(length % 2 ** 24, 24);
  for (let i = 0; i < 16; i++) bits.write(0, 8); // MD5: not told, each frame has its own checksum
}

function frame(bits: Bits, samples: Int16Array, number: number, rate: number): void {
  const start = bits.length;
  const rateCode = RATE_CODES[rate] ?? 0;
  bits.write(0xfff8, 16); // sync, fixed block size
  bits.write(samples.length === BLOCK ? 12 : 7, 4);
  bits.write(rateCode, 4);
  bits.write(0, 4); // one channel
  bits.write(4 << 1, 4); // 16 bits, reserved 0
  coded(bits, number);
  if (samples.length !== BLOCK) bits.write(samples.length - 1, 16);
  bits.write(crc8(bits.since(start)), 8);
  subframe(bits, samples);
  bits.align();
  bits.write(crc16(bits.since(start)), 16);
}

/** Write a frame number as UTF-8 would. */
function coded(bits: Bits, number: number): void {
  if (number < 0x80) return bits.write(number, 8);
  const more = number < 0x800 ? 1 : number < 0x10000 ? 2 : 3;
  bits.write(((0xff00 >> (more + 1)) & 0xff) | (number >> (6 * more)), 8);
  for (let i = more - 1; i >= 0; i--) bits.write(0x80 | ((number >> (6 * i)) & 0x3f), 8);
}

function subframe(bits: Bits, samples: Int16Array): void {
  const first = samples[0] ?? 0;
  if (samples.every((sample) => sample === first)) {
    bits.write(0, 8); // constant
    return bits.write(first & 0xffff, 16);
  }
  const { order, residual } = bestPrediction(samples);
  bits.write((8 + order) << 1, 8); // fixed predictor
  for (let i = 0; i < order; i++) bits.write((samples[i] ?? 0) & 0xffff, 16);
  rice(bits, residual, order, samples.length);
}

/** Try the five fixed predictors: each is the difference of the one before. */
function bestPrediction(samples: Int16Array): { order: number; residual: Int32Array } {
  let current: Int32Array = Int32Array.from(samples);
  let best = { order: 0, residual: current };
  let least = magnitude(current);
  for (let order = 1; order <= 4 && current.length > 1; order++) {
    const next = new Int32Array(current.length - 1);
    for (let i = 0; i < next.length; i++) next[i] = (current[i + 1] ?? 0) - (current[i] ?? 0);
    const sum = magnitude(next);
    if (sum < least) [least, best] = [sum, { order, residual: next }];
    current = next;
  }
  return best;
}

function magnitude(values: Int32Array): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value);
  return sum;
}

/** Write the residual in 2^p partitions, each with the Rice parameter that suits it, p chosen by estimated size. */
function rice(bits: Bits, residual: Int32Array, order: number, length: number): void {
  const folded = residual.map((value) => (value >= 0 ? 2 * value : -2 * value - 1));
  let best = plan(folded, order, length, 0);
  for (let p = 1; p <= MOST_PARTITIONS && length % 2 ** p === 0 && length >> p > 4; p++) {
    const other = plan(folded, order, length, p);
    if (other.size < best.size) best = other;
  }
  bits.write(0, 2); // four-bit parameters
  bits.write(best.p, 4);
  for (const { k, values } of best.parts) {
    bits.write(k, 4);
    for (const value of values) bits.rice(value, k);
  }
}

interface Plan {
  p: number;
  size: number;
  parts: { k: number; values: Int32Array }[];
}

function plan(folded: Int32Array, order: number, length: number, p: number): Plan {
  const made: Plan = { p, size: 0, parts: [] };
  for (let i = 0, from = 0; i < 2 ** p; i++) {
    const until = ((i + 1) * (length >> p)) - order;
    const values = folded.subarray(from, until);
    let sum = 0;
    for (const value of values) sum += value;
    const k = Math.min(14, Math.max(0, Math.floor(Math.log2((sum * 0.7) / values.length + 1))));
    made.size += 4 + values.length * (k + 1) + sum / 2 ** k;
    made.parts.push({ k, values });
    from = until;
  }
  return made;
}
