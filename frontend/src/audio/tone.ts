/** Wait until a screen reader has finished, then sound a short tone; resolves once it has died away. */
export async function cue(): Promise<void> {
  await pause(1500);
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: 660 });
  tone.connect(new GainNode(context, { gain: 0.15 })).connect(context.destination);
  tone.start();
  await pause(150);
  tone.stop();
  await context.close();
  await pause(250);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
