/** Types of results only, in 32 bits: numbers, and positions that ArgMax or ArgMin found. */
export type WideType = 'int32' | 'index32';

export function isWide(type: string): type is WideType {
  return type === 'int32' || type === 'index32';
}
