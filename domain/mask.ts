/** What stands for a secret that is kept; sent back, it means "as it was". */
export const MASK = '********';
