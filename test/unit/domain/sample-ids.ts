/** Ids of the right shape for samples: `sampleUuid(7)` and `sampleUlid(7)` never collide with others. */
export const sampleUuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const sampleUlid = (n: number): string => String(n).padStart(26, '0');
