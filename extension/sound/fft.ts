/** The discrete Fourier transform of `size` complex numbers, of any size. */
export interface Fft {
  /** Multiplications of one transform, about. */
  readonly operations: number;
  /** In place: X[k] = sum over i of x[i] exp(-2 pi j i k / size). */
  transform(re: Float64Array, im: Float64Array): void;
}

/** Real and imaginary parts. */
type Complex = readonly [Float64Array, Float64Array];

/** Stockham's way with the prime factors of the size (C. Van Loan, Computational Frameworks for the FFT, 1992): no digits to reverse. */
export function fft(size: number): Fft {
  const factors = primeFactors(size);
  const cos = Float64Array.from({ length: size }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sin = Float64Array.from({ length: size }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
  const otherRe = new Float64Array(size);
  const otherIm = new Float64Array(size);
  const pass = ([xr, xi]: Complex, [yr, yi]: Complex, radix: number, done: number): void => {
    const groups = size / radix / done;
    const step = size / radix;
    for (let j = 0; j < groups; j++) {
      for (let s = 0; s < radix; s++) {
        const twiddle = j * s * done;
        const to = (radix * j + s) * done;
        for (let k = 0; k < done; k++) {
          let re = 0;
          let im = 0;
          for (let q = 0, at = twiddle; q < radix; q++) {
            const c = cos[at]!;
            const d = sin[at]!;
            const a = xr[(j + q * groups) * done + k]!;
            const b = xi[(j + q * groups) * done + k]!;
            re += a * c - b * d;
            im += a * d + b * c;
            at += s * step;
            if (at >= size) at -= size;
          }
          yr[to + k] = re;
          yi[to + k] = im;
        }
      }
    }
  };
  return {
    operations: size * factors.reduce((sum, p) => sum + p, 0),
    transform: (re, im) => {
      let x: Complex = [re, im];
      let y: Complex = [otherRe, otherIm];
      let done = 1;
      for (const radix of factors) {
        pass(x, y, radix, done);
        [x, y] = [y, x];
        done *= radix;
      }
      if (x[0] !== re) {
        re.set(x[0]);
        im.set(x[1]);
      }
    },
  };
}

function primeFactors(n: number): number[] {
  const factors: number[] = [];
  for (let p = 2; p * p <= n; p++) {
    for (; n % p === 0; n /= p) factors.push(p);
  }
  return n > 1 ? [...factors, n] : factors;
}
