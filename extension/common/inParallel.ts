/**
 * Does work for each element of a list, for so many at a time. Once one has failed, no further is begun; what goes on is waited
 * for, so that nothing runs on behind the failure.
 *
 * @throws the first failure
 */
export async function inParallel<T>(
  list: readonly T[],
  most: number,
  work: (element: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    while (next < list.length && !hasFailed) {
      const index = next++;
      try {
        await work(list[index]!, index);
      } catch (e) {
        hasFailed = true;
        throw e;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(most, list.length) }, worker));
  const failed = ended.find((e) => e.status === 'rejected');
  if (failed) throw failed.reason;
}
