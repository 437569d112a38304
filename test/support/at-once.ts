/** Runs one piece of work per number below `count`, some at a time; results in their order. */
export async function atOnce<T>(
  count: number,
  work: (n: number) => Promise<T>,
  concurrency = 32,
): Promise<T[]> {
  const results: T[] = [];
  const numbers = Array.from({ length: count }, (_, n) => n).values();
  const workers = Array.from({ length: Math.min(concurrency, count) }, async () => {
    for (const n of numbers) results[n] = await work(n);
  });
  await Promise.all(workers);
  return results;
}
