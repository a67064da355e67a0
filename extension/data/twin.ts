/** Where people keep the labels of `x_test.npy`: in `y_test.npy` beside it. @returns undefined for names that do not begin with an x */
export function labelsFileOf(name: string): string | undefined {
  if (!/^x.*\.npy$/i.test(name)) return undefined;
  return (name.startsWith('x') ? 'y' : 'Y') + name.slice(1);
}
