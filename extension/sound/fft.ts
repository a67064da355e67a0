/** The discrete Fourier transform of `size` complex numbers, of any size. */
export interface Fft {
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
  /** Sums of two with one turned: most sizes are powers of two, or nearly so. */
  const byTwo = ([xr, xi]: Complex, [yr, yi]: Complex, done: number): void => {
    const half = size / 2;
    for (let from = 0; from < half; from += done) {
      const c = cos[from]!;
      const d = sin[from]!;
      for (let k = from, to = 2 * from; k < from + done; k++, to++) {
        const [a, b] = [xr[k]!, xi[k]!];
        const re = a - xr[k + half]!;
        const im = b - xi[k + half]!;
        yr[to] = a + xr[k + half]!;
        yi[to] = b + xi[k + half]!;
        yr[to + done] = re * c - im * d;
        yi[to + done] = re * d + im * c;
      }
    }
  };
  const byAny = ([xr, xi]: Complex, [yr, yi]: Complex, radix: number, done: number): void => {
    const step = size / radix;
    for (let begin = 0; begin < step; begin += done) {
      for (let s = 0; s < radix; s++) {
        const to = radix * begin + s * done;
        yr.fill(0, to, to + done);
        yi.fill(0, to, to + done);
        for (let q = 0; q < radix; q++) {
          // all that this term is turned by: within the group, and by its place in the sum
          const turn = (begin * s + q * s * step) % size;
          const c = cos[turn]!;
          const d = sin[turn]!;
          for (let k = 0, from = begin + q * step; k < done; k++, from++) {
            const a = xr[from]!;
            const b = xi[from]!;
            yr[to + k]! += a * c - b * d;
            yi[to + k]! += a * d + b * c;
          }
        }
      }
    }
  };
  return {
    transform: (re, im) => {
      let x: Complex = [re, im];
      let y: Complex = [otherRe, otherIm];
      let done = 1;
      for (const radix of factors) {
        if (radix === 2) byTwo(x, y, done);
        else byAny(x, y, radix, done);
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

/** Multiplications of one transform, about. */
export function fftOperations(size: number): number {
  return size * primeFactors(size).reduce((sum, p) => sum + p, 0);
}

function primeFactors(n: number): number[] {
  const factors: number[] = [];
  for (let p = 2; p * p <= n; p++) {
    for (; n % p === 0; n /= p) factors.push(p);
  }
  return n > 1 ? [...factors, n] : factors;
}
