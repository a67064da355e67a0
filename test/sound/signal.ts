/** A rising tone, a constant one and noise: what goldens.py has librosa and torchaudio compute with. */
export function signal(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, (_, n) => {
    // Numerical Recipes' ranqd1
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    const tones = 0.5 * Math.sin(n * 0.01 + n * n * 0.00005) + 0.2 * Math.sin(n * 0.7);
    return tones + 0.1 * (state / 2 ** 32 - 0.5);
  });
}
