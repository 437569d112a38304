/** Whether dotted version `a` comes before `b`; a missing part counts as 0. */
export function isOlder(a: string, b: string): boolean {
  const have = a.split('.').map(Number);
  for (const [index, wanted] of b.split('.').map(Number).entries()) {
    const part = have[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
