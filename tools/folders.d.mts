export const LAYERS: Readonly<Record<string, readonly string[]>>;
export const SOURCES: string[];
export const BESIDE: string[];
export const PURE: string[];
export const KNOWS_TEMPORAL: string[];
export const UNCOUNTED: string[];
